import type { Tags } from '../../../lib/metrics';

/** What a comparison of two sides says of one figure, or of all. */
export type CompareVerdict = 'better' | 'worse' | 'no difference shown' | 'too little evidence' | 'not comparable';

/** What `npm run compare -- --format json` writes. Schema: `compare.schema.json`; a test compares the two. */
export interface Comparison {
  schema: 1;
  verdict: CompareVerdict;
  /** Why, in words: the figures that are worse, what there is too little of, what differs between the sides. */
  reasons: string[];
  /** What a reader should know besides. */
  notes: string[];
  base: SideReport;
  new: SideReport;
  settings: Settings;
  figures: FigureReport[];
}

export interface Settings {
  /** Chance of calling any figure worse or better though nothing differs. */
  alpha: number;
  /** A difference must be larger than this share of the base's value to be called worse or better. */
  threshold: number;
  /** The same for shares (errors, goodput): a difference of shares, 0.005 is half a percentage point. */
  threshold_share: number;
  /** The difference that a run should be able to show: a share of the base's value, and for shares as above. */
  effect: number;
  effect_share: number;
  /** How p-values are corrected for the number of figures. */
  correction: string;
}

export interface SideReport {
  runs: RunReport[];
  commit: string;
  target: string;
}

export interface RunReport {
  file: string;
  run_id: string;
  started_at: string;
  duration_s: number;
  verdict: string;
}

/** One figure on both sides. */
export interface FigureReport {
  /** The objective's name, or the metric in words. */
  name: string;
  metric: string;
  stat: string;
  tags: Tags;
  unit: string;
  better: 'lower' | 'higher';
  /** `objective` and `main` figures decide; the others are details, which share a fifth of alpha. */
  role: 'objective' | 'main' | 'detail';
  verdict: CompareVerdict;
  /** Why it is this verdict, in words. */
  text: string;
  base: number | null;
  new: number | null;
  /** Values on each side. */
  n: [number, number];
  /**
   * new - base, with its 95 % interval for this figure alone; an end is null where the interval is open, and the whole
   * where none can be relied on.
   */
  difference: number | null;
  interval: [number | null, number | null] | null;
  /** The same as a share of the base's value; null where that is 0. */
  relative: number | null;
  relative_interval: [number | null, number | null] | null;
  /** Corrected for the number of figures; null where no test could be made. */
  p: number | null;
  /** The smallest difference that these runs would have shown 95 times in 100, in the figure's unit; null: none. */
  smallest: number | null;
  /** How long each run must be to show the wanted effect 95 times in 100, seconds; null where that cannot be worked out. */
  seconds_needed: number | null;
  /** Of an objective: its limit, and what it was on each side. */
  objective?: { target: string; base: string; new: string };
}
