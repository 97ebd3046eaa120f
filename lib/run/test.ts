import type { Arrival, StreamRecord } from 'k6/x/sse';
import type { Calibration } from '../calibration';
import type { Parameters } from '../config';
import type { Prices } from '../cost';
import type { Context, FindingOf, FindingsOf, Observed } from '../findings';
import type { Load } from '../load';
import type { Objectives } from '../objectives';
import type { SentRequest } from '../truth';
import type { Call, Workload } from '../workload';
import type { Parts } from './parts';
import type { OwnPrompts, OwnTexts } from './prompts';
import type { Replay } from './trace';

/**
 * What a script says of itself: its name, what to load, and how to judge. Its row of the plan stands in the objectives'
 * file.
 */
export interface TestDef {
  script: string;
  /** Content of `thresholds/<script>.json`. */
  objectives: unknown;
  /** A function where parameters choose the phases; it may throw a {@link ParameterError}. */
  load: Load | ((p: Parameters) => Load);
  workload: Workload;
  findings?: readonly (FindingOf | FindingsOf)[];
  /** What this script does beside that: features.ts and provider-record.ts have them. */
  with?: readonly Feature[];
}

/**
 * One thing more that a script does beside loading, measuring and judging. Each hook is called at one point of a run,
 * in the order in which they are listed here. A feature has the hooks that it needs; where several features of a script
 * have the same one, they are called in the order of the script.
 */
export interface Feature {
  /**
   * Init context, when the parameters have been read and before the load is laid out: fills in what the user left out.
   * Throws a {@link ParameterError} about what does not fit.
   */
  parameters?(p: Parameters, test: { script: string; given: (name: string) => boolean }): void;
  /** Init context, when the load is laid out and before the users are worked out. */
  plan?(draft: Draft): void;
  /** setup(), when the preflight has let the target pass: finds out what the load needs to know of it. */
  readies?(context: Pick<Context, 'p'>): void;
  /** setup(), when the preflight has let the target pass: why the run cannot be made, as a sentence; "" when it can. */
  refused?(p: Parameters): string;
  /**
   * Once in the whole run, when a phase begins and before its first request is sent. The load stands still meanwhile: the
   * phase begins that much later.
   */
  phaseBegins?(phase: string, context: Context): void;
  /** For each arrival, before its call is drawn. */
  choose?(choice: Choice, context: Context): void;
  /** For each arrival: the call as it is to be sent. `id` is the request's own; `user`: which of this VU's, from 0. */
  shape?(call: Call, id: string, context: Context, arrival: Arrival, user: number): Call;
  /** For each answer, when it has been booked. */
  answered?(answer: StreamRecord, sent: SentRequest, context: Context): void;
  /** The same, and for how long its user rests then, ms. */
  rests?(answer: StreamRecord, sent: SentRequest, context: Context): number;
  /** teardown(), when the load is over or was stopped: takes back what phaseBegins did. */
  loadEnds?(context: Context): void;
  /**
   * teardown(), when what phaseBegins did was taken back: probes of the target, one after the other (`probe` of
   * lib/openai). They are neither counted nor booked.
   */
  afterwards?(context: Context): void;
  /** teardown(), before what was booked is counted: adds what only this feature knows of the run. */
  observe?(evidence: Evidence, context: Context): void;
}

/** One hook of all features of a test, in their order. */
export function hooks<K extends keyof Feature>({ with: features = [] }: TestDef, name: K): NonNullable<Feature[K]>[] {
  return features.flatMap((feature) => feature[name] ?? []);
}

/** How an arrival's call is drawn and which models may get it. */
export interface Choice {
  arrival: Arrival;
  /** Which of the seed's draws: arrivals with the same number get the same call. */
  draw: number;
  /** Taken in turn. */
  models: readonly string[];
  /** Which turn it is: it chooses the model and the key. */
  turn: number;
  /** Its place in its phase, from 0, with a feature that tells it. */
  place?: number;
}

/** What a feature knows of single requests, for findings; `doubts` says what is missing, in sentences. */
export interface Evidence
  extends Pick<
    Observed,
    | 'truth'
    | 'failures'
    | 'probes'
    | 'groups'
    | 'turns'
    | 'rungs'
    | 'around'
    | 'restarts'
    | 'refreshes'
    | 'traces'
    | 'facts'
    | 'record'
  > {
  requests: Observed['requests'];
  doubts: string[];
}

/** A plan before the users are worked out. */
export interface Draft {
  p: Parameters;
  load: Load;
  /** The script's, without what KINDS leaves out. */
  workload: Workload;
  /** How much longer the load is than the script has it (TIME_SCALE, DURATION). */
  stretch: number;
  objectives: Objectives;
  /** Time-outs of every request, ms; those of the parameters when left out. */
  timeouts?: { first: number; idle: number; total: number };
  /** Constant arrivals in groups of so many at the same instant. */
  burst?: number;
  /** What a load so small or short cannot show, and what can: told before the first request, in sentences. */
  cautions?: string[];
  /** The phases in which the target's pages are read; all when left out. */
  scraped?: (phase: string) => boolean;
  /** Users of a closed load rest between their requests (`rests`). */
  paced?: boolean;
  /** The script looks for the load at which the target breaks: load that was not delivered is no failure. */
  mayBreak?: boolean;
  /** A trace in place of the script's own load. */
  replay?: Replay;
}

/** What a run is going to do: worked out once in the init context, the same in every VU. */
export interface Plan extends Readonly<Draft> {
  /** Users without pause instead of arrivals at a rate. */
  closed: boolean;
  /** Users that the load is played by. */
  users: number;
  /** The longest that the objectives let a request take, seconds: what the users were worked out for. */
  allowed: number;
  /** Width of a slot of the timeline. */
  slotSeconds: number;
  prices: Prices;
  /** What is known of this machine's error; undefined when nothing is. */
  calibration?: Calibration;
  /** Prompts of the user's own, for all chats. */
  prompts?: OwnPrompts;
  /** Texts of the user's own, for all embeddings. */
  texts?: OwnTexts;
  /** This run sends nothing: it adds up the parts of a load that others sent. */
  parts?: Parts;
}
