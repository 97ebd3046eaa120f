import { note as keepText, notes as keptTexts } from 'k6/x/sse';
import type { AroundNote, PageNote } from '../monitor';
import type { Fact, FailureNote, GroupNote, RefreshNote, RequestNote, RestartNote, RungNote, TurnNote } from '../truth';
import type { TokenCount } from '../workload';

/** What a run writes down while it goes on, for its end: each kind with the form of its entries. */
export interface Entries {
  /** One request of the load (feature `withProviderRecord`). */
  request: RequestNote;
  /** A request that failed (feature `notingFailures`). */
  failure: FailureNote;
  /** A request of a group (feature `inGroups`). */
  group: GroupNote;
  /** A turn of a conversation (feature `inSessions`). */
  turn: TurnNote;
  /** One reading of a page of METRICS_URLS. */
  page: PageNote;
  /** One reading of a page before the load or after it (feature `readingAround`). */
  around: AroundNote;
  /** How the target was stopped and started again (feature `restarting`). */
  restart: RestartNote;
  /** A phase that has begun (feature `monitoring`), and how soon a request was on the target's page. */
  phase: string;
  refresh: RefreshNote;
  /** What the environment is (feature `knowingTheEnvironment`). */
  fact: Fact;
  /** The deployments, as `provider.deployments` names them, that a script has changed on the simulated provider. */
  changed: string[];
  /** A phase whose rate was set while the load went on (feature `searchingCapacity`). */
  rung: RungNote;
  /** How a model's target counts the tokens of our prompts (feature `withTokenCounts`). */
  tokens: TokenCount;
}

/** Writes an entry into the run's journal, which all VUs share. What no longer fits (64 MiB in all) is counted as lost. */
export function note<K extends keyof Entries>(kind: K, value: Entries[K]): void {
  keepText(kind, JSON.stringify(value));
}

/** The entries of one kind until now, in the order in which they were written, and how many of them were lost. */
export function notes<K extends keyof Entries>(kind: K): { kept: Entries[K][]; lost: number } {
  const { kept, lost } = keptTexts(kind);
  return { kept: kept.map((text) => JSON.parse(text) as Entries[K]), lost };
}
