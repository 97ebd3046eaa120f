import type { Failures, FailureSample, Holds, LimitHeader } from 'k6/x/sse';
import { grouped, tagKey } from './grouped';

const idsKept = 6;
const groupsKept = 12;
const textsKept = 8;

const sum = <T>(items: readonly T[], of: (item: T) => number) => items.reduce((total, item) => total + of(item), 0);
const least = <T>(items: readonly T[], of: (item: T) => number) => Math.min(...items.map(of));
const most = <T>(items: readonly T[], of: (item: T) => number) => Math.max(...items.map(of));

/** What the target told several runners; a part that was made before this was recorded has nothing. */
export function addFailures(parts: readonly (Failures | undefined)[]): Failures {
  const all = parts.filter((part) => part !== undefined);
  const samples = grouped(
    all.flatMap((part) => part.samples),
    ({ outcome, form }) => `${outcome} ${form}`,
  ).map(addSamples);
  const byOutcome = grouped(samples, ({ outcome }) => outcome).map((group) => group.sort((a, b) => b.count - a.count));
  const holds = all.flatMap((part) => part.holds ?? []);
  return {
    samples: byOutcome.flatMap((group) => group.slice(0, textsKept)),
    unlisted:
      sum(all, ({ unlisted }) => unlisted) +
      sum(
        byOutcome.flatMap((group) => group.slice(textsKept)),
        ({ count }) => count,
      ),
    limits: grouped(
      all.flatMap((part) => part.limits),
      ({ header }) => header,
    ).map(addLimits),
    ...(holds.length > 0 ? { holds: addHolds(holds) } : {}),
  };
}

function addSamples(group: readonly FailureSample[]): FailureSample {
  const first = group.reduce((a, b) => (b.first < a.first ? b : a));
  const groups = grouped(
    group.flatMap((sample) => sample.groups),
    ({ tags }) => tagKey(tags),
  );
  return {
    ...first,
    count: sum(group, ({ count }) => count),
    last: most(group, ({ last }) => last),
    ids: group.flatMap(({ ids }) => ids).slice(0, idsKept),
    groups: groups
      .map((same) => ({ tags: same[0]!.tags, count: sum(same, ({ count }) => count) }))
      .slice(0, groupsKept),
  };
}

function addLimits(group: readonly LimitHeader[]): LimitHeader {
  return { ...group[0]!, count: sum(group, ({ count }) => count), last: group[group.length - 1]!.last };
}

/** Waits of several runners cover each other: together at least what the longest of them covers. */
function addHolds(all: readonly Holds[]): Holds {
  return {
    count: sum(all, ({ count }) => count),
    least: least(all, (each) => each.least),
    most: most(all, (each) => each.most),
    first: least(all, ({ first }) => first),
    last: most(all, ({ last }) => last),
    held: most(all, ({ held }) => held),
  };
}
