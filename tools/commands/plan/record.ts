import type { RunRecord } from '../../../lib/summary';
import { reasonLine } from '../../../lib/verdict';
import { lineOf } from './lines';

type Verdict = RunRecord['verdict'];

/** What became of one script. */
export interface PlanEntry {
  script: string;
  /** Rows of the plan that it belongs to. */
  rows: string[];
  /** `open`: not run yet. `skipped`: the target cannot show what it looks for; `why` says what is missing. */
  state: 'open' | 'done' | 'skipped';
  why: string;
  /** Seconds of load that it was going to make. */
  load_s: number;
  /** The run's folder, within the plan's. */
  run: string | null;
  verdict: Verdict | null;
  reasons: string[];
  findings: string[];
  /** How many objectives were judged, and how many were not. */
  judged: number;
  not_judged: number;
  /** From its start to its end. */
  seconds: number | null;
  /** 2 and more: a run that the measuring machine disturbed was repeated. */
  tries: number;
}

/** plan.json: all runs of `npm run plan`, and what follows from them. Schema: `plan.schema.json`. */
export interface PlanRecord {
  schema: 1;
  plan_id: string;
  /** ISO 8601, UTC. */
  started_at: string;
  /** null: it has not ended; the same command goes on. */
  ended_at: string | null;
  target: string;
  /** `small`, `full`, or a share of the plan's rates; a share of its durations. */
  scale: string;
  time: number;
  /** What was chosen of the plan; empty: all. */
  only: string[];
  /** Parameters that were given, without values of what may be a secret. */
  parameters: { [name: string]: string };
  scripts: PlanEntry[];
  verdict: Verdict;
  reasons: string[];
}

/** A script that is to be run. */
export const openEntry = (script: string): PlanEntry => ({
  ...{ script, rows: [...lineOf(script).rows], state: 'open', why: '', load_s: 0, run: null, verdict: null },
  ...{ reasons: [], findings: [], judged: 0, not_judged: 0, seconds: null, tries: 0 },
});

/** What authenticates, and what may hold it. */
const mayBeSecret = /KEY|SECRET|PASSWORD|TOKEN(?!S)|HEADERS|BODY|COMMAND|CREDENTIAL/;

/** The parameters with `(not kept)` in place of every value that may be secret. */
export function withoutSecrets(parameters: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(parameters).map(([name, value]) => [name, mayBeSecret.test(name) ? '(not kept)' : value]),
  );
}

/**
 * The entry of a script that was run: its verdict, its reasons, and where its run is; `seconds` is how long it took.
 */
export function entryOf(entry: PlanEntry, run: RunRecord, folder: string, seconds: number, tries: number): PlanEntry {
  const judged = run.objectives.filter(({ state }) => state !== 'not judged').length;
  return {
    ...entry,
    state: 'done',
    run: folder,
    verdict: run.verdict,
    reasons: run.reasons.map(reasonLine),
    findings: run.findings.map(({ text }) => text),
    judged,
    not_judged: run.objectives.length - judged,
    seconds: Math.round(seconds),
    tries,
  };
}

/** FAIL is evidence, whatever else is lacking; a plan of which something is lacking says nothing of the whole. */
export function judged(scripts: readonly PlanEntry[]): Pick<PlanRecord, 'verdict' | 'reasons'> {
  const names = (some: readonly PlanEntry[]) => some.map(({ script }) => script).join(', ');
  const of = (verdict: Verdict) => scripts.filter((each) => each.state === 'done' && each.verdict === verdict);
  const open = scripts.filter(({ state }) => state === 'open');
  const failed = of('FAIL');
  const invalid = of('INVALID');
  const reasons = [
    ...(failed.length > 0 ? [`the target missed objectives of ${names(failed)}`] : []),
    ...(invalid.length > 0 ? [`the runs of ${names(invalid)} say nothing about the target`] : []),
    ...(open.length > 0 ? [`these scripts were not run: ${names(open)}`] : []),
  ];
  if (failed.length > 0) return { verdict: 'FAIL', reasons };
  if (reasons.length > 0) return { verdict: 'INVALID', reasons };
  if (of('PASS').length === 0)
    return { verdict: 'INVALID', reasons: ['no script was run: the target lacks something that each of them needs'] };
  return { verdict: 'PASS', reasons };
}

/** Exit codes of the contract: those of a run. */
export const exitCodes: Readonly<Record<Verdict, number>> = { PASS: 0, FAIL: 99, INVALID: 110 };
