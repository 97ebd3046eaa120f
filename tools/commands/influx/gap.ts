import { gapSamples, isMetricName, metrics, type MetricName, type Tags } from '../../../lib/metrics';
import type { Stats } from '../../../lib/measurements';
import type { RunRecord } from '../../../lib/summary';
import type { Series } from '../../programs/services/influxdb-client';
import { apportion, between, lostValues, shortfall, shuffled, type Row } from './lost-values';
import { momentOf, moments, type Moment } from './moment';
import { sourceTag, type Point } from './point';
import { wantedRate } from './wanted-rate';

/*
 * What InfluxDB lacks of a run, worked out from run.json. run.json has each metric's whole histogram under each full
 * set of tags; less what is stored, that leaves how many values of which size (to 0.25 %) were lost. When they were
 * made is known to the second (or the 10 s) of the timeline: so many requests started, ended well and failed in it,
 * less what is stored; and for the times to first token and the response times, how they were spread in it. So counts
 * and tags of what is filled in are exact, values are those of the histogram, and the second in which each value lies
 * is a reconstruction.
 */

/** Read from the target's pages: no request has them, and the timeline tells when they were read. */
const ofTarget = (metric: string): boolean => metric.startsWith('target_');

/**
 * Metrics of which only a sample of each stream's values was ever sent (gapSamples), and one that has a value for each
 * such stream.
 */
const drawn: Partial<Record<MetricName, MetricName>> = {
  llm_inter_chunk: 'llm_ttft',
  llm_overhead_chunk: 'llm_overhead_ttft',
};
/** What the timeline has of a metric, slot by slot. */
const timelined: Partial<Record<MetricName, 'ttft' | 'ttft_scheduled' | 'e2e' | 'e2e_scheduled'>> = {
  llm_ttft: 'ttft',
  llm_ttft_scheduled: 'ttft_scheduled',
  llm_e2e: 'e2e',
  llm_e2e_scheduled: 'e2e_scheduled',
};

/** Takes in what InfluxDB has of a run, then says what it lacks. */
export class Gap {
  readonly #rows: Row[] = [];
  readonly #found = new Map<string, Row | undefined>();
  /** Points stored, by slot of the timeline. */
  readonly #stored: Record<Moment, number[]>;
  /** Seconds of the load in which its state was told. */
  readonly #pulses = new Set<number>();
  /** Readings of the target's pages: metric, page and slot. */
  readonly #readings = new Set<string>();
  readonly #begin: number;
  readonly #slotSeconds: number;
  #base: Tags | undefined;
  #verdicts = 0;
  #missed = 0;
  #dropped = 0;

  constructor(private readonly run: RunRecord) {
    this.#begin = Date.parse(run.started_at);
    this.#slotSeconds = run.timeline[0]?.seconds ?? 1;
    const empty = () => run.timeline.map(() => 0);
    this.#stored = { started: empty(), ok: empty(), failed: empty() };
    for (const [metric, reports] of Object.entries(run.metrics)) {
      if (!isMetricName(metric) || ofTarget(metric)) continue;
      for (const { tags, histogram } of reports) {
        if (histogram)
          this.#rows.push({
            metric,
            tags,
            whole: histogram,
            stored: { count: 0, sum: 0, zero: 0, buckets: new Map() },
          });
      }
    }
  }

  /** Takes in a series with its columns `time` (ns) and `value` and all its tags. */
  add({ name, tags = {}, columns, values }: Series): void {
    const [timeAt, valueAt] = [columns.indexOf('time'), columns.indexOf('value')];
    const points = values.map((row) => [Number(row[timeAt]), Number(row[valueAt])] as const);
    const sum = points.reduce((total, [, value]) => total + value, 0);
    if (name === 'llm_verdict') this.#verdicts += points.length;
    if (name === 'llm_objectives_missed') this.#missed += points.length;
    if (name === 'dropped_iterations') this.#dropped += sum;
    const count = (into: number[]) => {
      for (const [time] of points) into[this.#slotAt(time)]! += 1;
    };
    if (name === 'llm_in_flight')
      for (const [time] of points) this.#pulses.add(Math.floor((time / 1e6 - this.#begin) / 1000));
    if (ofTarget(name)) {
      // A reading is pushed a moment after it was noted, which may be in the next slot.
      for (const [time] of points)
        for (const at of [time, time - 50e6]) this.#readings.add(`${name} ${tags.target} ${this.#slotAt(at)}`);
    }
    const row = this.#rowOf(name, tags);
    if (!row) return;
    this.#base ??= Object.fromEntries(
      Object.entries(tags).filter(([tag, value]) => value !== '' && row.tags[tag] === undefined && tag !== 'source'),
    );
    if (name === 'llm_started') count(this.#stored.started);
    if (name === 'llm_finished') count(this.#stored[momentOf(row)]);
    row.stored.count += points.length;
    row.stored.sum += sum;
    if (metrics[row.metric].type !== 'trend') return;
    for (const [, value] of points) {
      if (value <= 1e-6) row.stored.zero++;
      else {
        const bucket = Math.ceil(Math.log(value) / Math.log(row.whole.gamma));
        row.stored.buckets.set(bucket, (row.stored.buckets.get(bucket) ?? 0) + 1);
      }
    }
  }

  /** The row whose tags a series has; the one with the most of them, where several fit. */
  #rowOf(name: string, tags: Tags): Row | undefined {
    const key = `${name} ${JSON.stringify(tags)}`;
    if (!this.#found.has(key)) {
      const fitting = this.#rows.filter(
        (row) => row.metric === name && Object.entries(row.tags).every(([tag, value]) => (tags[tag] ?? '') === value),
      );
      this.#found.set(key, fitting.sort((a, b) => Object.keys(b.tags).length - Object.keys(a.tags).length)[0]);
    }
    return this.#found.get(key);
  }

  #slotAt(ns: number): number {
    const slot = Math.floor((ns / 1e6 - this.#begin) / 1000 / this.#slotSeconds);
    return Math.min(Math.max(slot, 0), this.run.timeline.length - 1);
  }

  /** By slot, how many requests' starts and ends InfluxDB lacks. */
  missing(): Record<Moment, number[]> {
    const { timeline } = this.run;
    const of = (moment: Moment) =>
      shortfall(
        timeline.map((point) => point[moment]),
        this.#stored[moment],
      );
    return { started: of('started'), ok: of('ok'), failed: of('failed') };
  }

  /** All points that are missing. Filling them in and asking again gives none. */
  *points(): Generator<Point> {
    const { timeline } = this.run;
    if (timeline.length > 0) {
      const spread = this.#spread();
      for (const metric of Object.keys(this.run.metrics).filter(isMetricName)) {
        for (const [key, rows] of this.#groups(metric)) {
          const values = rows
            .flatMap((row) => this.#lost(row).map((value) => ({ row, value })))
            .sort((a, b) => a.value - b.value);
          if (values.length > 0) yield* this.#placed(metric, values, apportion(values.length, spread(key, rows[0]!)));
        }
      }
      yield* this.#pulse();
      yield* this.#pages();
    }
    yield* this.#once();
  }

  /** Rows that come about at the same time: of one phase, and of requests that start, end well, or fail. */
  #groups(metric: MetricName): Map<string, Row[]> {
    const groups = new Map<string, Row[]>();
    for (const row of this.#rows.filter((each) => each.metric === metric)) {
      const key = `${row.tags.phase ?? ''} ${momentOf(row)}`;
      groups.set(key, [...(groups.get(key) ?? []), row]);
    }
    return groups;
  }

  #lost(row: Row): number[] {
    const one = drawn[row.metric];
    if (one === undefined) return lostValues(row);
    // As many of the histogram's values as the lost streams would have sent.
    const streams = this.#rows.find(
      ({ metric, tags }) => metric === one && JSON.stringify(tags) === JSON.stringify(row.tags),
    );
    if (!streams || streams.whole.count === 0) return [];
    const lost = Math.max(0, streams.whole.count - streams.stored.count);
    const n = Math.round(lost * Math.min(gapSamples, row.whole.count / streams.whole.count));
    const all = lostValues({ ...row, stored: { count: 0, sum: 0, zero: 0, buckets: new Map() } });
    return Array.from({ length: n }, (_, i) => all[Math.floor(((i + 0.5) * all.length) / n)]!);
  }

  /** Where a group's values belong: weights by slot. Requests of an earlier phase end first. */
  #spread(): (key: string, row: Row) => number[] {
    const left = this.missing();
    const longest = Math.ceil((this.run.metrics.llm_e2e?.[0]?.max ?? 0) / 1000);
    const known = new Map<string, number[]>();
    const slots = this.run.timeline;
    for (const moment of moments) {
      const counted: MetricName = moment === 'started' ? 'llm_started' : 'llm_finished';
      for (const { phase, start_s, end_s } of this.run.phases.filter((each) => each.start_s >= 0)) {
        let n = this.#rows
          .filter((row) => row.metric === counted && row.tags.phase === phase && momentOf(row) === moment)
          .reduce((sum, { whole, stored }) => sum + Math.max(0, whole.count - stored.count), 0);
        const weights = slots.map(({ t_s, seconds }, i) => {
          if (t_s + seconds <= start_s || t_s > end_s + longest) return 0;
          const taken = Math.min(n, left[moment][i]!);
          left[moment][i]! -= taken;
          n -= taken;
          return taken;
        });
        known.set(`${phase} ${moment}`, weights);
      }
    }
    const filled = (weights?: readonly number[]) => weights?.some((weight) => weight > 0);
    const whole = this.missing();
    return (key, row) => {
      const weights = known.get(key);
      if (filled(weights)) return weights!;
      const any = whole[momentOf(row)];
      return filled(any)
        ? any
        : slots
            .map(({ phase, started }) => (phase === row.tags.phase ? started : 0))
            .map((weight, i, all) => (filled(all) ? weight : i === all.length - 1 ? 1 : 0));
    };
  }

  /**
   * Values (by size) put into the slots. Where the timeline knows the slots' own distributions the k-th smallest goes
   * where the k-th smallest is wanted.
   */
  *#placed(
    metric: MetricName,
    values: readonly { row: Row; value: number }[],
    counts: readonly number[],
  ): Generator<Point> {
    const name = timelined[metric];
    const bySlot: { row: Row; value: number }[][] = counts.map(() => []);
    if (name === undefined) {
      let at = 0;
      const mixed = shuffled(values);
      for (const [slot, n] of counts.entries()) bySlot[slot] = mixed.slice(at, (at += n));
    } else {
      const wanted: [number, number][] = [];
      let stats: Stats | undefined = this.run.timeline.find((point) => point[name])?.[name];
      for (const [slot, n] of counts.entries()) {
        stats = this.run.timeline[slot]![name] ?? stats;
        for (let i = 0; i < n; i++) wanted.push([stats ? between(stats, (i + 0.5) / n) : 0, slot]);
      }
      for (const [i, [, slot]] of wanted.sort(([a], [b]) => a - b).entries()) bySlot[slot]!.push(values[i]!);
    }
    for (const [slot, list] of bySlot.entries()) {
      const { t_s, seconds } = this.run.timeline[slot]!;
      for (const [i, { row, value }] of shuffled(list).entries())
        yield this.#point(metric, row.tags, value, t_s + (seconds * (i + 0.5)) / list.length, row.stored.count);
    }
  }

  /** The state of the load, twice a second as k6 itself tells it, for the seconds of which InfluxDB has none. */
  *#pulse(): Generator<Point> {
    for (const point of this.run.timeline) {
      for (let second = point.t_s; second < point.t_s + point.seconds; second++) {
        if (this.#pulses.has(second)) continue;
        const tags: Tags = point.phase ? { phase: point.phase } : {};
        for (const at of [second + 0.25, second + 0.75]) {
          if (at > this.run.duration_s) return;
          yield this.#point('llm_in_flight', tags, point.in_flight, at);
          const rate = wantedRate(this.run, point, at);
          if (rate !== undefined) yield this.#point('llm_wanted_rate', tags, rate, at);
        }
      }
    }
  }

  /**
   * What the target's pages said, in slots of which nothing is stored; where several readings fell into one, their
   * mean.
   */
  *#pages(): Generator<Point> {
    for (const [slot, { t_s, seconds, resources = {} }] of this.run.timeline.entries()) {
      for (const [target, values] of Object.entries(resources)) {
        for (const [metric, value] of Object.entries(values)) {
          if (!this.#readings.has(`${metric} ${target} ${slot}`))
            yield this.#point(metric, { target, scenario: 'monitor' }, value, t_s + seconds / 2);
        }
      }
    }
  }

  /** What is written once a run, and what was dropped. */
  *#once(): Generator<Point> {
    const { run } = this;
    const missed = run.verdict === 'FAIL' ? run.reasons.filter(({ about }) => about === 'target').length : 0;
    if (this.#verdicts === 0) yield this.#point('llm_verdict', { verdict: run.verdict }, 1, run.duration_s);
    if (this.#missed === 0 && missed > 0) yield this.#point('llm_objectives_missed', {}, missed, run.duration_s);
    const dropped = run.phases.reduce((sum, phase) => sum + phase.dropped, 0) - this.#dropped;
    if (dropped > 0) yield this.#point('dropped_iterations', {}, dropped, run.duration_s);
  }

  /** `apart`, ns: points of an earlier import that was broken off must not be written over. */
  #point(measurement: string, tags: Tags, value: number, at_s: number, apart = 0): Point {
    const base = this.#base ?? { run_id: this.run.run_id, script: this.run.script, scenario: 'load' };
    return {
      measurement,
      tags: { ...base, ...tags, ...sourceTag },
      value,
      time: BigInt(this.#begin) * 1_000_000n + BigInt(Math.round(at_s * 1e9) + (apart % 1000)),
    };
  }
}
