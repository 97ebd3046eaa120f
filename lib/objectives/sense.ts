import { metrics, type MetricName } from '../metrics';
import type { Limits } from './objective';
import { stats, type Stat } from './stat';

/*
 * Limits that no run could miss, or none could meet. An objective with one looks like any other and judges nothing:
 * errors "below 5" where 5 % were meant pass whatever the target does.
 */

/** The values that a figure can have: from, to, both included. */
function rangeOf(metric: MetricName, stat: Stat): [number, number] {
  if (stats[stat].kind === 'share') return [0, 1];
  // What a gateway adds is a difference, which the error of two clocks can make negative.
  return [metrics[metric].source.from === 'truth' ? -Infinity : 0, Infinity];
}

/** Why limits make no sense for any value from `least` to `most`, as the end of a sentence about them; "" where they do. */
function outOf([least, most]: [number, number], { below, atMost, atLeast }: Limits): string {
  const values =
    most === Infinity ? `its values are never below ${least}` : `its values lie from ${least} to ${most} (5 % is 0.05)`;
  const never = (name: string, limit: number) => `has "${name}": ${limit}, which no run could meet: ${values}`;
  const always = (name: string, limit: number) => `has "${name}": ${limit}, which no run could miss: ${values}`;
  if (below !== undefined && below <= least) return never('below', below);
  if (below !== undefined && below > most) return always('below', below);
  if (atMost !== undefined && atMost < least) return never('atMost', atMost);
  if (atMost !== undefined && atMost >= most) return always('atMost', atMost);
  if (atLeast !== undefined && atLeast > most) return never('atLeast', atLeast);
  if (atLeast !== undefined && atLeast <= least) return always('atLeast', atLeast);
  return '';
}

/** Why the limits contradict each other, as the end of a sentence about them; "" where they do not. */
function contradictory({ below, atMost, atLeast, tell }: Limits): string {
  const upper = below ?? atMost;
  if (below !== undefined && atMost !== undefined) return 'has "below" and "atMost": one of them is enough';
  if (upper !== undefined && atLeast !== undefined && (below === undefined ? atLeast > upper : atLeast >= upper))
    return `wants at least ${atLeast} and ${below === undefined ? 'at most' : 'less than'} ${upper}, which no value is`;
  if (tell?.above !== undefined && atLeast !== undefined && tell.above < atLeast)
    return `tells what is above ${tell.above}, and wants at least ${atLeast}: "tell" names the good end, beyond the limit`;
  if (tell?.below !== undefined && upper !== undefined && tell.below > upper)
    return `tells what is below ${tell.below}, and its limit is ${upper}: "tell" names the good end, beyond the limit`;
  return '';
}

/**
 * What is wrong with the limits of an objective, beyond their types, as the end of a sentence about it; "" where nothing
 * is. A finding's values can be anything, so only what contradicts itself is wrong with its limits.
 */
export function limitsFault(limits: Limits & { metric?: MetricName; stat?: Stat }): string {
  const { metric, stat } = limits;
  return (
    contradictory(limits) || (metric === undefined || stat === undefined ? '' : outOf(rangeOf(metric, stat), limits))
  );
}
