import { counted, grows, growthLaw, growthWords, lawText, type Point } from '../growth-law';
import { ofQuantile, type Finding } from '../measurements';
import { ascending, intervalOf, medianOf, meanOf, quantileOf, sumOf, wilson, z95 } from '../statistics';
import { join, type Joined } from '../truth';
import { memoryKept } from './memory-kept';
import { findings, type Observed } from './observed';
import { roundsOf } from './sizes/rounds';

/*
 * How an answer comes: its rate, its gaps, where it stands still and by whose fault, whether chunks come in groups, and
 * how long a whole answer is held when the provider has ended it.
 */

/** A gap so long is a stall, ms: five times the plan's gap between chunks. */
const stallFrom = 250;
/** A stall is looked for so many chunks before and after its place. */
const near = 8;
/** Chunks that a stream must have for its beginning to be told from its end. */
const longEnough = 12;

/** Everything that the script `streaming` finds. */
export const streamingFindings = findings(
  ['token-rate', 'stalls', 'heaps', 'slows-along', 'plain-answers', 'memory-kept-by-answers'],
  (observed: Observed) => {
    const { requests, truth } = observed;
    const good = join(requests, truth ?? []).filter(
      ({ note, detail }) => note.outcome === 'ok' && detail.kind === 'chat',
    );
    const streams = good.filter(({ note }) => !note.plain);
    if (streams.length === 0) return [];
    const whole = good.filter(({ note }) => note.plain);
    // Below 0: the answer had no usage.
    const tokens = sumOf(whole.map(({ detail }) => Math.max(0, detail.completionTokens)));
    const models = [...new Set(streams.map(({ note }) => note.model))].sort();
    return [
      ...models.map((model) =>
        tokenRate(
          model,
          streams.filter(({ note }) => note.model === model),
        ),
      ),
      stalls(streams),
      heaps(streams),
      ...slowsAlong(streams),
      ...plainAnswers(whole),
      ...memoryKept(observed, 'memory-kept-by-answers', tokens / 1000, '1,000 tokens of whole answers'),
    ];
  },
);

const one = (value: number) => value.toFixed(1);

/** Tokens a second after the first token; undefined where there are too few to say. */
function rateOf(tokens: number, ms: number): number[] {
  return tokens > 1 && ms > 0 ? [((tokens - 1) / ms) * 1000] : [];
}

function tokenRate(model: string, all: readonly Joined[]): Finding {
  // What came in one piece has no rate.
  const streams = all.filter((each) => !inOnePiece(each));
  const seen = streams.flatMap(({ note, detail }) => rateOf(detail.completionTokens, note.e2e - note.ttft));
  const made = streams.flatMap(({ served }) => {
    const times = served?.content_ns ?? [];
    return served ? rateOf(served.completion_tokens, (times[times.length - 1]! - times[0]!) / 1e6) : [];
  });
  const base = { id: 'token-rate', of: model, unit: 'tokens/s' };
  const mean = meanOf(seen);
  if (mean === undefined) {
    const why =
      streams.length === 0
        ? 'its streams come in one piece, so they have no rate'
        : 'no usage says how many tokens its streams had';
    return { ...base, value: null, text: `${model}: ${why}` };
  }
  const spread =
    (z95 * Math.sqrt(sumOf(seen.map((value) => (value - mean) ** 2)) / Math.max(1, seen.length - 1))) /
    Math.sqrt(seen.length);
  const provider = meanOf(made);
  const whose =
    provider === undefined
      ? ''
      : mean > 0.97 * provider
        ? `; the provider itself makes ${one(provider)}: the gateway takes none of it`
        : `; the provider itself makes ${one(provider)}: the gateway takes ${((100 * (provider - mean)) / provider).toFixed(0)} % of it`;
  return {
    ...base,
    value: mean,
    n: seen.length,
    interval: [mean - spread, mean + spread],
    text: `${model}: ${one(mean)} tokens/s after the first token [${one(mean - spread)}, ${one(mean + spread)}]${whose}`,
  };
}

/** Streams that stand still, and whether the provider did: its own gap at the same place was as long, or it was not. */
function stalls(streams: readonly Joined[]): Finding {
  let [all, gaps, provider, gateway] = [0, 0, 0, 0];
  let longest = 0;
  const stood = streams.filter(({ detail: { offsets }, served }) => {
    let any = false;
    const times = served?.content_ns;
    for (let i = 1; i < offsets.length; i++) {
      gaps++;
      const gap = offsets[i]! - offsets[i - 1]!;
      if (gap < stallFrom) continue;
      any = true;
      all++;
      longest = Math.max(longest, gap);
      if (times?.length !== offsets.length) continue;
      if (standsStill(times, i, gap / 2)) provider++;
      else gateway++;
    }
    return any;
  }).length;
  const base = {
    id: 'stalls',
    value: stood / streams.length,
    unit: 'share',
    n: streams.length,
    interval: wilson(stood, streams.length),
  };
  if (all === 0)
    return {
      ...base,
      text: `none of ${streams.length} streams stands still: no gap of ${counted(gaps)} is over ${stallFrom} ms`,
    };
  const known = provider + gateway;
  const whose =
    known === 0
      ? 'only a provider with a record can tell whose they are (PROVIDER_URL)'
      : `${provider} the provider's, ${gateway} the gateway's${known < all ? `, ${all - known} not known` : ''}`;
  return {
    ...base,
    text: `${stood} of ${streams.length} streams (${((100 * stood) / streams.length).toFixed(1)} %) stand still: ${all} gaps over ${stallFrom} ms, the longest ${longest.toFixed(0)} ms; ${whose}`,
  };
}

/** Whether the provider stood still for so long near this place: what is collected on the way moves a stall by some chunks. */
function standsStill(times: readonly number[], place: number, ms: number): boolean {
  for (let i = Math.max(1, place - near); i <= Math.min(times.length - 1, place + near); i++)
    if ((times[i]! - times[i - 1]!) / 1e6 > ms) return true;
  return false;
}

/** An answer of which all came within so short a time, ms, came in one piece: the reading alone takes a moment. */
const onePiece = 2;

const inOnePiece = ({ detail: { offsets } }: Joined) =>
  offsets.length > 1 && offsets[offsets.length - 1]! - offsets[0]! < onePiece;

/** Events that came at the same moment, seen from outside: what the reader itself joined has moments of its own. */
function heaps(streams: readonly Joined[]): Finding {
  const long = streams.filter(({ detail }) => detail.offsets.length > 3);
  const moments = (offsets: readonly number[]) => offsets.filter((at, i) => i === 0 || at > offsets[i - 1]!);
  const events = sumOf(long.map(({ detail }) => detail.offsets.length));
  const arrivals = sumOf(long.map(({ detail }) => moments(detail.offsets).length));
  const value = arrivals > 0 ? events / arrivals : 1;
  const base = { id: 'heaps', value, unit: 'chunks', n: long.length };
  const atOnce = long.filter(inOnePiece).length;
  if (atOnce > long.length / 2)
    return {
      ...base,
      text: `${atOnce} of ${long.length} streams come in one piece: something collects the whole answer`,
    };
  if (value <= 1.25) return { ...base, text: `chunks come one by one: ${value.toFixed(2)} at a time` };
  const alone = sumOf(long.map(({ detail: { offsets } }) => offsets.filter((at, i) => isAlone(offsets, at, i)).length));
  if (alone > arrivals / 2)
    return {
      ...base,
      text: `most chunks come one by one, but after a pause several at once, ${value.toFixed(2)} at a time in the mean: something stands still, and what came meanwhile is passed on together`,
    };
  const gaps = long.flatMap(({ detail }) => {
    const at = moments(detail.offsets);
    return at.slice(1).map((time, i) => time - at[i]!);
  });
  return {
    ...base,
    text: `chunks come in groups of ${one(value)} every ${medianOf(gaps)?.toFixed(0) ?? '-'} ms: they are collected before they are passed on`,
  };
}

/** Whether an event came at a moment of its own. */
const isAlone = (offsets: readonly number[], at: number, i: number) => at !== offsets[i - 1] && at !== offsets[i + 1];

/** The mean gap of the last quarter of some moments, ms; undefined of too few. */
function lastGap(moments: readonly number[]): number | undefined {
  if (moments.length < longEnough) return undefined;
  const [quarter, last] = [Math.floor(moments.length / 4), moments.length - 1];
  return (moments[last]! - moments[last - quarter]!) / quarter;
}

/**
 * Whether gaps become longer from a stream's first quarter to its last. Where the provider's own gaps are known, they must
 * be longer than those too: what was held at first and then comes in quick succession begins with short gaps.
 */
function slowsAlong(streams: readonly Joined[]): Finding[] {
  const change = ascending(
    streams.flatMap(({ detail: { offsets }, served }) => {
      const gap = lastGap(offsets);
      if (gap === undefined) return [];
      const quarter = Math.floor(offsets.length / 4);
      const content = served?.content_ns ?? [];
      const provider = content.length === offsets.length ? lastGap(content.map((ns) => ns / 1e6)) : undefined;
      return [Math.min(gap - (offsets[quarter]! - offsets[0]!) / quarter, gap - (provider ?? -Infinity))];
    }),
  );
  const value = quantileOf(change, 0.5);
  if (value === undefined) return [];
  const interval = intervalOf(change, 0.5)!;
  const told = `${one(value)} ms [${one(interval[0])}, ${one(interval[1])}]`;
  return [
    {
      id: 'slows-along',
      value,
      unit: 'ms',
      n: change.length,
      interval,
      text:
        interval[0] > 1
          ? `streams slow down along their way: a gap of the last quarter is ${told} longer than one of the first: each chunk costs more than the one before`
          : interval[1] < 1
            ? `streams keep their pace: from the first to the last quarter a gap changes by ${one(value)} ms`
            : `whether streams keep their pace is not known: from the first to the last quarter a gap changes by ${told}, in ${change.length} streams`,
    },
  ];
}

/** How long a whole answer is held after the provider has ended it, by its size. */
function plainAnswers(plain: readonly Joined[]): Finding[] {
  const held = (each: Joined) => {
    const { note, detail, served } = each;
    if (served?.end_ns == null || detail.sentAt < 0) return undefined;
    return (detail.sentAt - served.end_ns) / 1e6 + note.end;
  };
  const rounds = roundsOf(plain, ({ detail }) => detail.size);
  const points = plain.flatMap((each): Point[] => {
    const value = held(each);
    const size = each.detail.completionTokens;
    return value === undefined || size <= 0
      ? []
      : [{ round: rounds(each), size: each.detail.maxTokens || size, value: Math.max(value, 0.01) }];
  });
  if (points.length === 0) return [];
  const largest = Math.max(...points.map(({ size }) => size));
  const values = ascending(points.filter(({ size }) => size === largest).map(({ value }) => value));
  const value = quantileOf(values, 0.5)!;
  const law = growthLaw(points);
  const growth =
    law && grows(law) && law.rise.value > 5 ? `, ${lawText(law, 'ms', 'tokens')}: it ${growthWords(law)}` : '';
  return [
    {
      id: 'plain-answers',
      value,
      unit: 'ms',
      ...ofQuantile(values, 0.5),
      text: `a whole answer of ${counted(largest)} tokens comes ${one(value)} ms after the provider has ended it${growth}`,
    },
  ];
}
