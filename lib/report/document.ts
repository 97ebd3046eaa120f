/*
 * A report as what it says, without how it looks: sections of texts, tables and charts. The page draws it
 * (report/), and the other formats (tools/commands/report) write the same out.
 */

export type Cell = string | number | null;

export interface TextBlock {
  kind: 'text';
  text: string;
}

export interface TableBlock {
  kind: 'table';
  title?: string;
  head: string[];
  rows: Cell[][];
  /** A state for each row, as 'missed': its first cell shows it. */
  states?: string[];
  /** How strongly each cell is shaded, 0 (not at all) to 4: a matrix is a picture and a table at once. */
  shades?: number[][];
  /** An address for the first cell of each row, "" for none. Only http, https and files beside the page lead anywhere. */
  links?: string[];
}

/** What a line stands for: its colour and its stroke follow from it, the same in every chart. */
export type Role = 'median' | 'p95' | 'p99' | 'wanted' | 'sent' | 'ok' | 'failed' | 'load' | Group;
/** Groups that are compared in one chart: phases, kinds, models. */
export type Group = 'c1' | 'c2' | 'c3' | 'c4' | 'c5' | 'c6';
export const groupRoles: readonly Group[] = ['c1', 'c2', 'c3', 'c4', 'c5', 'c6'];

export interface Line {
  name: string;
  role: Role;
  /** One for each x; null is a hole. */
  values: (number | null)[];
  /** Dots without a line between them. */
  dots?: boolean;
  /** Filled down to zero. */
  area?: boolean;
  /** On the axis at the right, which has the unit `rightUnit`. */
  right?: boolean;
}

export interface Band {
  from: number;
  to: number;
  name: string;
}

export interface LinesBlock {
  kind: 'lines';
  title: string;
  unit: string;
  rightUnit?: string;
  /** `time`: seconds since the load began. `tail`: -log2(1 - share), so that each step is a tail half as thick. */
  x: { scale: 'time' | 'tail' | 'log' | 'linear'; name: string; values: number[] };
  lines: Line[];
  bands?: Band[];
  /** Lines at limits of objectives. */
  limits?: { value: number; name: string }[];
  logY?: boolean;
}

/** Counts by time and value; `cells` holds column, row, count in turn. */
export interface HeatBlock {
  kind: 'heat';
  title: string;
  unit: string;
  /** Seconds at which columns begin, and where the last one ends. */
  columns: number[];
  /** Values at which rows begin, and where the last one ends; each so many times the one before. */
  rows: number[];
  cells: number[];
}

/** Figures with their intervals and limits, each drawn on a scale of its own. */
export interface IntervalsBlock {
  kind: 'intervals';
  title: string;
  rows: {
    name: string;
    state: string;
    value: number;
    interval: [number, number] | null;
    limits: number[];
    /** As it is to be read, with unit. */
    text: string;
    wanted: string;
  }[];
}

export type Block = TextBlock | TableBlock | LinesBlock | HeatBlock | IntervalsBlock;

export interface Section {
  title: string;
  blocks: Block[];
  /** Closed until it is asked for. */
  aside?: boolean;
}

export interface Document {
  title: string;
  script: string;
  row: string;
  verdict: string;
  /** What the verdict means, a sentence. */
  meaning: string;
  reasons: string[];
  /** What was sent, to whom, and when: sentences. */
  sent: string[];
  figures: { name: string; value: string; wanted: string; state: string }[];
  /** The whole run in one chart; absent where nothing was sent. */
  picture?: LinesBlock;
  sections: Section[];
}

/** A paragraph. */
export const text = (said: string): TextBlock => ({ kind: 'text', text: said });

/** Four significant digits: what a chart can show, and no more bytes. */
export const brief = (value: number | null | undefined): number | null =>
  value === null || value === undefined || !Number.isFinite(value) ? null : Number(value.toPrecision(4));
