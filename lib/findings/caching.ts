import type { Finding } from '../measurements';
import { caseDifference, type CaseDifference, type Reading } from '../pairs';
import { medianOf, wilson } from '../statistics';
import type { RequestNote } from '../truth';
import { findings, type Observed } from './observed';
import { one } from './words';

/*
 * What is kept and what is looked up again. Requests come in blocks of one case, since a small cache forgets one thing
 * when it is asked for another; the blocks come in random rounds. A block's value is its median without its first
 * request, which nothing of the block was before.
 */

/** Requests of a block. */
export const cacheBlock = 8;

/** Everything that the script `caching` finds. */
export const cachingFindings = findings(
  [
    'model-cache',
    'key-cache',
    'keys-in-turn',
    'repeats-that-pay',
    'key-stampede',
    'prefix-cache',
    'prompt-cache',
    'gateway-cache',
  ],
  ({ requests }: Observed) => {
    const readings = blocks(requests);
    const compare = (one: string, against: string) => caseDifference(readings, one, against);
    return [
      ...costs('model-cache', compare('models-in-turn', 'one-model'), {
        more: 'models in turn',
        than: 'one model again and again',
        why: 'what belongs to a model is looked up again when another was asked for in between: fewer are kept than there are',
      }),
      ...costs('key-cache', compare('new-keys', 'one-wrong-key'), {
        more: 'a key that is new',
        than: 'one that was just used',
        why: 'what is known of a key is kept, and a first request pays for it',
      }),
      ...costs('keys-in-turn', compare('keys-in-turn', 'one-key'), {
        more: 'keys in turn',
        than: 'one key again and again',
        why: 'a key is looked up again when others were used in between: fewer are kept than there are',
      }),
      ...repeats(requests, compare('new-keys', 'one-wrong-key')),
      ...stampede(requests, compare('new-keys', 'one-wrong-key')),
      ...saves('prefix-cache', compare('same-prefix', 'new-prompts'), {
        what: 'a prompt whose beginning was just sent',
        yes: 'beginnings of prompts are kept',
        no: 'no beginning of a prompt is kept',
      }),
      ...saves('prompt-cache', compare('same-prompt', 'same-prefix'), {
        what: 'a prompt that was just sent as a whole',
        yes: 'answers come from memory: a load test that repeats its prompts measures the memory',
        no: 'no answer comes from memory',
      }),
      ...gatewayCache(requests),
    ];
  },
);

/** A repeat that takes so much of what a first costs has paid as a first. */
const half = 0.5;

/** Of requests with a key that was used before, those that pay as a first one: what is kept is kept for too short a time. */
function repeats(requests: readonly RequestNote[], first: CaseDifference | undefined): Finding[] {
  if (!first || first.interval[0] <= least) return [];
  const [, ...again] = requests.filter(({ outcome, detail }) => outcome === 'ok' && detail?.size === 'one-wrong-key');
  const limit = first.medians[1] + half * first.value;
  const paid = again.filter(({ e2e }) => e2e > limit).length;
  const share = paid / Math.max(1, again.length);
  return [
    {
      id: 'repeats-that-pay',
      value: share,
      unit: 'share',
      n: again.length,
      interval: wilson(paid, again.length),
      text:
        share > 0.02
          ? `${(100 * share).toFixed(1)} % of ${again.length} requests with a key that was used before cost as a first (${one(first.value)} ms more): what is known of it is forgotten: after a time, for others that came meanwhile, or because it is made void`
          : `${paid} of ${again.length} requests with a key that was used before cost as a first: what is known of it is kept`,
    },
  ];
}

/** A look-up shorter than this is over before the next request of its block comes, ms. */
const lookUpAtLeast = 5;
/** Fewer requests that came during a look-up say nothing. */
const besideAtLeast = 10;

/**
 * Requests with a key that is new to all of their block: whether those that come during its first look-up make their own.
 * `alone`: what a new key costs where no others come with it; it must be beyond chance, or there is no look-up.
 */
function stampede(requests: readonly RequestNote[], alone: CaseDifference | undefined): Finding[] {
  const good = requests.filter(({ outcome }) => outcome === 'ok');
  const usual = medianOf(good.flatMap(({ detail, e2e }) => (detail?.size === 'one-wrong-key' ? [e2e] : [])));
  const blocks = new Map<number, RequestNote[]>();
  for (const note of good) {
    if (note.detail?.size !== 'new-key-together') continue;
    const block = Math.floor(note.index / cacheBlock);
    blocks.set(block, [...(blocks.get(block) ?? []), note]);
  }
  const all = [...blocks.values()].map((block) => block.sort((a, b) => a.sent - b.sent));
  if (usual === undefined || all.length === 0) return [];
  const cost = medianOf(all.map(([first]) => first!.e2e - usual))!;
  const beside = all.flatMap(([first, ...others]) =>
    others.filter(({ sent }) => sent < first!.sent + first!.e2e).map((note) => ({ note, first: first! })),
  );
  const base = { id: 'key-stampede', unit: 'share', n: beside.length };
  // What costs nothing can be made often: that is no stampede, and all requests say so.
  const unsure = alone !== undefined && alone.interval[0] <= least;
  if (unsure && alone.value >= lookUpAtLeast)
    return [
      {
        ...base,
        n: all.flat().length,
        value: null,
        text: `whether a new key costs more than a known one is not known: ${one(alone.value)} ms ${range(alone.interval)}, so much do they vary, and so it is not known whether several pay it`,
      },
    ];
  if (cost < lookUpAtLeast || unsure) {
    const more = unsure || cost < 0.05 ? 'no more' : `${one(cost)} ms more`;
    return [
      {
        ...base,
        n: all.flat().length,
        value: 0,
        text: `a new key costs ${more} than a known one, so there is nothing of which a stampede could be made`,
      },
    ];
  }
  if (beside.length < besideAtLeast)
    return [
      {
        ...base,
        value: null,
        text: `a new key costs ${one(cost)} ms more than a known one, and ${beside.length} requests came meanwhile: too few for a stampede to show`,
      },
    ];
  // Who waits for the first one's look-up ends with it; who makes its own ends as much later as it came later.
  const paid = beside.filter(
    ({ note, first }) =>
      note.e2e - usual > half * cost && note.sent + note.e2e > first.sent + first.e2e + half * (note.sent - first.sent),
  ).length;
  const value = paid / beside.length;
  return [
    {
      ...base,
      value,
      interval: wilson(paid, beside.length),
      text:
        value > 0.1
          ? `a stampede: ${paid} of ${beside.length} requests that came while their key was being looked up made a look-up of their own (${one(cost)} ms each); let them wait for the first one's`
          : `of ${beside.length} requests that came while their key was being looked up ${paid} made a look-up of their own`,
    },
  ];
}

/** The cases whose prompts a cache could know, and what they are in words. */
const prompts = {
  'same-prompt': 'prompts that were just sent as a whole',
  'same-prefix': 'prompts of which the beginning alone was just sent',
  'new-prompts': 'prompts that are new',
} as const;

/** What the answers' own header says (CACHE_HEADER): a cache of the gateway's gave them, and no model. */
function gatewayCache(requests: readonly RequestNote[]): Finding[] {
  const asked = requests.filter(({ outcome, cached }) => outcome === 'ok' && cached !== undefined);
  const counts = Object.entries(prompts).map(([size, words]) => {
    // The first of a block is as new as any other prompt.
    const of = asked.filter(({ index, detail }) => detail?.size === size && index % cacheBlock > 0);
    return { size, words, n: of.length, hits: of.filter(({ cached }) => cached).length };
  });
  const [same, ...others] = counts;
  if (!same || same.n === 0) return [];
  const unlike = others.reduce((sum, { hits }) => sum + hits, 0);
  if (counts.every(({ hits, n }) => hits === n))
    return [
      {
        ...{ id: 'gateway-cache', value: null, unit: 'share' as const },
        text: 'whether a cache of the gateway’s answers cannot be said: new prompts have the header of CACHE_HEADER too, so it does not tell a hit. Give another header, or the value that it has then (name:value)',
      },
    ];
  const row = ({ hits, n, words }: (typeof counts)[number]) => `${hits} of ${n} ${words}`;
  const text =
    same.hits + unlike === 0
      ? `by the header of the answers, no cache of the gateway's gave one: ${row(same)} came from it`
      : `by the header of the answers, a cache of the gateway's answered ${counts.map(row).join(', ')}${
          unlike > 0
            ? '. It answers prompts that it has never seen, since they are like others: such an answer was given to another question'
            : ': a load test that repeats its prompts measures this cache'
        }`;
  const share = same.hits / same.n;
  return [{ id: 'gateway-cache', value: share, unit: 'share', n: same.n, interval: wilson(same.hits, same.n), text }];
}

/** The median of each block, in the round that the block was in. */
function blocks(requests: readonly RequestNote[]): Reading[] {
  const cases = new Set(requests.flatMap(({ detail }) => detail?.size ?? [])).size;
  const found = new Map<number, { case: string; values: number[] }>();
  for (const { index, outcome, detail, e2e, ttft } of requests) {
    if (outcome !== 'ok' || !detail || index % cacheBlock === 0) continue;
    const block = Math.floor(index / cacheBlock);
    const known = found.get(block) ?? { case: detail.size, values: [] };
    known.values.push(detail.kind === 'chat' ? ttft : e2e);
    found.set(block, known);
  }
  return [...found].map(([block, { case: name, values }]) => ({
    round: Math.floor(block / Math.max(1, cases)),
    case: name,
    value: medianOf(values)!,
  }));
}

const range = ([low, high]: readonly [number, number]) => `[${one(low)}, ${one(high)}]`;
/** A difference below this is no cache's, ms. */
const least = 1;
/** What a run could hide, ms: where the interval reaches so far, it does not tell that there is no difference. */
const hides = 20;

function costs(
  id: string,
  found: CaseDifference | undefined,
  words: { more: string; than: string; why: string },
): Finding[] {
  if (!found) return [];
  const { value, interval, n } = found;
  const costsMore = words.more.endsWith('in turn') ? 'cost' : 'costs';
  const text =
    interval[0] > least
      ? `${words.more} ${costsMore} ${one(value)} ms ${range(interval)} more than ${words.than}: ${words.why}`
      : interval[1] > hides
        ? `whether ${words.more} ${costsMore} more than ${words.than} is not known: ${one(value)} ms ${range(interval)}, so much do they vary`
        : `no difference between ${words.more} and ${words.than}: ${one(value)} ms ${range(interval)}`;
  return [{ id, value, unit: 'ms', n, interval, text }];
}

function saves(
  id: string,
  found: CaseDifference | undefined,
  words: { what: string; yes: string; no: string },
): Finding[] {
  if (!found) return [];
  const { value, interval, n, medians } = found;
  const share = (100 * -value) / medians[1];
  const text =
    interval[1] < -least
      ? `${words.what} gets its first token ${one(-value)} ms ${range([-interval[1], -interval[0]])} sooner, ${share.toFixed(0)} %: ${words.yes}`
      : interval[0] < -hides
        ? `whether ${words.what} gets its first token sooner is not known: ${one(value)} ms ${range(interval)}, so much do they vary`
        : `${words.what} gets its first token no sooner, ${one(value)} ms ${range(interval)}: ${words.no}`;
  return [{ id, value, unit: 'ms', n, interval, text }];
}
