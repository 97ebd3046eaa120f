import type { Tags } from '../../../lib/metrics';

/** A point of InfluxDB. */
export interface Point {
  measurement: string;
  tags: Tags;
  value: number;
  /** ns since the epoch. */
  time: bigint;
}

/** On every point that is filled in. */
export const sourceTag = { source: 'run.json' } as const;

/** What ends a line, and what no name needs. */
const inOneLine = (text: string) => text.replace(/[\u0000-\u001f\u007f]/g, '?');

/** A text in InfluxQL, with its quotes: a backslash in it escapes nothing, a quote ends nothing. */
export const quoted = (text: string) => `'${inOneLine(text).replace(/[\\']/g, '\\$&')}'`;

/** A name in InfluxQL, with its quotes. */
export const identifier = (text: string) => `"${inOneLine(text).replace(/[\\"]/g, '\\$&')}"`;

/** A point in InfluxDB's line protocol. A line break would begin another point, and a backslash at an end join the next part. */
export function line({ measurement, tags, value, time }: Point): string {
  const escaped = (text: string, of: RegExp) => inOneLine(text).replace(/\\+$/, '?').replace(of, '\\$&');
  const set = Object.entries(tags)
    .filter(([, text]) => text !== '')
    .sort(([a], [b]) => (a < b ? -1 : 1));
  return `${[escaped(measurement, /[, ]/g), ...set.map(([tag, text]) => `${escaped(tag, /[,= ]/g)}=${escaped(text, /[,= ]/g)}`)].join(',')} value=${value} ${time}`;
}
