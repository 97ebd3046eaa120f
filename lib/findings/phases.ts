import type { Finding, TimelinePoint } from '../measurements';
import type { FindingOf } from './observed';

/*
 * Findings about the phases of a load: errors, recovery, breaking point, drift.
 */

/** Share of the requests of a phase that did not end well. */
export function errorShare(phase: string): FindingOf {
  return ({ phases }) => {
    const row = phases.find((each) => each.phase === phase);
    const ended = row ? row.ok + row.failed : 0;
    const value = row && ended > 0 ? row.failed / ended : null;
    const text =
      value === null
        ? `no request of phase ${phase} ended`
        : `${(100 * value).toFixed(2)} % errors in phase ${phase} (${row!.failed} of ${ended})`;
    return { name: `error share in ${phase}`, value, unit: 'share', text };
  };
}

/** Requests that a window needs before its median says anything. */
const windowNeeds = 16;

/**
 * Time from the start of `phase` until the median time to first token, counted from the schedule, is back within
 * `within` of what it was in phase `of`, and stays there: the end of the last window of the timeline that is not back.
 */
export function timeToRecover(phase: string, { within, of }: { within: number; of: string }): FindingOf {
  const name = `time to recover in ${phase}`;
  const none = (text: string): Finding => ({ name, value: null, unit: 's', text });
  return ({ phases, timeline }) => {
    const before = phases.find((each) => each.phase === of)?.ttft_scheduled?.p50;
    const row = phases.find((each) => each.phase === phase);
    if (before === undefined || before === null) return none(`phase ${of} has no time to first token to compare with`);
    if (!row || row.start_s < 0) return none(`phase ${phase} did not begin`);
    const limit = before * (1 + within);
    const windows = gatherWindows(timeline.filter((point) => point.phase === phase));
    if (windows.length === 0) return none(`phase ${phase} has too few requests to say`);
    let lastBad = -1;
    windows.forEach((window, i) => {
      if (window.median === null || window.median > limit) lastBad = i;
    });
    const level = `within ${Math.round(100 * within)} % of the median time to first token in phase ${of} (${before.toFixed(0)} ms)`;
    if (lastBad === windows.length - 1)
      return none(`phase ${phase}: not recovered; the target did not come back to ${level}`);
    const value = lastBad < 0 ? 0 : Math.max(0, windows[lastBad]!.end - row.start_s);
    return {
      name,
      value,
      unit: 's',
      text:
        value === 0
          ? `phase ${phase}: the target was ${level} from the beginning`
          : `phase ${phase}: recovered; after ${value.toFixed(0)} s the target was ${level}, and stayed there`,
    };
  };
}

interface Window {
  end: number;
  /** Weighted mean of the slots' medians; null when all requests of the window failed. */
  median: number | null;
}

/** Neighbouring slots put together until a window holds enough requests. */
function gatherWindows(points: readonly TimelinePoint[]): Window[] {
  const windows: Window[] = [];
  let weight = 0;
  let sum = 0;
  let seen = 0;
  for (const point of points) {
    const count = point.ttft_scheduled?.count ?? 0;
    seen += Math.max(count, point.failed);
    if (point.ttft_scheduled && point.ttft_scheduled.p50 !== null) {
      weight += count;
      sum += count * point.ttft_scheduled.p50;
    }
    if (seen < windowNeeds) continue;
    windows.push({ end: point.t_s + point.seconds, median: weight > 0 ? sum / weight : null });
    weight = sum = seen = 0;
  }
  return windows;
}

/** Which phases are the steps of a climb, and when one of them counts as broken. */
export interface Breaking {
  steps: readonly string[];
  /** Share of requests that failed. */
  errors: number;
  /** p99 of the duration counted from the schedule, ms. */
  p99: number;
}

/** Requests that a step needs before it can be called broken. */
export const breakingNeeds = 64;

export function isBroken(
  step: { ended: number; failed: number; p99: number },
  { errors, p99 }: Omit<Breaking, 'steps'>,
): boolean {
  return step.ended >= breakingNeeds && (step.failed / step.ended > errors || step.p99 > p99);
}

/**
 * The first step that broke, and what gave way first: by outcome, and by the latency that grew most since the first
 * step.
 */
export function breakingPoint(limits: Breaking): FindingOf {
  const name = 'breaking point';
  return ({ phases }) => {
    const rows = phases.filter((each) => limits.steps.includes(each.phase) && each.start_s >= 0);
    const first = rows[0];
    const last = rows[rows.length - 1];
    if (!first || !last) return { name, value: null, unit: 'requests/s', text: 'no step was run' };
    const broken = rows.find((row) =>
      isBroken({ ended: row.ok + row.failed, failed: row.failed, p99: row.e2e_scheduled?.p99 ?? 0 }, limits),
    );
    if (!broken)
      return {
        name,
        value: null,
        unit: 'requests/s',
        text: `did not break: up to ${last.wanted_rate.toFixed(1)} requests/s errors and latency stayed within limits`,
      };
    const ended = broken.ok + broken.failed;
    const by = Object.entries(broken.outcomes)
      .filter(([outcome]) => outcome !== 'ok')
      .sort((a, b) => b[1] - a[1])[0];
    const errors = by ? `by outcome ${by[0]} (${by[1]} of ${ended})` : 'no request failed';
    const grown = (['ttft', 'inter_chunk', 'e2e', 'queue'] as const)
      .map((key) => ({ key, from: first[key]?.p95 ?? null, to: broken[key]?.p95 ?? null }))
      .filter(
        (each): each is { key: typeof each.key; from: number; to: number } =>
          each.from !== null && each.to !== null && each.to > each.from * 1.1,
      )
      .sort((a, b) => b.to / Math.max(b.from, 1) - a.to / Math.max(a.from, 1))[0];
    const latency =
      grown && broken !== first
        ? `by latency ${grown.key} (p95 ${grown.from.toFixed(0)} ms in ${first.phase}, ${grown.to.toFixed(0)} ms in ${broken.phase})`
        : 'no latency grew beforehand';
    return {
      name,
      value: broken.wanted_rate,
      unit: 'requests/s',
      text: `broke in ${broken.phase} at ${broken.wanted_rate.toFixed(1)} requests/s; what gave way: ${errors}; ${latency}`,
    };
  };
}

/**
 * How the median time to first token of a phase moved from its first tenth to its last: a leak or a filling pool shows
 * here.
 */
export function drift(phase: string): FindingOf {
  const name = `drift in ${phase}`;
  return ({ timeline }) => {
    const points = timeline.filter((point) => point.phase === phase && point.ttft && point.ttft.p50 !== null);
    const tenth = Math.floor(points.length / 10);
    if (tenth < 1) return { name, value: null, unit: 'share', text: `phase ${phase} is too short to see a drift` };
    const level = (part: typeof points) =>
      part.reduce((sum, point) => sum + point.ttft!.p50! * point.ttft!.count, 0) /
      part.reduce((sum, point) => sum + point.ttft!.count, 0);
    const [from, to] = [level(points.slice(0, tenth)), level(points.slice(-tenth))];
    const value = to / from - 1;
    return {
      name,
      value,
      unit: 'share',
      text: `median TTFT went from ${from.toFixed(0)} ms in the first tenth of phase ${phase} to ${to.toFixed(0)} ms in the last (${value >= 0 ? '+' : ''}${(100 * value).toFixed(1)} %)`,
    };
  };
}
