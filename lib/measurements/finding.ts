import { fewFor, intervalOf } from '../statistics';

/** What a script says of its run beside the objectives: a value with its unit, and a sentence. */
export interface Finding {
  /** What it is, by a name that objectives use: `time-to-switch`. */
  id: string;
  /** Which of several of that id: the models that are compared. */
  of?: string;
  value: number | null;
  unit: string;
  text: string;
  /** There is no value because the target never did it: an objective about this finding is missed, not unjudged. */
  missed?: boolean;
  /** Samples behind the value, and its 95 % interval. */
  n?: number;
  interval?: [number, number];
  /** The samples are so few that all of them may lie beyond a limit by chance: then the value is not judged as missed. */
  few?: true;
  table?: { head: string[]; rows: string[][] };
}

/**
 * What a finding says of the ascending values of which its value is the q-quantile: how many there are, the interval, and
 * whether they are too few for a limit to be missed.
 */
export const ofQuantile = (sorted: readonly number[], q: number): Pick<Finding, 'n' | 'interval' | 'few'> => ({
  n: sorted.length,
  interval: intervalOf(sorted, q),
  ...(fewFor(q, sorted.length) ? { few: true } : {}),
});
