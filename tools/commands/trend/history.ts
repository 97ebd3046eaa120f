import type { Tags } from '../../../lib/metrics';

/** What `npm run trend -- --format json` writes. Schema: `trend.schema.json`; a test compares the two. */
export interface History {
  schema: 1;
  /** Runs of one script with the same load, parameters and machine, and each figure over them. */
  series: Series[];
  /** Files that could not be used, and why. */
  left_out: { file: string; why: string }[];
  /** Changes up to this share of the level before are told as none; for shares of requests, so many of them. */
  threshold: number;
  threshold_share: number;
}

export interface Series {
  script: string;
  /** What the runs have in common, in words: load and machine. */
  of: string;
  name: string;
  metric: string;
  stat: string;
  tags: Tags;
  unit: string;
  better: 'lower' | 'higher';
  role: 'objective' | 'main' | 'detail';
  /** The objective's limit. */
  target?: string;
  /** In order of time. */
  points: Point[];
  changes: Change[];
  /** Runs that are lacking before a change could be told. */
  lacking: number;
}

export interface Point {
  run_id: string;
  file: string;
  started_at: string;
  commit: string;
  value: number;
  /** 95 %, for this run alone; an end is null where it is open. */
  interval: [number | null, number | null];
  verdict: string;
}

export interface Change {
  /** The first run of the new level, and its place among the points. */
  run_id: string;
  index: number;
  /** Medians of the levels before and after. */
  before: number;
  after: number;
  /** after / before - 1; null where before is 0. */
  relative: number | null;
  p: number;
  verdict: 'better' | 'worse';
}
