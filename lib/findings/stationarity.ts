import type { Histogram, Slot } from 'k6/x/sse';
import type { Load } from '../load';
import { changePoints, changesNeed, medianOf, merge, quantile } from '../statistics';

/*
 * Is a phase of a steady rate steady itself? A percentile over a phase says what its requests were like only if they were
 * alike from its beginning to its end. If a level changed within it, the percentile is that of a mix, and another length of
 * the run would give another one. Where the level changed is found by E-Divisive (lib/statistics/change-points.ts), of the
 * medians of equal stretches of the phase.
 */

/** Stretches of a phase: enough for a change to be found, few enough that each has requests. */
const stretchesAtMost = 24;
/** A change of the level that is smaller than this share is not told: few care. */
const worthTelling = 0.1;
/** A level is the median over so many stretches at least. */
const between = 3;

/** The same of all requests within one stretch of a phase. */
interface Stretch {
  from: number;
  to: number;
  /** Values of the metric. */
  values: Histogram;
  /** Requests that ended. */
  ended: number;
}

/**
 * What is to be known of phases whose level changed while they ran, as sentences. `closed`: users go on without pause, so
 * that the rate of the answers is the target's and not the plan's.
 */
export function unsteady(slots: readonly Slot[], slotSeconds: number, load: Load, closed: boolean): string[] {
  return load.flatMap(({ name, climbSeconds }) => {
    const all = slots.filter(({ phase }) => phase === name);
    // The first slot and the last are shared with other phases, and so is the climb to the phase's rate.
    const own = all.slice(Math.ceil(climbSeconds / slotSeconds) + 1, -1);
    const told: string[] = [];
    const ttft = own.some(({ metrics }) => (metrics.llm_ttft?.count ?? 0) > 0);
    const cut = stretches(own, slotSeconds, ttft ? 'llm_ttft' : 'llm_e2e');
    const latency = changed(
      cut.filter(({ values }) => values.count > 0).map((each) => ({ ...each, level: quantile(each.values, 0.5)! })),
    );
    if (latency) told.push(latencySentence(name, ttft ? 'time to first token' : 'response time', latency));
    const rate = closed
      ? changed(cut.map((each) => ({ ...each, level: each.ended / (each.to - each.from) })))
      : undefined;
    if (rate) told.push(rateSentence(name, rate));
    return told;
  });
}

/** Equal stretches of a row of slots. */
function stretches(slots: readonly Slot[], slotSeconds: number, metric: string): Stretch[] {
  const n = Math.min(stretchesAtMost, slots.length);
  return Array.from({ length: n }, (_, i) => {
    const own = slots.slice(Math.floor((i * slots.length) / n), Math.floor(((i + 1) * slots.length) / n));
    return {
      from: own[0]!.slot * slotSeconds,
      to: (own[own.length - 1]!.slot + 1) * slotSeconds,
      values: merge(own.flatMap(({ metrics }) => metrics[metric] ?? [])),
      ended: own.reduce((sum, { outcomes }) => sum + Object.values(outcomes).reduce((all, each) => all + each, 0), 0),
    };
  });
}

interface Change {
  before: Stretch[];
  after: Stretch[];
  /** The medians of both parts' levels. */
  from: number;
  to: number;
}

/** The change of the level that is largest in proportion; undefined where none is beyond chance and worth telling. */
function changed(row: readonly (Stretch & { level: number })[]): Change | undefined {
  if (row.length < changesNeed) return undefined;
  // 199 permutations tell p < 0.01 from more, and take a tenth of a second within k6.
  const found = changePoints(
    row.map(({ level }) => level),
    { between, significance: 0.005, permutations: 199 },
  );
  const changes = found.map(({ index }): Change => {
    const [before, after] = [row.slice(0, index), row.slice(index)];
    const level = (part: typeof row) => medianOf(part.map((each) => each.level))!;
    return { before: [...before], after: [...after], from: level(before), to: level(after) };
  });
  const size = ({ from, to }: Change) => Math.abs(Math.log(Math.max(to, 1e-9) / Math.max(from, 1e-9)));
  const largest = changes.sort((a, b) => size(b) - size(a))[0];
  return largest && size(largest) >= Math.log(1 + worthTelling) ? largest : undefined;
}

const figure = (value: number) => Number(value.toPrecision(3)).toString();
const p95 = (part: readonly Stretch[]) => quantile(merge(part.map(({ values }) => values)), 0.95) ?? 0;

function latencySentence(phase: string, noun: string, { before, after, from, to }: Change): string {
  const parts = `${figure(p95(before))} ms before that and ${figure(p95(after))} ms after it`;
  return `phase ${phase} was not steady: the median ${noun} was ${figure(from)} ms until ${figure(after[0]!.from)} s after the start and ${figure(to)} ms from then on. Its 95th percentile is ${figure(p95([...before, ...after]))} ms over the whole phase, ${parts}: a longer or a shorter phase would give another one`;
}

const rateSentence = (phase: string, { after, from, to }: Change): string =>
  `phase ${phase} was not steady: ${figure(from)} requests/s ended until ${figure(after[0]!.from)} s after the start and ${figure(to)}/s from then on, with the same number of users. Its figures are those of a mix of both`;
