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

/** A point in InfluxDB's line protocol. */
export function line({ measurement, tags, value, time }: Point): string {
  const escaped = (text: string, of: RegExp) => text.replace(of, '\\$&');
  const set = Object.entries(tags)
    .filter(([, text]) => text !== '')
    .sort(([a], [b]) => (a < b ? -1 : 1));
  return `${[escaped(measurement, /[, ]/g), ...set.map(([tag, text]) => `${escaped(tag, /[,= ]/g)}=${escaped(text, /[,= ]/g)}`)].join(',')} value=${value} ${time}`;
}
