import { medianOf } from '../../statistics';

/** An agency's median time with its interval, ms. */
export interface AgencyMedian {
  agency: string;
  value: number;
  low: number;
  high: number;
}

export interface AgencyClass {
  members: AgencyMedian[];
  median: number;
}

/** The gap between two classes is so many times the spread within them, and such a share of the faster one's median. */
const parted = { bySpread: 2, byShare: 0.1 };

/**
 * The faster and the slower of two classes that agencies fall into; undefined where they are one. The classes lie on both
 * sides of the widest gap between neighbouring medians, have two members each at least, and their intervals do not touch.
 */
export function classesOf(agencies: readonly AgencyMedian[]): [AgencyClass, AgencyClass] | undefined {
  const sorted = [...agencies].sort((a, b) => a.value - b.value);
  let at = 0;
  for (let i = 2; i <= sorted.length - 2; i++)
    if (at === 0 || sorted[i]!.value - sorted[i - 1]!.value > sorted[at]!.value - sorted[at - 1]!.value) at = i;
  if (at === 0) return undefined;
  const [fast, slow] = [sorted.slice(0, at), sorted.slice(at)];
  const gap = slow[0]!.value - fast[fast.length - 1]!.value;
  const spread = Math.max(...[fast, slow].map((some) => some[some.length - 1]!.value - some[0]!.value));
  const median = (some: readonly AgencyMedian[]) => medianOf(some.map(({ value }) => value))!;
  const touching = Math.max(...fast.map(({ high }) => high)) >= Math.min(...slow.map(({ low }) => low));
  if (touching || gap < parted.bySpread * spread || gap < parted.byShare * median(fast)) return undefined;
  return [
    { members: fast, median: median(fast) },
    { members: slow, median: median(slow) },
  ];
}
