import type { PhaseReport, TimelinePoint } from '../measurements';
import { wilson } from '../statistics';
import { finding, type FindingOf } from './observed';
import { percent } from './words';

/*
 * Findings about the phases of a load: errors, recovery, breaking point.
 */

/** Share of the requests of a phase that did not end well. */
export function errorShare(phase: string): FindingOf {
  const id = `error-share-${phase}`;
  return finding(id, ({ phases }) => {
    const row = phases.find((each) => each.phase === phase);
    const ended = row ? row.ok + row.failed : 0;
    const value = row && ended > 0 ? row.failed / ended : null;
    const text =
      value === null
        ? `no request of phase ${phase} has ended`
        : `${(100 * value).toFixed(2)} % of the requests of phase ${phase} failed (${row!.failed} of ${ended})`;
    return { id, value, unit: 'share', text };
  });
}

/** Requests that a window needs before it says anything, and windows that a phase is divided into at most. */
const windowNeeds = 16;
const windowsAtMost = 60;
/** Streams that a phase must hold for its time to first token to be looked at; else the whole duration is. */
export const streamsNeeded = 4 * windowNeeds;
/** A median this many standard errors over the limit is not there by chance, in none of some tens of windows. */
const beyondChance = 3;

/**
 * Time from the start of `phase` until it is back where phase `of` was, and stays there: the end of the last window of
 * the timeline whose median time to first token (of the whole answer, where few are streams), counted from when the
 * request was due, is more than `within` over that one's, or in which more than the share `errors` fails, and more than in
 * that one; all beyond chance. A phase that is not back at its end has missed it.
 */
export function timeToRecover(
  phase: string,
  { within, of, errors = 0.05 }: { within: number; of: string; errors?: number },
): FindingOf {
  const id = 'time-to-recover';
  return finding(id, ({ phases, timeline }) => {
    const row = phases.find((each) => each.phase === phase);
    const base = { id, unit: 's', value: null, n: row ? row.ok + row.failed : 0 };
    if (!row || row.start_s < 0) return { ...base, text: `phase ${phase} did not begin` };
    const then = phases.find((each) => each.phase === of);
    const few = Math.min(row.ttft_scheduled?.count ?? 0, then?.ttft_scheduled?.count ?? 0) < streamsNeeded;
    const [key, what] = few
      ? (['e2e_scheduled', 'duration'] as const)
      : (['ttft_scheduled', 'time to first token'] as const);
    const { p50: before = null, p90 = null } = then?.[key] ?? {};
    if (before === null || p90 === null) return { ...base, text: `phase ${of} has no ${what} to compare with` };
    const needs = Math.max(windowNeeds, base.n / windowsAtMost);
    const windows = gatherWindows(
      timeline.filter((point) => point.phase === phase),
      key,
      needs,
    );
    if (windows.length === 0)
      return {
        ...base,
        text: `phase ${phase} has too few requests to say whether the target recovered: ${base.n}, and ${windowNeeds} are needed`,
      };
    // The standard error of a median, from the spread of the phase before as if it were normal.
    const spread = (1.2533 * (p90 - before)) / 1.2816;
    const limitOf = (n: number) => before * (1 + within) + (beyondChance * spread) / Math.sqrt(n);
    const failedThen = then ? then.failed / Math.max(1, then.ok + then.failed) : 0;
    // What fails as often before the load rises is nothing that it has left behind.
    const failsMore = ({ failed, ended }: Window) =>
      wilson(failed, ended)[0] > errors && wilson(failed, ended, beyondChance)[0] > failedThen;
    const isBad = (each: Window) => each.median === null || each.median > limitOf(each.n) || failsMore(each);
    const bad = windows.map(isBad);
    const last = bad.lastIndexOf(true);
    const level = `within ${Math.round(100 * within)} % of the median ${what} in phase ${of} (${before.toFixed(0)} ms), and no more ${failedThen > errors ? `of its requests failed than there (${percent(failedThen)})` : `than ${Math.round(100 * errors)} % of its requests failed`}`;
    if (last === windows.length - 1) {
      const { median, ended, failed } = windows[last]!;
      const end = median === null ? '' : `, and the median ${what} was ${median.toFixed(0)} ms`;
      return {
        ...base,
        missed: true,
        text: `phase ${phase}: not recovered; the target did not come back to ${level}; at its end ${failed} of ${ended} requests failed${end}`,
      };
    }
    const value = last < 0 ? 0 : Math.max(0, windows[last]!.end - row.start_s);
    // What a recovery may hide: few requests tell a median badly.
    const good = windows.slice(last + 1);
    const hidden = Math.max(...good.map(({ n }) => limitOf(n)));
    const visible =
      hidden > 1.05 * before * (1 + within)
        ? `. The ${good.reduce((sum, { ended }) => sum + ended, 0)} requests that show this are few: a median below ${hidden.toFixed(0)} ms would not have shown as slower`
        : '';
    return {
      ...base,
      value,
      text:
        value === 0
          ? `phase ${phase}: the target was ${level} from the beginning${visible}`
          : `phase ${phase}: recovered; after ${value.toFixed(0)} s the target was ${level}, and stayed there${visible}`,
    };
  });
}

interface Window {
  end: number;
  /** Values behind the median, a weighted mean of the slots' medians; null when all requests of the window failed. */
  n: number;
  median: number | null;
  ended: number;
  failed: number;
}

/** Neighbouring slots put together until a window holds enough requests. */
function gatherWindows(
  points: readonly TimelinePoint[],
  key: 'ttft_scheduled' | 'e2e_scheduled',
  needs: number,
): Window[] {
  const windows: Window[] = [];
  let [n, sum, ended, failed] = [0, 0, 0, 0];
  for (const point of points) {
    const stats = point[key];
    ended += point.ok + point.failed;
    failed += point.failed;
    if (stats && stats.p50 !== null) {
      n += stats.count;
      sum += stats.count * stats.p50;
    }
    if (Math.max(n, failed) < needs) continue;
    windows.push({ end: point.t_s + point.seconds, n, median: n > 0 ? sum / n : null, ended, failed });
    n = sum = ended = failed = 0;
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

/**
 * Whether a step has requests enough to be judged, and too many of them failed or the slowest (`p99`, ms) were too
 * slow.
 */
export function isBroken(
  step: { ended: number; failed: number; p99: number },
  { errors, p99 }: Omit<Breaking, 'steps'>,
): boolean {
  return step.ended >= breakingNeeds && (step.failed / step.ended > errors || step.p99 > p99);
}

/** Steps that held before one broke; all that were climbed where none did. */
export function stepsHeld(limits: Breaking): FindingOf {
  const id = 'steps-held';
  return finding(id, ({ phases }) => {
    const rows = phases.filter((each) => limits.steps.includes(each.phase) && each.start_s >= 0);
    const judged = rows.filter((row) => row.ok + row.failed >= breakingNeeds);
    const broken = judged.findIndex((row) => isBroken(stepOf(row), limits));
    const value = broken < 0 ? judged.length : broken;
    const last = judged[value] ?? judged[value - 1];
    const base = { id, unit: 'steps', n: last ? last.ok + last.failed : rows[0] ? rows[0].ok + rows[0].failed : 0 };
    if (!last)
      return {
        ...base,
        value: null,
        text: `no step has the ${breakingNeeds} requests that it takes to say whether it holds`,
      };
    return {
      ...base,
      value,
      text: `${value} of ${limits.steps.length} steps held, up to ${(judged[value - 1] ?? last).wanted_rate.toFixed(1)} requests/s`,
    };
  });
}

const stepOf = (row: PhaseReport) => ({
  ended: row.ok + row.failed,
  failed: row.failed,
  p99: row.e2e_scheduled?.p99 ?? 0,
});

/**
 * The first step that broke, and what gave way first: by outcome, and by the latency that grew most since the first
 * step.
 */
export function breakingPoint(limits: Breaking): FindingOf {
  const id = 'breaking-point';
  return finding(id, ({ phases }) => {
    const rows = phases.filter((each) => limits.steps.includes(each.phase) && each.start_s >= 0);
    const first = rows[0];
    const last = rows[rows.length - 1];
    if (!first || !last) return { id, value: null, unit: 'requests/s', text: 'no step of the climb was run' };
    const broken = rows.find((row) => isBroken(stepOf(row), limits));
    if (!broken)
      return {
        id,
        value: null,
        unit: 'requests/s',
        text: `the target did not break: up to ${last.wanted_rate.toFixed(1)} requests/s its errors and times stayed within the limits`,
      };
    const ended = broken.ok + broken.failed;
    const by = Object.entries(broken.outcomes)
      .filter(([outcome]) => outcome !== 'ok')
      .sort((a, b) => b[1] - a[1])[0];
    const errors = by ? `${by[1]} of its ${ended} requests failed with ${by[0]}` : 'none of its requests failed';
    const grown = (['ttft', 'inter_chunk', 'e2e', 'queue'] as const)
      .map((key) => ({ key, from: first[key]?.p95 ?? null, to: broken[key]?.p95 ?? null }))
      .filter(
        (each): each is { key: typeof each.key; from: number; to: number } =>
          each.from !== null && each.to !== null && each.to > each.from * 1.1,
      )
      .sort((a, b) => b.to / Math.max(b.from, 1) - a.to / Math.max(a.from, 1))[0];
    const latency =
      grown && broken !== first
        ? `of its times ${grown.key} grew most (p95 ${grown.from.toFixed(0)} ms in ${first.phase}, ${grown.to.toFixed(0)} ms in ${broken.phase})`
        : 'none of its times had grown before';
    return {
      id,
      value: broken.wanted_rate,
      unit: 'requests/s',
      text: `the target broke in ${broken.phase} at ${broken.wanted_rate.toFixed(1)} requests/s; ${errors}; ${latency}`,
    };
  });
}
