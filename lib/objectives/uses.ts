import type { MetricName } from '../metrics';
import { carries, type Tags } from '../metrics';
import { judgedBy } from './due';
import type { Objective } from './objective';
import { percentileOf } from './stat';

/*
 * What the load needs to know of the objectives before it begins.
 */

/** Limits at which the histograms must count exactly, by metric. */
export function bounds(objectives: readonly Objective[]): Map<string, number[]> {
  const result = new Map<string, number[]>();
  for (const { metric: named, stat, below, atLeast } of objectives) {
    if (percentileOf(stat) === undefined) continue;
    const metric = judgedBy(named);
    const known = result.get(metric) ?? [];
    for (const limit of [below, atLeast]) if (limit !== undefined && !known.includes(limit)) known.push(limit);
    result.set(metric, known);
  }
  return result;
}

/** The longest that an objective lets a request take, seconds; undefined when none says. Sizes the VUs. */
export function longestAllowed(objectives: readonly Objective[]): number | undefined {
  const limits = objectives
    .filter((each) => each.metric === 'llm_e2e' && each.below !== undefined)
    .map((each) => each.below! / 1000);
  return limits.length > 0 ? Math.max(...limits) : undefined;
}

/** What a request's value of a metric must keep to. */
export interface Limit {
  metric: MetricName;
  below?: number;
  atLeast?: number;
}

/**
 * What one request with `tags` must keep to for goodput: the limits of every percentile objective that it falls under
 * (DistServe, OSDI 2024).
 */
export function limitsOf(objectives: readonly Objective[], tags: Tags): Limit[] {
  return objectives
    .filter(({ stat, tags: wanted }) => percentileOf(stat) !== undefined && carries(tags, wanted))
    .map(({ metric, below, atLeast }) => ({ metric: judgedBy(metric), below, atLeast }));
}
