import type { MetricName, Tags } from '../metrics';
import type { Stat } from './stat';

/** Tags that a request carries; an objective about another would never see a sample. */
export const tagNames = ['phase', 'kind', 'size', 'model', 'family'] as const;
export type TagName = (typeof tagNames)[number];

/** What a figure must keep to, in its own unit: at least one of the first three stands there. */
export interface Limits {
  /** The measured value must be under it. */
  below?: number;
  /** The measured value must not be over it. Not for percentiles. */
  atMost?: number;
  /** The measured value must not be under it. */
  atLeast?: number;
  /** The good ends of the plan's ranges: a value beyond one is told, and never missed. */
  tell?: { above?: number; below?: number };
}

interface Judged extends Limits {
  name: string;
  /** Told as not judged, and no doubt, when the run has nothing that it is about (a model family, a page of the target). */
  ifRun: boolean;
  /** Where the figure comes from. */
  source: string;
}

/** One row of `thresholds/*.json` about a metric. */
export interface Objective extends Judged {
  metric: MetricName;
  stat: Stat;
  /** Only requests with these tags count. */
  tags: Tags;
  /** Every value of this tag must meet it, each for itself. */
  each?: TagName;
  /**
   * The phase that its tags name is judged as itself, and not as a sample of what the target does at other times: a spike
   * is one event, all of whose requests were measured.
   */
  whole?: boolean;
}

/** A row of `thresholds/*.json` about a finding of the script: its value, in the finding's own unit. */
export interface FindingObjective extends Judged {
  /** The finding's id. */
  finding: string;
}

export interface Objectives {
  row: string;
  objectives: Objective[];
  findings: FindingObjective[];
}
