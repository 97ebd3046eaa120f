import { meanOf, medianOf } from '../statistics';
import type { Ceiling } from './ceiling';

/*
 * What the ceilings of several kinds of request say together: the rules are in the order in which they are asked.
 */

export type Nature =
  /** No limit showed. */
  | 'none'
  /** Served at once, at most: something is held for as long as a request lasts. */
  | 'held'
  /** More than so many at once are refused. */
  | 'limit'
  /** More than so many a second are refused. */
  | 'rate'
  /** The more are refused, the fewer are served: what serves them does not come back. */
  | 'used up'
  /** More than so many a second wait, and what needs no more than the process waits as well: it is busy. */
  | 'busy'
  /** As busy, and the more wait, the fewer are served. */
  | 'collapse'
  /** More than so many a second wait, though the process is free: each needs something for a moment, one after another. */
  | 'turns'
  /** The target becomes slower all the time, so what more of them meet is not told. */
  | 'slower'
  /** As turns, and only requests of one key wait. */
  | 'key';

/** A ceiling with its nature. */
export interface Limit extends Ceiling {
  nature: Nature;
}

/** A bystander waits with the others when it takes such a share of their wait. */
const shared = 0.25;
/** Throughput beyond the knee that is no collapse, a share of the highest. */
const orderly = 0.8;
/** A limit that refuses serves as many as before beyond it; one that serves less than this share has lost something. */
const lost = 0.3;
/** Times of two kinds that differ less cannot tell a number in flight from one a second. */
const apart = 1.5;

/** Less than this share of the shorter kind's time is within the error of the line through two kinds. */
const felt = 0.6;

/** The natures of all ceilings; `oneKey` names the ladder that all had one key, where there is one. */
export function limitsOf(ceilings: readonly Ceiling[], oneKey?: { kind: string; as: string }): Limit[] {
  const found = ceilings.map((ceiling) => ({ ...ceiling, nature: natureOf(ceiling, ceilings) }));
  if (!oneKey) return found;
  const all = found.find(({ kind }) => kind === oneKey.as);
  return found.map((each) =>
    each.kind === oneKey.kind && all && keyAlone(each, all) ? { ...each, nature: 'key' as const } : each,
  );
}

/** With one key they wait, and with many they do not, or far less. */
function keyAlone(one: Limit, all: Limit): boolean {
  if (one.beyond !== 'waits') return false;
  return all.beyond === 'no limit' || all.rate > apart * one.rate;
}

function natureOf(ceiling: Ceiling, all: readonly Ceiling[]): Nature {
  const { beyond, kept } = ceiling;
  if (beyond === 'no limit') return 'none';
  const alike = all.filter((other) => other.beyond === beyond);
  if (beyond === 'refuses') {
    // What says itself that it is a limit (429) may have let more in at first: a bucket that was full.
    if (kept < lost && ceiling.refusal !== 'http_429') return bystandersWait(ceiling, alike) ? 'collapse' : 'used up';
    return perSecond(alike.filter((other) => other.kept >= lost)) ? 'rate' : 'limit';
  }
  if (bystandersWait(ceiling, alike)) return kept < orderly ? 'collapse' : 'busy';
  const free = alike.filter((other) => !bystandersWait(other, alike));
  return perSecond(free) ? 'turns' : 'held';
}

/**
 * A process that serves all who wait in turn, a little each, has a bystander wait for a round and not for all of them: its
 * share is small. But one that waits for so many times what it takes by itself, and for so many ms, meets a process that is
 * in use for over 80 % of the time (M/M/1: wait = service x use / (1 - use), which is 5 times the service at 83 %).
 */
const inTurn = { times: 5, least: 10 };

/** Whether bystanders wait with the kinds that stop at about this rate: one kind alone may have had hardly any. */
function bystandersWait(ceiling: Ceiling, all: readonly Ceiling[]): boolean {
  const { rate, bystanderWait: own, bystanderAlone } = ceiling;
  if (own > inTurn.least && own > inTurn.times * bystanderAlone) return true;
  const together = all.filter((other) => other.rate < apart * rate && rate < apart * other.rate);
  const shares = together
    .map(({ bystanderWait, wait }) => bystanderWait / wait)
    .filter((share) => !Number.isNaN(share));
  return shares.length > 0 && medianOf(shares)! > shared;
}

/**
 * Whether kinds that take different times have the same number a second rather than the same number at once: by which
 * of the two varies less among them. Of one kind alone it cannot be told: a number at once is the common case, but for
 * requests so short that hardly one was ever under way.
 */
function perSecond(kinds: readonly Ceiling[]): boolean {
  const times = kinds.map(({ service }) => service);
  if (Math.max(...times) < apart * Math.min(...times)) return kinds.every(({ served }) => served < 0.9);
  return variation(kinds.map(({ rate }) => rate)) < variation(kinds.map(({ served }) => served));
}

/** Standard deviation by the mean. */
function variation(values: readonly number[]): number {
  const mean = meanOf(values)!;
  return Math.sqrt(meanOf(values.map((value) => (value - mean) ** 2))!) / mean;
}

/**
 * What is held longer than a request lasts: where several kinds hold places of one pool, 1 / rate = (time + after) /
 * places is a line through them. Undefined where their times do not differ enough, or nothing is left over.
 */
export function heldAfter(limits: readonly Limit[]): { places: number; after: number } | undefined {
  const held = limits.filter(({ nature }) => nature === 'held' || nature === 'turns');
  const [low, high] = [...held]
    .sort((a, b) => a.service - b.service)
    .filter((_, i, all) => i === 0 || i === all.length - 1);
  if (!low || !high || high.service < apart * low.service) return undefined;
  const places = (high.service - low.service) / (1000 / high.rate - 1000 / low.rate);
  const after = (places * 1000) / low.rate - low.service;
  return places > 0 && Number.isFinite(places) && after > felt * low.service ? { places, after } : undefined;
}
