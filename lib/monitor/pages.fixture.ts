import type { TimelinePoint } from '../measurements';
import type { PageNote } from './report';

/** What METRICS_URLS names. */
export const pages = [
  { name: 'gateway', url: 'http://g/metrics' },
  { name: 'db', url: 'http://d/metrics' },
];
/** A timeline of 10 s slots. */
export const slots = (n: number): TimelinePoint[] =>
  Array.from({ length: n }, (_, i) => ({
    t_s: i * 10,
    seconds: 10,
    phase: 'load',
    started: 100,
    ok: 100,
    failed: 0,
    in_flight: 0,
  }));
/** Readings of a page, one every 10 s. */
export const notesOf = (
  page: string,
  n: number,
  values: (i: number) => PageNote['values'],
  more: Partial<PageNote> = {},
): PageNote[] => Array.from({ length: n }, (_, i) => ({ page, at: 1e12 + i * 10_000, values: values(i), ...more }));
