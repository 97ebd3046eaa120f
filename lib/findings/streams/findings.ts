import type { Finding } from '../../measurements';
import { medianOf, sumOf, wilson } from '../../statistics';
import { endedBefore, hangUpAt, join } from '../../truth';
import { findings, type Observed } from '../observed';
import { keptAfterHangUps } from './kept';
import { hangUp } from './names';
import { endsIn, rungsOf, type StreamRung } from './rungs';

/*
 * What `streams` finds: how many streams are let in and how they keep their pace, what they carry together, whether each
 * gets its own answer, and what is left of those whose clients have gone.
 */

const one = (value: number) => value.toFixed(1);
const three = (value: number) => Number(value.toPrecision(3)).toString();
const percent = (share: number) => `${one(100 * share)} %`;

export const streamsFindings = findings(
  [
    'streams-by-number',
    'streams-refused',
    'streams-gaps',
    'streams-pace',
    'streams-ceiling',
    'avalanche',
    'answers-mixed-up',
    'hang-ups-go-on',
    'kept-after-hang-ups',
  ],
  (observed) => {
    const rungs = rungsOf(observed);
    if (rungs.length === 0) return [];
    return [
      table(rungs),
      refused(rungs),
      ...gaps(rungs),
      ...pace(rungs),
      ...ceiling(rungs, observed),
      ...avalanche(observed),
      ...mixedUp(observed),
      ...goOn(observed),
      ...keptAfterHangUps(observed),
    ];
  },
);

/** The rung that is judged: the plan's 1,000 of the 2,000 at the top. */
const judged = (rungs: readonly StreamRung[]) =>
  rungs.find(({ inFlight }) => inFlight >= rungs[rungs.length - 1]!.inFlight / 2)!;

/** The most of which (almost) none was refused. */
const wellUpTo = (rungs: readonly StreamRung[]) => rungs.filter(({ failedShare }) => failedShare <= 0.01).pop();

function table(rungs: readonly StreamRung[]): Finding {
  const cell = (value: number | undefined) => (value === undefined ? '-' : three(value));
  return {
    id: 'streams-by-number',
    value: wellUpTo(rungs)?.inFlight ?? 0,
    unit: 'streams',
    text: 'streams at once of which at most 1 % failed (gaps between chunks, first token and a wrong path beside them in ms; chunks: of all streams together)',
    table: {
      head: ['at once', 'ended well', 'failed', 'first token', 'gap p50', 'gap p95', 'chunks/s', 'wrong path'],
      rows: rungs.map((rung) => [
        String(rung.inFlight),
        String(rung.ok),
        percent(rung.failedShare),
        cell(rung.ttft),
        cell(rung.gapMedian),
        cell(rung.gap95),
        cell(rung.chunksPerSecond),
        cell(rung.bystander),
      ]),
    },
  };
}

function refused(rungs: readonly StreamRung[]): Finding {
  const rung = judged(rungs);
  const { ok, failed, inFlight, failedShare, outcome, status } = rung;
  const well = wellUpTo(rungs);
  const base = {
    id: 'streams-refused',
    value: failedShare,
    unit: 'share',
    n: ok + failed,
    interval: wilson(failed, ok + failed),
  };
  if (failed === 0)
    return {
      ...base,
      text: `${inFlight} streams at once are all served: none of ${ok} failed${beyond(rungs, inFlight)}`,
    };
  const how = `of ${inFlight} streams at once ${percent(failedShare)} fail (${outcome}${status > 0 ? `, status ${status}` : ''})`;
  const [least] = rungs;
  // What fails as often where few are held has another reason.
  if (least && least !== rung && wilson(least.failed, least.ok + least.failed)[1] >= failedShare)
    return {
      ...base,
      text: `${how}, and of ${least.inFlight} at once ${percent(least.failedShare)}: their number is not why. Look at what a single stream gets`,
    };
  return {
    ...base,
    text: `${how}; up to ${well?.inFlight ?? 0} at once are served: look for a limit of connections or streams there`,
  };
}

function beyond(rungs: readonly StreamRung[], inFlight: number): string {
  const more = rungs.filter((rung) => rung.inFlight > inFlight && rung.failedShare > 0.01)[0];
  if (more) return `; of ${more.inFlight} at once ${percent(more.failedShare)} fail (${more.outcome})`;
  return `; more than ${rungs[rungs.length - 1]!.inFlight} were not tried`;
}

function gaps(rungs: readonly StreamRung[]): Finding[] {
  const rung = judged(rungs);
  const first = rungs.find(({ gap95 }) => gap95 !== undefined);
  if (!first || rung.gap95 === undefined) return [];
  const grown = rung.gap95 > 1.5 * first.gap95! && rung.gap95 - first.gap95! > 5;
  return [
    {
      id: 'streams-gaps',
      value: rung.gap95,
      unit: 'ms',
      n: rung.gaps,
      text: grown
        ? `gaps between chunks grow from ${one(first.gap95!)} ms to ${one(rung.gap95)} ms (p95) as streams go from ${first.inFlight} to ${rung.inFlight} at once`
        : `gaps between chunks keep their length: ${one(first.gap95!)} ms with ${first.inFlight} streams at once, ${one(rung.gap95)} ms with ${rung.inFlight} (p95)`,
    },
  ];
}

/** How fast one of so many streams is. */
function pace(rungs: readonly StreamRung[]): Finding[] {
  const rung = judged(rungs);
  const first = rungs.find(({ tokensPerSecond }) => tokensPerSecond !== undefined);
  if (!first || rung.tokensPerSecond === undefined) return [];
  return [
    {
      id: 'streams-pace',
      value: rung.tokensPerSecond,
      unit: 'tokens/s',
      n: rung.ok,
      text: `one of ${rung.inFlight} streams at once gets ${three(rung.tokensPerSecond)} tokens/s (mean), one of ${first.inFlight} gets ${three(first.tokensPerSecond!)}`,
    },
  ];
}

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

/** What all streams together carry, and not more. */
function ceiling(rungs: readonly StreamRung[], { requests }: Observed): Finding[] {
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
  const why = !waited
    ? ': too few requests were beside them to say whether the process is busy'
    : waited.by > shared * waited.grown
      ? `: a wrong path waits ${one(waited.by)} ms longer beside them, so the process itself is busy with chunks (${three(1e6 / value)} µs of it for each); add workers, or do less for each chunk`
      : ': a wrong path is answered at once beside them, so the process is free: look at the bandwidth of the network or of a proxy between';
  return [{ ...base, value, n: told.length, text: `${what}${why}` }];
}

/** Requests beside the streams that a wait is told by, at the least. */
const fewest = 4;

/**
 * By how much longer a wrong path takes beside streams that are slowed than beside the fewest, and by how much the gaps have
 * grown there, ms: means over the rungs, by how many such requests each had. Undefined where there were too few.
 */
function waitBeside(slow: readonly StreamRung[], all: readonly StreamRung[]) {
  const beside = slow.filter(({ bystander }) => bystander !== undefined);
  const count = sumOf(beside.map(({ bystanders }) => bystanders));
  const alone = all.find(({ bystander }) => bystander !== undefined);
  if (count < fewest || !alone || beside.includes(alone)) return undefined;
  const mean = (of: (rung: StreamRung) => number) => sumOf(beside.map((rung) => rung.bystanders * of(rung))) / count;
  return {
    by: mean(({ bystander }) => bystander!) - alone.bystander!,
    grown: mean(({ gapMean }) => gapMean!) - all[0]!.gapMean!,
  };
}

function avalanche(observed: Observed): Finding[] {
  const phase = observed.phases.find((each) => each.phase === 'avalanche');
  const { ok, failed, outcome, ttft95 } = endsIn(observed, 'avalanche');
  const all = ok + failed;
  if (!phase || all === 0) return [];
  return [
    {
      id: 'avalanche',
      value: ok / all,
      unit: 'share',
      n: all,
      interval: wilson(ok, all),
      text: `${phase.max_in_flight} streams that begin at the same moment, and are held: ${percent(ok / all)} of ${all} end well${failed > 0 ? ` (the others: mostly ${outcome})` : ''}${ttft95 === undefined ? '' : `, the first token comes within ${ttft95.toFixed(0)} ms (p95)`}`,
    },
  ];
}

/** Answers that began with the id of another request; it takes the simulated provider, whose answers begin with it. */
function mixedUp(observed: Observed): Finding[] {
  const { requests, truth, phases } = observed;
  if (!truth) return [];
  const wrong = requests.filter(({ another }) => another).length;
  const all = sumOf(
    phases
      .filter(({ phase }) => phase.startsWith('held-') || phase === 'avalanche')
      .map(({ phase }) => endsIn(observed, phase).ok),
  );
  if (all === 0) return [];
  return [
    {
      id: 'answers-mixed-up',
      value: wrong,
      unit: 'answers',
      n: all,
      text:
        wrong === 0
          ? `each of about ${all} answers belongs to its own request`
          : `${wrong} of about ${all} streams got the answer to another request (${percent(wrong / Math.max(1, all))}): state of one request is visible to another`,
    },
  ];
}

/**
 * Whether the provider's calls of streams whose clients have gone were ended. A call that had ended before its client left
 * says nothing of that.
 */
function goOn({ requests, truth }: Observed): Finding[] {
  const left = requests.filter(({ outcome, size }) => outcome === 'cancelled' && size === hangUp);
  const calls = join(left, truth ?? []).flatMap(({ served, ...request }) =>
    served && !endedBefore(served, hangUpAt(request)) ? [served] : [],
  );
  if (calls.length === 0) return [];
  const on = calls.filter((each) => each.client_gone_ns === null).length;
  return [
    {
      id: 'hang-ups-go-on',
      value: on / calls.length,
      unit: 'share',
      n: calls.length,
      interval: wilson(on, calls.length),
      text:
        on === 0
          ? `the provider's calls of all ${calls.length} streams whose clients hung up were ended`
          : `${on} of ${calls.length} provider calls ran to their end although the client had hung up: each goes on to hold its memory and its connection, and is billed`,
    },
  ];
}
