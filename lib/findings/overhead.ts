import { ofQuantile, type Finding } from '../measurements';
import { family } from '../metrics';
import { ascending, intervalOf, medianOf, quantileOf, sumOf } from '../statistics';
import { join, overhead, type Joined, type Overhead } from '../truth';
import { lateChunksText } from './late-chunks';
import { findings, type DerivedValues, type Observed } from './observed';

/*
 * What a gateway adds to an answer, request by request and chunk by chunk: the client's time less the provider's own.
 */

type Paired = Joined & { own: Overhead };

function paired({ requests, truth }: Pick<Observed, 'requests' | 'truth'>): Paired[] {
  return join(requests, truth ?? []).flatMap((joined) => {
    const own = overhead(joined);
    return own ? [{ ...joined, own }] : [];
  });
}

/** The values of `llm_overhead_ttft` and `llm_overhead_chunk`, under the tags of each request. */
export function* overheadValues(observed: Pick<Observed, 'requests' | 'truth'>): Iterable<DerivedValues> {
  for (const { note, detail, own } of paired(observed)) {
    const tags = {
      kind: detail.kind,
      size: detail.size,
      model: note.model,
      family: family(note.model),
      phase: note.phase,
    };
    yield { tags, values: { llm_overhead_ttft: own.ttft, llm_overhead_chunk: own.chunks }, at: note.sent };
  }
}

const ms = (value: number | undefined) =>
  value === undefined
    ? '-'
    : Math.abs(value) >= 100
      ? value.toFixed(0)
      : Math.abs(value) >= 10
        ? value.toFixed(1)
        : value.toFixed(2);

/**
 * Time to first token and its parts, time per chunk, its change along the stream, and whether chunks come out as they
 * went in.
 */
export const overheadFindings = findings(
  [
    'overhead',
    'overhead-to-first-token',
    'overhead-per-chunk',
    'overhead-along-the-stream',
    'chunks-per-arrival',
    'by-model',
    'streams-paired',
  ],
  (observed) => {
    const all = paired(observed);
    const streams = observed.requests.filter((note) => note.outcome === 'ok' && note.detail?.kind === 'chat').length;
    if (all.length === 0)
      return [
        {
          id: 'overhead',
          value: null,
          unit: 'ms',
          text: `none of the ${streams} streams that ended well could be found in the provider's record`,
        },
      ];
    const pairing: Finding = {
      id: 'streams-paired',
      value: all.length / Math.max(1, streams),
      unit: 'share',
      n: streams,
      text: `${all.length} of ${streams} streams that ended well were found in the provider's record`,
    };
    return [
      toFirstToken(all),
      perChunk(all, observed.truth ?? []),
      alongTheStream(all),
      inPieces(all, observed.truth ?? []),
      ...byModel(all),
      pairing,
    ];
  },
);

/**
 * Where several models are asked: a gateway has an adapter for each provider's wire, and one may be slower than
 * another, or hold chunks back.
 */
function byModel(all: readonly Paired[]): Finding[] {
  const groups = new Map<string, Paired[]>();
  for (const one of all) {
    const name = `${one.note.model} (${one.served?.wire ?? '?'})`;
    groups.set(name, [...(groups.get(name) ?? []), one]);
  }
  if (groups.size < 2) return [];
  const rows = [...groups]
    .sort(([one], [other]) => (one < other ? -1 : 1))
    .map(([name, group]) => {
      const first = ascending(group.map(({ own }) => own.ttft));
      const chunks = ascending(group.flatMap(({ own }) => own.chunks));
      const total = (of: (own: Overhead) => number) => sumOf(group.map(({ own }) => of(own)));
      return [
        name,
        String(group.length),
        ms(quantileOf(first, 0.5)),
        ms(quantileOf(first, 0.95)),
        ms(medianOf(group.flatMap(({ own }) => own.before ?? []))),
        ms(quantileOf(chunks, 0.5)),
        ms(quantileOf(chunks, 0.95)),
        (total((own) => own.chunksIn) / total((own) => own.arrivals)).toFixed(2),
      ];
    });
  const head = [
    'model (wire)',
    'streams',
    'first token p50',
    'p95',
    'of it before',
    'chunk p50',
    'p95',
    'chunks/arrival',
  ];
  return [
    {
      id: 'by-model',
      value: groups.size,
      unit: 'models',
      n: all.length,
      text: `what the gateway adds, by model and by the protocol in which it asks the provider, in ms ("of it before": until the provider has the request)`,
      table: { head, rows },
    },
  ];
}

function toFirstToken(all: readonly Paired[]): Finding {
  const sorted = ascending(all.map(({ own }) => own.ttft));
  const share = medianOf(all.filter(({ note }) => note.ttft > 0).map(({ note, own }) => own.ttft / note.ttft));
  const before = medianOf(all.flatMap(({ own }) => own.before ?? []));
  const after = medianOf(all.flatMap(({ own }) => own.after ?? []));
  const parts =
    before === undefined || after === undefined
      ? ''
      : `: ${ms(before)} ms of this pass before the provider has the request, and ${ms(after)} ms between the provider's first token and the client`;
  const q = (share: number) => ms(quantileOf(sorted, share));
  return {
    id: 'overhead-to-first-token',
    value: quantileOf(sorted, 0.5) ?? null,
    unit: 'ms',
    ...ofQuantile(sorted, 0.5),
    text: `the gateway adds ${q(0.5)} ms to the time to first token (p95 ${q(0.95)}, p99 ${q(0.99)}), which is ${(100 * (share ?? 0)).toFixed(1)} % of it${parts}`,
  };
}

function perChunk(all: readonly Paired[], truth: Observed['truth'] & object): Finding {
  const sorted = ascending(all.flatMap(({ own }) => own.chunks));
  const id = 'overhead-per-chunk';
  if (sorted.length === 0)
    return {
      id,
      value: null,
      unit: 'ms',
      text: 'the client did not get the chunks as the provider wrote them, so no chunk could be followed through the gateway',
    };
  const q = (share: number) => ms(quantileOf(sorted, share));
  return {
    id,
    value: quantileOf(sorted, 0.5) ?? null,
    unit: 'ms',
    n: sorted.length,
    text: `a chunk takes ${q(0.5)} ms from the provider through the gateway to the client (p95 ${q(0.95)}, p99 ${q(0.99)})${lateChunksText(all, truth)}`,
  };
}

/** Chunks that a stream must have for its beginning to be told from its end. */
const longEnough = 8;

function alongTheStream(all: readonly Paired[]): Finding {
  const id = 'overhead-along-the-stream';
  const long = all.filter(({ own }) => own.chunks.length >= longEnough);
  // The first chunk's way is part of the time to first token, so the stream begins with the second.
  const level = (values: readonly number[]) => medianOf(values) ?? 0;
  const beginning = (chunks: readonly number[]) => chunks.slice(1, 1 + Math.ceil(chunks.length / 4));
  const change = ascending(
    long.map(({ own: { chunks } }) => level(chunks.slice(-Math.ceil(chunks.length / 4))) - level(beginning(chunks))),
  );
  const value = quantileOf(change, 0.5);
  if (value === undefined)
    return {
      id,
      value: null,
      unit: 'ms',
      text: `no stream has ${longEnough} chunks, which it takes to see a change along the stream`,
    };
  // What falls behind is later with each chunk: at the end by at least as much again as at the beginning.
  const [low, high] = intervalOf(change, 0.5)!;
  const begins = Math.max(1, medianOf(long.map(({ own: { chunks } }) => level(beginning(chunks))))!);
  const told =
    low < begins && high > -begins / 2
      ? Math.abs(value) < begins / 2
        ? 'stays nearly the same'
        : `differs so much from stream to stream [${ms(low)}, ${ms(high)}] that neither growing nor shrinking is shown`
      : value > 0
        ? 'grows, so the gateway falls behind the provider'
        : 'shrinks, so the gateway holds chunks back at first and hands them on later in the stream';
  return {
    id,
    value,
    unit: 'ms',
    ...ofQuantile(change, 0.5),
    text: `from the first to the last quarter of a stream the time that the gateway adds to a chunk changes by ${ms(value)} ms: it ${told}`,
  };
}

/** More chunks than this to one arrival are no accident of the network. */
const piecesFrom = 1.25;

function inPieces(all: readonly Paired[], truth: Observed['truth'] & object): Finding {
  const sum = (of: (own: Overhead) => number) => sumOf(all.map(({ own }) => of(own)));
  const [chunksIn, chunksOut, arrivals] = [
    sum((own) => own.chunksIn),
    sum((own) => own.chunksOut),
    sum((own) => own.arrivals),
  ];
  const value = chunksIn / arrivals;
  const out =
    chunksOut === chunksIn
      ? 'as many events came out as chunks went in'
      : `${chunksOut} events came out for ${chunksIn} chunks that went in`;
  const whole = all.filter(({ own }) => own.chunksIn > 3 && own.arrivals === 1);
  const held = medianOf(whole.flatMap(({ own }) => own.after ?? []));
  let text = `chunks come to the client one by one (${value.toFixed(2)} in one arrival; ${out})`;
  if (whole.length > all.length / 2) {
    text = `buffering: ${whole.length} of ${all.length} streams arrived in one piece${held === undefined ? '' : `, ${ms(held)} ms after the provider's first token`}: something on the way collects the whole answer (a proxy that buffers, compression, or a client library that does not stream)`;
  } else if (value > piecesFrom && lateChunksText(all, truth) !== '') {
    text = `${value.toFixed(1)} of the provider's chunks come in one arrival (${out}): what waits while streams stand still comes together, so it does not show whether chunks are collected too`;
  } else if (value > piecesFrom) {
    const gaps = ascending(
      all.flatMap(({ detail: { offsets } }) =>
        offsets.slice(1).flatMap((offset, i) => (offset > offsets[i]! ? [offset - offsets[i]!] : [])),
      ),
    );
    text = `coalescing: ${value.toFixed(1)} of the provider's chunks come in one arrival, every ${ms(quantileOf(gaps, 0.5))} ms (${out}): chunks are collected by number or by a timer before they are written`;
  }
  return { id: 'chunks-per-arrival', value, unit: 'chunks', n: all.length, text };
}
