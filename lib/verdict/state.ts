import type { Limits } from '../objectives';
import { lengthFactor } from '../statistics';
import { lengthFor, type Ran } from './length';

export type Interval = [number, number];

/**
 * `ok`: measured within the limits. `missed`: beyond one, with the whole 95 % interval. `too close`: beyond one that
 * lies inside the interval, which is no evidence. `too few`: samples. `not judged`: the run has nothing of the kind.
 */
export type State = 'ok' | 'missed' | 'too close' | 'too few' | 'not judged';

/** A figure compared with one limit. */
export interface Side {
  met: boolean;
  /** The whole interval is on the side that the measured value is on. */
  sure: boolean;
  /** A run so many times as long would decide, were the figure to stay; undefined where none would. */
  times: number | undefined;
}

/** A figure and its interval against each of the limits. */
export function sidesOf(measured: number, interval: Interval, { below, atMost, atLeast }: Limits): Side[] {
  const [low, high] = interval;
  const sides: Side[] = [];
  const hold = (limit: number, meets: (value: number) => boolean, worst: number, best: number) => {
    const met = meets(measured);
    sides.push({
      met,
      sure: met ? meets(worst) : !meets(best),
      times: lengthFactor({ value: measured, low, high }, limit),
    });
  };
  if (below !== undefined) hold(below, (value) => value < below, high, low);
  if (atMost !== undefined) hold(atMost, (value) => value <= atMost, high, low);
  if (atLeast !== undefined) hold(atLeast, (value) => value >= atLeast, low, high);
  return sides;
}

/** So many times the length, where nothing can be worked out from a run that was too short for an interval. */
const worthATry = 4;

/**
 * The state of a figure by its sides, and why it is in it. `open`: one end of its interval is not known, because the run is
 * too short to see how its values depend on each other.
 */
export function stateOf(
  measured: number,
  sides: readonly Side[],
  { n, needs, open: noInterval = false }: { n: number; needs: number; open?: boolean },
  limits: Limits,
  ran: Ran,
): { state: State; reason: string } {
  if (sides.some((side) => !side.met && side.sure)) return { state: 'missed', reason: 'missed' };
  if (n < needs) {
    const length = lengthFor(needs, n, ran);
    return {
      state: 'too few',
      reason: `${n} samples, ${needs} are needed${length && `: at this rate ${length} is long enough`}`,
    };
  }
  const open = sides.filter((side) => !side.met || !side.sure);
  const times = Math.max(...open.map((side) => side.times ?? Infinity));
  // Where the rules for few samples alone held it back, the factor may be no more than 1.
  const length = lengthFor(n * Math.max(times, 1.2), n, ran);
  const decides = length
    ? `if the figure stays as it is, about ${length} decides it`
    : noInterval
      ? `a longer run has an interval: try ${lengthFor(n * worthATry, n, ran)}`
      : 'it lies so near to the limit that no run of sensible length decides it';
  if (open.some((side) => !side.met))
    return {
      state: 'too close',
      reason: noInterval
        ? `beyond the limit, and this run is too short for an interval: chance may be why; ${decides}`
        : `beyond the limit, which lies inside the interval: chance may be why; ${decides}`,
    };
  const but = noInterval ? 'this run is too short for an interval' : 'the limit lies inside the interval';
  if (open.length > 0) return { state: 'ok', reason: `ok, but ${but}; ${decides}` };
  return { state: 'ok', reason: beyondRange(measured, limits) };
}

/** What lies beyond the good end of the plan's range is told. */
function beyondRange(measured: number, { tell }: Limits): string {
  if (tell?.above !== undefined && measured > tell.above)
    return `above ${tell.above}, where the plan's range ends: this is told, and no fault`;
  if (tell?.below !== undefined && measured < tell.below)
    return `below ${tell.below}, where the plan's range begins: this is told, and no fault`;
  return '';
}
