import type { Finding } from '../../measurements';
import { medianOf, sumOf } from '../../statistics';
import { usableCores } from '../growth';
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
export function ceiling(
  rungs: readonly StreamRung[],
  observed: Pick<Observed, 'requests' | 'timeline' | 'resources'>,
): Finding[] {
  const { requests } = observed;
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
  const why = whyOf({ before: waitBeforeFirst(slow, first), waited, used: cpuUsed(told, observed), value });
  return [{ ...base, value, n: told.length, text: `${what}: ${why}` }];
}

/** What slowed streams show: see the functions that find it. `value` is how many chunks they get a second, all together. */
interface Signs {
  before?: number;
  waited?: { by: number; grown: number };
  used?: number;
  value: number;
}

/** Why streams are slower than one of few, in words, with what to do. */
function whyOf({ before, waited, used, value }: Signs): string {
  const waits = waited !== undefined && waited.by > shared * waited.grown;
  const longer = waits ? `a wrong path waits ${one(waited.by)} ms longer beside them` : '';
  if (before !== undefined) {
    const line = waits ? `; ${longer}, so it stands in the same line` : '; a wrong path does not wait with them';
    return `of the time that they take longer, ${percent(before)} passes before the first chunk, and the chunks that follow keep their pace, so streams wait for their turn to begin${waited ? line : ''}`;
  }
  if (!waited) return 'too few requests were beside them to say whether the process is busy';
  const outside = 'look at the bandwidth of the network or of a proxy between';
  if (!waits) return `a wrong path is answered at once beside them, so the process is free: ${outside}`;
  if (used !== undefined && used < full)
    return `${longer}, but no process of the target uses more than ${percent(used)} of its CPU then: ${outside}`;
  return `${longer}, so the process itself is busy with chunks (${three(1e6 / value)} µs of it for each); add workers, or do less for each chunk`;
}

/** A process that uses less of its CPU than this is not what streams wait for. */
const full = 0.7;

/** The most CPU that a process of the target used while so many were held, a share of what it may use; undefined where no page tells. */
function cpuUsed(
  rungs: readonly StreamRung[],
  { timeline, resources = [] }: Pick<Observed, 'timeline' | 'resources'>,
): number | undefined {
  const phases = new Set(rungs.map(({ inFlight }) => `held-${inFlight}`));
  const points = timeline.filter(({ phase }) => phases.has(phase));
  const shares = resources.flatMap((report) => {
    const cores = usableCores(report);
    const values = points.flatMap((point) => point.resources?.[report.target]?.target_cpu ?? []);
    return cores && values.length > 0 ? [Math.max(...values) / cores] : [];
  });
  return shares.length > 0 ? Math.max(...shares) : undefined;
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
