import type { Histogram, Instrument, PhaseRow, Row, Snapshot } from 'k6/x/sse';
import { emptyHistogram } from '../metrics';
import type { Tags } from '../objectives';

/*
 * Snapshots for tests, built from plain values by the definition in xk6-sse/sse.d.ts.
 */

/** A histogram of `values`, with exact counts below `bounds`. */
export function histogramOf(values: readonly number[], bounds: readonly number[] = []): Histogram {
  const h = emptyHistogram();
  if (values.length === 0) return h;
  const counts = new Map<number, number>();
  for (const value of values) {
    if (value <= 1e-6) h.zero++;
    else {
      const index = Math.ceil(Math.log(value) / Math.log(h.gamma));
      counts.set(index, (counts.get(index) ?? 0) + 1);
    }
  }
  h.count = values.length;
  h.sum = values.reduce((sum, value) => sum + value, 0);
  h.min = values.reduce((low, value) => Math.min(low, value), Infinity);
  h.max = values.reduce((high, value) => Math.max(high, value), -Infinity);
  for (const index of [...counts.keys()].sort((a, b) => a - b)) h.buckets.push(index, counts.get(index)!);
  for (const bound of bounds) h.below[String(bound)] = values.filter((value) => value < bound).length;
  return h;
}

export function row(metric: string, tags: Tags, values: readonly number[], bounds: readonly number[] = []): Row {
  return { metric, tags: { ...tags }, histogram: histogramOf(values, bounds) };
}

export function phaseRow(phase: string, given: Partial<PhaseRow> = {}): PhaseRow {
  return { phase, start: 0, end: 60_000, due: 1000, handed: 1000, dropped: 0, waited: 0, maxInFlight: 20, ...given };
}

const instrument: Instrument = {
  clock: 'kernel',
  clockReason: '',
  poller: 'epoll',
  timer: 'timerfd',
  readClock: { http2: 0, gzip: 0 },
  wake: histogramOf([0.1, 0.2, 0.3]),
  readDelay: histogramOf([0.05]),
  contentEvents: 1000,
  contentReads: 1000,
  lateShared: 0,
  cpuSeconds: 10,
  wallSeconds: 60,
  cpus: 2,
  cpuPeak: 0.2,
  maxRssBytes: 1e8,
  goroutines: 10,
};

/** A sound run of 1000 requests that all went well, but for what is given. */
export function soundSnapshot(
  given: Partial<Omit<Snapshot, 'instrument'>> & { instrument?: Partial<Instrument> } = {},
): Snapshot {
  return {
    startedAt: 1_790_000_000_000,
    elapsed: 60_000,
    started: 1000,
    finished: 1000,
    failed: 0,
    interrupted: 0,
    open: 0,
    lost: 0,
    scriptErrors: 0,
    firstScriptErrors: [],
    refusedValues: 0,
    signal: '',
    rows: [
      row('llm_stream_error', { phase: 'load', kind: 'chat' }, Array<number>(1000).fill(0)),
      row(
        'llm_ttft',
        { phase: 'load', kind: 'chat' },
        Array.from({ length: 1000 }, (_, i) => 200 + i / 10),
        [500],
      ),
    ],
    outcomes: [{ tags: { phase: 'load', kind: 'chat' }, outcome: 'ok', count: 1000 }],
    phases: [phaseRow('load')],
    timeline: [],
    ...given,
    instrument: { ...instrument, ...given.instrument },
  };
}
