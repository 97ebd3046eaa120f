import type { Finding } from '../../measurements';
import { medianOf, sumOf } from '../../statistics';
import type { Observed } from '../observed';
import type { StreamRung } from './rungs';
import { one, percent, three } from './words';

/*
 * Where each stream becomes slower than one of few: what all carry together then, and what they wait for.
 */

/** So much longer than alone streams take that something shared makes wait. */
const slowed = 1.5;
/** A process is busy where a wrong path waits so large a share of what the gaps have grown by. */
const shared = 0.5;
/** Chunks of all streams together that differ by less from rung to rung are the same number. */
const alike = 1.3;

/**
 * A stream that lasts longer than this many times its rung is beside streams of the next ones for the most part, and with
 * fewer or more than its rung says.
 */
const beyondRung = 1.25;

/** What all streams together carry, and not more, or for what they wait before they begin. */
export function ceiling(rungs: readonly StreamRung[], { requests }: Pick<Observed, 'requests'>): Finding[] {
  const known = rungs.filter(({ chunksPerSecond }) => chunksPerSecond !== undefined);
  const [first] = known;
  if (!first || known.length < 2) return [];
  const slow = known.filter(({ lasts }) => lasts! > slowed * first.lasts!);
  const told = slow.filter(({ lasts, seconds }) => lasts! <= beyondRung * seconds);
  const totals = told.map(({ chunksPerSecond }) => chunksPerSecond!);
  const base = { id: 'streams-ceiling', unit: 'chunks/s' };
  const most = Math.max(...known.map(({ chunksPerSecond }) => chunksPerSecond!));
  if (slow.length === 0)
    return [
      {
        ...base,
        value: null,
        text: `no ceiling shows: ${known[known.length - 1]!.inFlight} streams together carry ${three(most)} chunks/s, each at the pace of one of ${first.inFlight}`,
      },
    ];
  const value = medianOf(totals);
  const waited = waitBeside(slow, known);
  if (value === undefined) {
    const { inFlight, lasts, seconds } = slow[0]!;
    const longer = Math.max(...slow.map((rung) => rung.lasts! / rung.seconds));
    return [
      {
        ...base,
        value: null,
        text: `from ${inFlight} streams at once on each is slower than one of few (${one(lasts!)} s against ${one(first.lasts!)} s), and what all carry together is not told: so many were held for ${one(seconds)} s alone. ${Math.ceil(longer)} times the TIME_SCALE tells it`,
      },
    ];
  }
  // Of one number nothing can be said that holds whatever their number.
  const flat = totals.length > 1 && Math.max(...totals) < alike * Math.min(...totals);
  const sizes = requests.flatMap(({ bytes, chunks }) => (bytes !== undefined && chunks > 0 ? [bytes / chunks] : []));
  const size = medianOf(sizes);
  const carried = size === undefined ? '' : ` (${((value * size) / 1e6).toPrecision(2)} MB/s)`;
  const what = `from ${told[0]!.inFlight} streams at once on, all together carry ${three(value)} chunks/s${carried}${flat ? ' and not more, whatever their number' : ', and each is slower than one of few'}`;
  const before = waitBeforeFirst(slow, first);
  const why =
    before !== undefined
      ? `: of the time that they take longer, ${percent(before)} passes before the first chunk, and the chunks that follow keep their pace, so streams wait for their turn to begin`
      : !waited
        ? ': too few requests were beside them to say whether the process is busy'
        : waited.by > shared * waited.grown
          ? `: a wrong path waits ${one(waited.by)} ms longer beside them, so the process itself is busy with chunks (${three(1e6 / value)} µs of it for each); add workers, or do less for each chunk`
          : ': a wrong path is answered at once beside them, so the process is free: look at the bandwidth of the network or of a proxy between';
  const line =
    before === undefined || !waited
      ? ''
      : waited.by > shared * waited.grown
        ? `; a wrong path waits ${one(waited.by)} ms longer beside them, so it stands in the same line`
        : '; a wrong path does not wait with them';
  return [{ ...base, value, n: told.length, text: `${what}${why}${line}` }];
}

/** A stream waits for its turn where so large a share of what it takes longer passes before its first chunk. */
const mostlyBefore = 0.8;

/** The share of what slowed streams take longer that passes before their first chunk, where that is nearly all of it. */
function waitBeforeFirst(slow: readonly StreamRung[], first: StreamRung): number | undefined {
  const inGaps = ({ gapMean, gaps, ok }: StreamRung) => (gapMean! * gaps) / ok / 1000;
  const longer = sumOf(slow.map(({ lasts }) => lasts! - first.lasts!));
  const before = 1 - sumOf(slow.map((rung) => inGaps(rung) - inGaps(first))) / longer;
  return before >= mostlyBefore ? Math.min(1, before) : undefined;
}

/** Requests beside the streams that a wait is told by, at the least. */
const fewest = 4;

/**
 * By how much longer a wrong path takes beside streams that are slowed than beside the fewest, and by how much the time for
 * a chunk has grown there, ms: means over the rungs, by how many such requests each had. Undefined where there were too few.
 */
function waitBeside(slow: readonly StreamRung[], all: readonly StreamRung[]) {
  const beside = slow.filter(({ bystander }) => bystander !== undefined);
  const count = sumOf(beside.map(({ bystanders }) => bystanders));
  const alone = all.find(({ bystander }) => bystander !== undefined);
  if (count < fewest || !alone || beside.includes(alone)) return undefined;
  const mean = (of: (rung: StreamRung) => number) => sumOf(beside.map((rung) => rung.bystanders * of(rung))) / count;
  return {
    by: mean(({ bystander }) => bystander!) - alone.bystander!,
    grown: mean(({ eachChunk }) => eachChunk!) - all[0]!.eachChunk!,
  };
}
