import type { Instrument, PhaseRow, Row, Snapshot } from 'k6/x/sse';
import type { Tags } from '../metrics';
import { batchesOf } from '../statistics';
import { histogramOf } from '../statistics/histogram.fixture';

/*
 * Snapshots for tests, built from plain values by the definition in xk6-sse/sse.d.ts.
 */

export function row(metric: string, tags: Tags, values: readonly number[], bounds: readonly number[] = []): Row {
  return { metric, tags: { ...tags }, histogram: histogramOf(values, bounds) };
}

/** The same with when each value came, ms since the schedule's start. */
export function timedRow(
  metric: string,
  tags: Tags,
  values: readonly number[],
  at: readonly number[],
  bounds: readonly number[] = [],
): Row {
  return { ...row(metric, tags, values, bounds), batches: batchesOf(values, at, bounds) } as Row;
}

export function phaseRow(phase: string, given: Partial<PhaseRow> = {}): PhaseRow {
  return {
    phase,
    start: 0,
    end: 60_000,
    due: 1000,
    dispatched: 1000,
    dropped: 0,
    waited: 0,
    maxInFlight: 20,
    ...given,
  };
}

const instrument: Instrument = {
  clock: 'kernel',
  clockReason: '',
  poller: 'epoll',
  timer: 'timerfd',
  readClock: { http2: 0, gzip: 0, unix: 0 },
  lateness: histogramOf([0.1, 0.2, 0.3]),
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
  clockSteps: { count: 0, largest: 0 },
  faults: { count: 0, first: [] },
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
    remarks: [],
    failures: { samples: [], unlisted: 0, limits: [] },
    rows: [
      row('llm_stream_error', { phase: 'load', kind: 'chat' }, Array<number>(1000).fill(0)),
      ...['llm_ttft', 'llm_ttft_scheduled'].map((metric) =>
        row(
          metric,
          { phase: 'load', kind: 'chat' },
          Array.from({ length: 1000 }, (_, i) => 200 + i / 10),
          [500],
        ),
      ),
    ],
    outcomes: [{ tags: { phase: 'load', kind: 'chat' }, outcome: 'ok', count: 1000 }],
    phases: [phaseRow('load')],
    timeline: [],
    ...given,
    instrument: { ...instrument, ...given.instrument },
  };
}
