import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Histogram } from 'k6/x/sse';
import type { MetricName } from '../../../lib/metrics';
import { emptyHistogram, quantile } from '../../../lib/statistics';
import { stats, type MetricReport, type TimelinePoint } from '../../../lib/measurements';
import type { RunRecord } from '../../../lib/summary';
import type { Series } from '../../programs/services/influxdb-client';
import { Gap } from './gap';
import { line, type Point } from './point';

const begin = Date.UTC(2026, 10, 25, 10);
const gamma = emptyHistogram().gamma;

function histogram(values: readonly number[], trend = true): Histogram {
  const buckets = new Map<number, number>();
  const bucketOf = (value: number) => Math.ceil(Math.log(value) / Math.log(gamma));
  if (trend) for (const value of values) buckets.set(bucketOf(value), (buckets.get(bucketOf(value)) ?? 0) + 1);
  return {
    ...emptyHistogram(),
    count: values.length,
    sum: values.reduce((sum, value) => sum + value, 0),
    min: Math.min(...values),
    max: Math.max(...values),
    buckets: [...buckets].sort(([a], [b]) => a - b).flat(),
  };
}

interface Sent {
  second: number;
  ttft: number;
  model: string;
  failed?: boolean;
}

/** A run of some seconds as run.json has it, of requests that end in the second in which they are sent. */
function runOf(sent: readonly Sent[], seconds: number): RunRecord {
  const metrics: Partial<Record<MetricName, MetricReport[]>> = {};
  const put = (metric: MetricName, tags: Record<string, string>, values: readonly number[], trend: boolean) => {
    if (values.length > 0)
      (metrics[metric] ??= []).push({
        tags,
        ...stats(histogram(values, trend)),
        sum: 0,
        histogram: histogram(values, trend),
      });
  };
  for (const model of new Set(sent.map((each) => each.model))) {
    const of = sent.filter((each) => each.model === model);
    put(
      'llm_started',
      { phase: 'load', model },
      of.map(() => 1),
      false,
    );
    for (const outcome of ['ok', 'http_5xx']) {
      const ended = of.filter(({ failed }) => (outcome === 'ok') !== (failed ?? false));
      put(
        'llm_finished',
        { phase: 'load', model, outcome },
        ended.map(() => 1),
        false,
      );
      put(
        'llm_stream_error',
        { phase: 'load', model, outcome },
        ended.map(() => (outcome === 'ok' ? 0 : 1)),
        false,
      );
      if (outcome === 'ok')
        put(
          'llm_ttft',
          { phase: 'load', model, outcome },
          ended.map(({ ttft }) => ttft),
          true,
        );
    }
  }
  const timeline = Array.from({ length: seconds }, (_, t_s): TimelinePoint => {
    const here = sent.filter(({ second }) => second === t_s);
    const good = here.filter(({ failed }) => !failed);
    return {
      t_s,
      seconds: 1,
      phase: 'load',
      started: here.length,
      ok: good.length,
      failed: here.length - good.length,
      in_flight: 3,
      ...(good.length > 0 ? { ttft: stats(histogram(good.map(({ ttft }) => ttft))) } : {}),
    };
  });
  const run: Partial<RunRecord> = {
    run_id: 'r',
    script: 'smoke',
    started_at: new Date(begin).toISOString(),
    duration_s: seconds,
    verdict: 'PASS',
    reasons: [],
    metrics,
    timeline,
    profile: {
      phases: [{ name: 'load', rate: 10, climbSeconds: 0, holdSeconds: seconds }],
      arrivals: 'constant',
      vus: 1,
      allowed_s: 1,
    },
    phases: [{ phase: 'load', start_s: 0, end_s: seconds, dropped: 0 } as RunRecord['phases'][number]],
  };
  return run as RunRecord;
}

/** The same as k6 would have stored it, but for some seconds. */
function seriesOf(sent: readonly Sent[], lostSeconds: readonly number[]): Series[] {
  return sent
    .filter(({ second }) => !lostSeconds.includes(second))
    .flatMap(({ second, ttft, model, failed }, i) => {
      const at = (begin + second * 1000 + (i % 900)) * 1e6;
      const tags = { run_id: 'r', script: 'smoke', scenario: 'load', phase: 'load', model, source: '' };
      const ended = { ...tags, outcome: failed ? 'http_5xx' : 'ok' };
      const series = (name: string, of: Record<string, string>, value: number): Series => ({
        name,
        tags: of,
        columns: ['time', 'value'],
        values: [[at, value]],
      });
      return [
        series('llm_started', tags, 1),
        series('llm_finished', ended, 1),
        series('llm_stream_error', ended, failed ? 1 : 0),
        series('llm_in_flight', { run_id: 'r' }, 3),
        ...(failed ? [] : [series('llm_ttft', ended, ttft)]),
      ];
    });
}

// 10 seconds with 20 requests each: the first token takes 100 to 119 ms, from second 5 on 300 ms more; a tenth fails,
// all of them in second 6.
const sent: Sent[] = Array.from({ length: 200 }, (_, i) => {
  const second = Math.floor(i / 20);
  return {
    second,
    ttft: 100 + (i % 20) + (second >= 5 ? 300 : 0),
    model: i % 4 === 0 ? 'b' : 'a',
    failed: second === 6,
  };
});

function filled(lost: readonly number[], run = runOf(sent, 10), more: readonly Point[] = []): Point[] {
  const gap = new Gap(run);
  for (const series of seriesOf(sent, lost)) gap.add(series);
  for (const { measurement, tags, value, time } of more)
    gap.add({ name: measurement, tags: { ...tags }, columns: ['time', 'value'], values: [[Number(time), value]] });
  return [...gap.points()];
}

const secondOf = ({ time }: Point) => Math.floor((Number(time) / 1e6 - begin) / 1000);
const only = (points: readonly Point[], name: string) => points.filter(({ measurement }) => measurement === name);

test('what is filled in has the counts, the tags and the values of what was lost, in the seconds of the loss', () => {
  const points = filled([4, 5, 6]);
  assert.deepEqual([...new Set(only(points, 'llm_started').map(secondOf))].sort(), [4, 5, 6]);
  assert.equal(only(points, 'llm_started').length, 60);
  assert.equal(only(points, 'llm_started').filter(({ tags }) => tags.model === 'b').length, 15);
  const ended = only(points, 'llm_finished');
  assert.deepEqual(
    ended.filter(({ tags }) => tags.outcome === 'http_5xx').map(secondOf),
    Array.from({ length: 20 }, () => 6),
    'failures where they were',
  );
  assert.deepEqual(
    only(points, 'llm_stream_error')
      .map(({ value }) => value)
      .sort(),
    [...Array.from({ length: 40 }, () => 0), ...Array.from({ length: 20 }, () => 1)],
  );
  const ttft = (second: number) =>
    only(points, 'llm_ttft')
      .filter((point) => secondOf(point) === second)
      .map(({ value }) => value)
      .sort((a, b) => a - b);
  assert.deepEqual(
    [4, 5, 6].map((second) => ttft(second).length),
    [20, 20, 0],
  );
  assert.ok(Math.abs(ttft(4)[0]! / 100 - 1) < 0.006 && Math.abs(ttft(4)[19]! / 119 - 1) < 0.006, String(ttft(4)));
  assert.ok(
    Math.abs(ttft(5)[0]! / 400 - 1) < 0.006 && Math.abs(ttft(5)[19]! / 419 - 1) < 0.006,
    'the slow ones are in the slow second',
  );
  for (const { tags } of points)
    assert.deepEqual([tags.source, tags.run_id, tags.script, tags.scenario], ['run.json', 'r', 'smoke', 'load']);
  assert.equal(
    new Set(points.map((point) => line(point).replace(/ value=\S+ /, ' '))).size,
    points.length,
    'no point writes over another',
  );
});

test('with what was filled in nothing is missing any more; a part of it, and only the rest is', () => {
  const all = filled([4, 5]);
  assert.deepEqual(filled([4, 5], undefined, all), []);
  const half = all.filter((_, i) => i % 2 === 0);
  const rest = filled([4, 5], undefined, half);
  for (const name of ['llm_started', 'llm_finished', 'llm_ttft'])
    assert.equal(only(half, name).length + only(rest, name).length, 40, name);
  const taken = new Set(half.map((point) => line(point).replace(/ value=\S+ /, ' ')));
  assert.ok(
    rest.every((point) => !taken.has(line(point).replace(/ value=\S+ /, ' '))),
    'nor does it write over the first part',
  );
});

test('a run that InfluxDB has nothing of is filled in whole, with its verdict; one that it has all of, with the verdict alone', () => {
  const points = [...new Gap(runOf(sent, 10)).points()];
  assert.deepEqual(
    ['llm_started', 'llm_ttft', 'llm_verdict', 'llm_in_flight', 'llm_wanted_rate'].map(
      (name) => only(points, name).length,
    ),
    [200, 180, 1, 20, 20],
  );
  assert.deepEqual(only(points, 'llm_verdict')[0]!.tags.verdict, 'PASS');
  assert.equal(
    quantile(histogram(only(points, 'llm_ttft').map(({ value }) => value)), 0.95),
    quantile(histogram(sent.filter(({ failed }) => !failed).map(({ ttft }) => ttft)), 0.95),
  );
  assert.deepEqual(
    filled([]).map(({ measurement }) => measurement),
    ['llm_verdict'],
  );
});

test("readings of the target's pages are filled in from the timeline, where none is stored", () => {
  const run = runOf(sent, 10);
  for (const second of [2, 7])
    run.timeline[second]!.resources = { gateway: { target_memory: 1e6 * second, target_files: 20 } };
  run.metrics.target_memory = [
    { tags: { target: 'gateway' }, ...stats(histogram([2e6, 7e6])), sum: 9e6, histogram: histogram([2e6, 7e6]) },
  ];
  const at = BigInt(begin + 3003) * 1_000_000n;
  const stored: Point = {
    measurement: 'target_memory',
    tags: { target: 'gateway', run_id: 'r' },
    value: 2e6,
    time: at,
  };
  const points = filled([], run, [stored]).filter(({ measurement }) => measurement.startsWith('target_'));
  assert.deepEqual(
    points.map((point) => [point.measurement, point.tags.target, point.tags.scenario, secondOf(point), point.value]),
    [
      ['target_files', 'gateway', 'monitor', 2, 20],
      ['target_memory', 'gateway', 'monitor', 7, 7e6],
      ['target_files', 'gateway', 'monitor', 7, 20],
    ],
  );
  assert.deepEqual(
    filled([], run, [stored, ...points]).filter(({ measurement }) => measurement.startsWith('target_')),
    [],
  );
});

test('a refused run without a load has but its verdict to fill in', () => {
  const run = { ...runOf([], 0), verdict: 'INVALID' } as RunRecord;
  assert.deepEqual(
    [...new Gap(run).points()].map(({ measurement, value }) => [measurement, value]),
    [['llm_verdict', 1]],
  );
});
