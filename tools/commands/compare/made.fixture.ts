import { stats, type MetricReport } from '../../../lib/measurements';
import { queue } from '../../../lib/statistics/queue.fixture';
import { batchesOf, random } from '../../../lib/statistics';
import { histogramOf } from '../../../lib/statistics/histogram.fixture';
import type { RunRecord } from '../../../lib/summary';
import { madeEnvironment } from '../../../lib/summary/record.fixture';
import type { RequestEntry } from 'k6/x/sse';

import type { ReadRun } from './judge';

/*
 * Runs made without a gateway: requests at random times wait behind one server that is busy half of the time, and what
 * they take beyond that varies as answers of a model do.
 */

export interface Made {
  seed: number;
  seconds: number;
  /** All times are multiplied by it. */
  slower?: number;
  /** Share of requests that fail. */
  errors?: number;
  /** Share of the time in which the server is busy. */
  load?: number;
  change?: (record: RunRecord) => void;
}

const perSecond = 10;

interface Ended {
  due: number;
  ttft: number;
  gaps: number[];
  failed: boolean;
  e2e: number;
}

/** The same run as a record of schema 1 has it once it is read: nothing but the timeline says when values came. */
export function older({ file, record }: ReadRun): ReadRun {
  const copy = structuredClone(record);
  for (const rows of Object.values(copy.metrics)) for (const row of rows) delete row.batches;
  return { file, record: copy };
}

function timelineOf(ended: readonly Ended[], seconds: number): RunRecord['timeline'] {
  return Array.from({ length: Math.ceil(seconds) }, (_, t) => {
    const here = ended.filter(({ due }) => Math.floor(due / 1000) === t);
    const well = here.filter(({ failed }) => !failed);
    const figures = (of: (each: Ended) => number) => (well.length > 0 ? stats(histogramOf(well.map(of))) : undefined);
    return {
      t_s: t,
      seconds: 1,
      phase: 'load',
      started: here.length,
      ok: well.length,
      failed: here.length - well.length,
      in_flight: 1,
      ttft: figures(({ ttft }) => ttft),
      e2e: figures(({ e2e }) => e2e),
    };
  });
}

const tags = { kind: 'chat', model: 'made', phase: 'load', size: 'medium' };

function endedOf({ seed, seconds, slower = 1, errors = 0.01, load = 0.5 }: Made): Ended[] {
  const service = (1000 * load) / perSecond;
  const { at, took } = queue({ load, service, seconds, seed });
  const { next } = random(seed, 1);
  const normal = () => Math.sqrt(-2 * Math.log(1 - next())) * Math.cos(2 * Math.PI * next());
  return at.map((due, i): Ended => {
    const ttft = slower * (took[i]! + 250 * Math.exp(0.2 * normal()));
    const gaps = Array.from({ length: 4 }, () => slower * 20 * Math.exp(0.3 * normal()));
    return { due, ttft, gaps, failed: next() < errors, e2e: ttft + 10 * gaps.reduce((sum, gap) => sum + gap, 0) };
  });
}

/** The lines of the run's file of single requests, and what run.json says of it. */
export function madeRequests(made: Made): { entries: RequestEntry[]; report: NonNullable<RunRecord['requests']> } {
  const entries = endedOf(made).map(
    ({ due, ttft, e2e, failed }): RequestEntry => ({
      due_ms: due,
      sent_ms: due,
      connect_ms: 0,
      ...(failed ? {} : { first_byte_ms: ttft / 2, ttft_ms: ttft, e2e_ms: e2e }),
      outcome: failed ? 'http_5xx' : 'ok',
      status: failed ? 503 : 200,
      tags,
    }),
  );
  return {
    entries,
    report: { file: 'requests.jsonl', which: 'all', one_in: 1, kept: entries.length, left_out: 0 },
  };
}

/** A run of schema 2, with stretches of time. */
export function madeRun(made: Made): ReadRun {
  const { seed, seconds, change } = made;
  const ended = endedOf(made);
  const well = ended.filter(({ failed }) => !failed);
  const row = (
    values: number[],
    due: number[],
    rowTags: MetricReport['tags'] = { ...tags, outcome: 'ok' },
  ): MetricReport => {
    const histogram = histogramOf(values, [500]);
    return {
      tags: rowTags,
      ...stats(histogram),
      sum: histogram.sum,
      histogram,
      batches: batchesOf(values, due, [500]),
    };
  };
  const dues = well.map(({ due }) => due);
  const rate = (value: 0 | 1, of: readonly Ended[]): MetricReport => {
    const values = of.map(() => value as number);
    const report = row(
      values,
      of.map(({ due }) => due),
      { ...tags, outcome: value ? 'http_5xx' : 'ok' },
    );
    report.histogram = { ...report.histogram!, buckets: [], zero: 0, below: {} };
    report.batches = { ...report.batches!, below: {}, buckets: report.batches!.count.map(() => []) };
    return report;
  };
  const failed = ended.filter((each) => each.failed);
  const record: RunRecord = {
    schema: 2,
    run_id: `made-${seed}`,
    script: 'made',
    row: 'made data',
    profile: {
      phases: [{ name: 'load', rate: perSecond, climbSeconds: 0, holdSeconds: seconds }],
      arrivals: 'poisson',
      vus: 50,
      allowed_s: 5,
    },
    started_at: '2026-01-01T00:00:00.000Z',
    duration_s: seconds,
    verdict: 'PASS',
    reasons: [],
    objectives: [],
    findings: [],
    notes: [],
    counts: { started: ended.length, finished: well.length, failed: failed.length, interrupted: 0 },
    outcomes: [],
    phases: [
      {
        phase: 'load',
        start_s: 0,
        end_s: seconds,
        wanted_rate: perSecond,
        sent_rate: perSecond,
        due: ended.length,
        sent: ended.length,
        dropped: 0,
        waited: 0,
        max_in_flight: 10,
        ok: well.length,
        failed: failed.length,
        outcomes: { ok: well.length },
      },
    ],
    metrics: {
      llm_ttft: [
        row(
          well.map(({ ttft }) => ttft),
          dues,
        ),
      ],
      llm_e2e: [
        row(
          well.map(({ e2e }) => e2e),
          dues,
        ),
      ],
      llm_inter_chunk: [
        row(
          well.flatMap(({ gaps }) => gaps),
          well.flatMap(({ due, gaps }) => gaps.map(() => due)),
        ),
      ],
      llm_stream_error: [rate(0, well), ...(failed.length > 0 ? [rate(1, failed)] : [])],
    },
    timeline: timelineOf(ended, seconds),
    instrument: {
      clock: 'kernel',
      clock_reason: '',
      poller: 'epoll',
      timer: 'timerfd',
      read_clock: { http2: 0, gzip: 0 },
      wake: stats(histogramOf([0.1])),
      read_delay: stats(histogramOf([0.1])),
      events_per_read: 1,
      cpu: 0.1,
      cpu_peak: 0.1,
      max_rss_bytes: 1e8,
      histogram_error: 0.0025,
      late_shared: 0,
      error: null,
    },
    environment: { ...madeEnvironment(), memory_bytes: 8e9 },
    cost: null,
  };
  change?.(record);
  return { file: `results/made-${seed}/run.json`, record };
}
