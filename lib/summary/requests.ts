import type { RequestEntry } from 'k6/x/sse';

/** run.json's note of the file of single requests (REQUESTS). */
export interface RequestsReport {
  /** Its name, beside run.json. */
  file: string;
  which: 'all' | 'sample' | 'failed';
  /** Of a sample: one of so many requests was drawn. */
  one_in: number;
  /** Lines in it, and requests that had no room: the file has a bound, and the disk may be too slow. */
  kept: number;
  left_out: number;
  /** The slowest of those in it, at most 20, the slowest first: its lines. */
  slowest?: RequestEntry[];
  /** Why the file ended early; absent when it did not. */
  error?: string;
}

/** The table's line. */
export function requestsText({ file, which, one_in, kept, left_out, error }: RequestsReport, folder: string): string {
  const drawn =
    which === 'sample' && one_in > 1 ? `, one of ${one_in}` : which === 'failed' ? ', those that failed' : '';
  const lost = left_out > 0 ? `; ${left_out} more had no room` : '';
  return `${folder ? `${folder}/` : ''}${file}: ${kept} requests${drawn}${lost}${error ? `; it ended early: ${error}` : ''}`;
}
