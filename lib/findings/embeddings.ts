import { grows, growthLaw, growthWords, lawAt, type Point } from '../growth-law';
import { ofQuantile, type Finding } from '../measurements';
import { ascending, medianOf, quantileOf, sumOf, wilson } from '../statistics';
import { join, type Joined, type TruthRecord } from '../truth';
import { memoryKept } from './memory-kept';
import { findings, type Observed } from './observed';
import { roundsOf } from './sizes/rounds';

/*
 * What embeddings cost by the number of texts in a request, whether a batch stays one call, and whether the vectors are
 * right.
 */

/** The phase whose requests come in rounds of sizes. */
export const sizesPhase = 'sizes';

/** Everything that the script `embeddings` finds. */
export const embeddingFindings = findings(
  ['single-text', 'batch-sizes', 'time-by-batch', 'batch-split', 'vectors-wrong', 'memory-kept-by-texts'],
  (observed: Observed) => {
    const { requests, truth } = observed;
    const all = join(requests, truth ?? []).filter(({ detail }) => detail.kind === 'embedding');
    const good = all.filter(({ note }) => note.outcome === 'ok');
    const sizes = good.filter(({ note }) => note.phase === sizesPhase);
    const texts = sumOf(all.map(({ detail }) => detail.texts));
    return [
      ...singleText(good),
      ...bySize(sizes),
      ...splitting(good),
      ...vectorsWrong(all),
      ...memoryKept(observed, 'memory-kept-by-texts', texts, 'text'),
    ];
  },
);

const one = (value: number) => (value >= 100 ? value.toFixed(0) : value.toFixed(1));

/** What the provider itself took for a call, ms. */
const own = ({ served }: Joined) => (served?.end_ns == null ? undefined : (served.end_ns - served.received_ns) / 1e6);

function singleText(good: readonly Joined[]): Finding[] {
  const single = good.filter(({ detail }) => detail.texts === 1);
  const times = ascending(single.map(({ note }) => note.e2e));
  const value = quantileOf(times, 0.95);
  if (value === undefined) return [];
  const theirs = quantileOf(ascending(single.flatMap((each) => own(each) ?? [])), 0.95);
  const part = theirs === undefined ? '' : `; the provider's own part ${one(theirs)} ms`;
  return [
    {
      id: 'single-text',
      value,
      unit: 'ms',
      ...ofQuantile(times, 0.95),
      text: `one text: p95 ${one(value)} ms, median ${one(quantileOf(times, 0.5)!)} ms${part}`,
    },
  ];
}

function bySize(sizes: readonly Joined[]): Finding[] {
  const counts = [...new Set(sizes.map(({ detail }) => detail.texts))].sort((a, b) => a - b);
  if (counts.length < 2) return [];
  const rows = counts.map((texts) => {
    const time = medianOf(sizes.filter(({ detail }) => detail.texts === texts).map(({ note }) => note.e2e))!;
    return { texts, time, rate: (1000 * texts) / time };
  });
  const best = rows.reduce((a, b) => (b.rate > a.rate ? b : a));
  const [first] = rows;
  const table = {
    head: ['texts', 'median', 'a text', 'texts/s, one request at a time'],
    rows: rows.map(({ texts, time, rate }) => [
      String(texts),
      `${one(time)} ms`,
      `${(time / texts).toFixed(2)} ms`,
      one(rate),
    ]),
  };
  const found: Finding[] = [
    {
      id: 'batch-sizes',
      value: best.texts,
      unit: 'texts',
      n: sizes.length,
      text: `best size ${best.texts}: ${one(best.rate)} texts/s one request at a time, ${one(first!.rate)} with ${first!.texts} text${first!.texts > 1 ? 's' : ''} in each`,
      table,
    },
  ];
  const rounds = roundsOf(sizes, ({ detail }) => String(detail.texts));
  const law = growthLaw(
    sizes.map((each): Point => ({ round: rounds(each), size: each.detail.texts, value: each.note.e2e })),
  );
  if (law) {
    const [low, high] = law.powerInterval;
    const each = (lawAt(law, law.to) - lawAt(law, law.from)) / (law.to - law.from);
    const grown = grows(law);
    found.push({
      id: 'time-by-batch',
      value: grown ? low : 0,
      unit: 'power',
      n: law.n,
      text: grown
        ? `a batch takes ${one(lawAt(law, law.from))} ms with ${law.from} text${law.from > 1 ? 's' : ''} and ${one(lawAt(law, law.to))} ms with ${law.to}, ${each.toFixed(2)} ms for each further text: it ${growthWords(law)} (power ${law.power.toFixed(2)} [${low.toFixed(2)}, ${high.toFixed(2)}])`
        : `a batch of ${law.to} takes no longer than one of ${law.from}`,
    });
  }
  return found;
}

/** A batch that becomes several calls, and whether they ran side by side. */
function splitting(good: readonly Joined[]): Finding[] {
  const batches = good.filter(({ detail, calls }) => detail.texts > 1 && calls.length > 0);
  if (batches.length === 0) return [];
  const value = sumOf(batches.map(({ calls }) => calls.length)) / batches.length;
  const base = { id: 'batch-split', value, unit: 'calls', n: batches.length };
  const split = batches.filter(({ calls }) => calls.length > 1);
  if (split.length === 0) return [{ ...base, text: `each of ${batches.length} batches is one call to the provider` }];
  const largest = split.reduce((a, b) => (b.detail.texts > a.detail.texts ? b : a));
  const together = Math.max(...split.map(({ calls }) => atOnce(calls)));
  const how = together > 1 ? `up to ${together} of them at once` : 'one after the other';
  return [
    {
      ...base,
      text: `${split.length} of ${batches.length} batches are split: one of ${largest.detail.texts} texts becomes ${largest.calls.length} calls, ${how}; ${one((1000 * largest.detail.texts) / largest.note.e2e)} texts/s`,
    },
  ];
}

/** The most calls that ran at the same moment. */
function atOnce(calls: readonly TruthRecord[]): number {
  return Math.max(
    ...calls.map(
      ({ received_ns: at }) =>
        calls.filter((other) => other.received_ns <= at && (other.end_ns ?? Infinity) > at).length,
    ),
  );
}

function vectorsWrong(all: readonly Joined[]): Finding[] {
  const seen = all.flatMap(({ note, detail }) => (detail.vectors ? [{ note, ...detail.vectors }] : []));
  if (seen.length === 0) return [];
  const count = (of: (each: (typeof seen)[number]) => boolean) => seen.filter(of).length;
  const lengths = seen.filter((each) => each.count > 0).map(({ length }) => length);
  const usual = medianOf(lengths) ?? 0;
  const repeated = seen.filter(({ hash }) => hash !== '0');
  const hashes = new Map<string, number>();
  for (const { hash } of repeated) hashes.set(hash, (hashes.get(hash) ?? 0) + 1);
  const usualHash = [...hashes].sort((a, b) => b[1] - a[1])[0]?.[0];
  const wrong = (each: (typeof seen)[number]) => ({
    uneven: each.uneven > 0 || (each.count > 0 && each.length !== usual),
    infinite: each.notFinite > 0,
    order: each.outOfOrder > 0,
    other: each.hash !== '0' && each.hash !== usualHash,
  });
  const kinds: [number, string][] = [
    [count((each) => wrong(each).uneven), `have vectors that are not ${usual} long`],
    [count((each) => wrong(each).infinite), 'have numbers that are not finite'],
    [count((each) => wrong(each).order), 'have vectors out of order'],
    [count((each) => wrong(each).other), 'have another vector for the same text, or in its place'],
  ];
  const bad = count((each) => Object.values(wrong(each)).some(Boolean));
  const told = kinds.filter(([n]) => n > 0).map(([n, what]) => `${n} ${what}`);
  return [
    {
      id: 'vectors-wrong',
      value: bad / seen.length,
      unit: 'share',
      n: seen.length,
      interval: wilson(bad, seen.length),
      text:
        bad === 0
          ? `all vectors of ${seen.length} answers are ${usual} long, finite and in order, and the same text has the same vector in ${repeated.length} answers`
          : `of ${seen.length} answers ${told.join(', ')}`,
    },
  ];
}
