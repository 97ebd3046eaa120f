import { gather, stats, type Finding } from '../../measurements';
import { fewFor, ofHistogram, quantileRanks, sumOf, wilson } from '../../statistics';
import { endedBefore, hangUpAt, join } from '../../truth';
import { findings, type Observed } from '../observed';
import { ceiling } from './ceiling';
import { keptAfterHangUps } from './kept';
import { hangUp } from './names';
import { endsIn, rungsOf, type StreamRung } from './rungs';
import { one, percent, three } from './words';

/*
 * What `streams` finds: how many streams are let in and how they keep their pace, what they carry together, whether each
 * gets its own answer, and what is left of those whose clients have gone.
 */

export const streamsFindings = findings(
  [
    'streams-by-number',
    'streams-refused',
    'streams-first-token',
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
      ...firstToken(rungs, observed),
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

/** How long one of so many streams waits for its first token. */
function firstToken(rungs: readonly StreamRung[], { booked }: Observed): Finding[] {
  const timesAt = ({ inFlight }: StreamRung) =>
    gather(booked?.rows ?? [], 'llm_ttft', { phase: `held-${inFlight}`, size: 'stream' });
  const [first, rung] = [rungs[0]!, judged(rungs)];
  const times = timesAt(rung);
  const [few, { p50: median, p95: value, count: n }] = [stats(timesAt(first)).p50, stats(times)];
  if (few === null || median === null || value === null) return [];
  const [low, high] = quantileRanks(0.95, n).map((rank) => ofHistogram(times).atRank(rank)!);
  return [
    {
      id: 'streams-first-token',
      value,
      unit: 'ms',
      n,
      interval: [low!, high!],
      ...(fewFor(0.95, n) ? { few: true } : {}),
      text: `the first token of one of ${rung.inFlight} streams at once comes within ${one(value)} ms (p95; ${one(median)} ms in the median), of one of ${first.inFlight} within ${one(few)} ms (median)`,
    },
  ];
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
