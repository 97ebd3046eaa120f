import type { Finding } from '../../measurements';
import { ascending, medianDifference, quantileOf, type Difference } from '../../statistics';
import { alignment, attemptsOf, type RequestNote } from '../../truth';
import { findings, type Observed } from '../observed';

/*
 * What one provider's trouble does to the other's requests, as a change of medians with a 95 % interval.
 */

/** Phases, and what each is held against. */
const pairs: readonly (readonly [string, string])[] = [
  ['beside', 'alone'],
  ['slow', 'beside'],
  ['hung', 'beside'],
  ['after', 'beside'],
];
/** What is compared of each of these phases. */
const kinds = ['ttft', 'longest-gap', 'plain-calls', 'failed'] as const;
/** A change counts when its interval is beyond this, ms: less is no head-of-line blocking that a user would feel. */
const felt = 10;

interface Sample {
  requests: RequestNote[];
  /** Of the streams that ended well. */
  ttft: number[];
  /** The longest gap of each stream. */
  stall: number[];
  /** Sent by the client -> received by its provider, of the streams; without a truth none. */
  wait: number[];
  failed: number;
  plain: {
    requests: number;
    /**
     * As `wait`, and until the client gave up where the provider was not asked at all; without a truth the whole time
     * to the answer.
     */
    wait: number[];
    ok: number;
  };
}

const signed = (value: number) => `${value >= 0 ? '+' : ''}${value.toFixed(Math.abs(value) < 10 ? 1 : 0)}`;
const told = ({ value, interval }: Difference) => `${signed(value)} ms [${interval.map(signed).join(', ')}]`;
const cell = (values: readonly number[], q: number) => quantileOf(ascending(values), q)?.toFixed(1) ?? '-';

/** All findings of a run of `bulkhead`; MODELS are the two models, the sick one first. */
export const bulkheadFindings = findings(
  ['bulkhead', ...pairs.flatMap(([phase]) => kinds.map((kind) => `${kind}-${phase}`))],
  (observed) => {
    const { requests } = observed;
    const well = requests.find((request) => request.phase === 'alone')?.model ?? 'none';
    const sick = requests.find((request) => request.model !== well)?.model ?? 'none';
    const samples = new Map(
      ['alone', 'beside', 'slow', 'between', 'hung', 'after'].map((phase) => [phase, sampleOf(observed, phase, well)]),
    );
    const rows = [...samples]
      .filter(([, sample]) => sample.requests.length > 0)
      .map(([phase, { requests: asked, failed, ttft, stall, wait, plain }]) => [
        phase,
        String(asked.length),
        String(failed),
        cell(ttft, 0.5),
        cell(ttft, 0.95),
        cell(stall, 0.5),
        cell(stall, 0.95),
        cell(wait, 0.5),
        cell(plain.wait, 0.5),
      ]);
    const table = {
      head: ['phase', 'requests', 'failed', 'ttft p50', 'p95', 'longest gap p50', 'p95', 'asked after', 'plain call'],
      rows,
    };
    const made: Finding[] = [
      {
        id: 'bulkhead',
        value: null,
        unit: 'ms',
        table,
        text: `what ${sick} does to ${well}, whose requests these are (ms, without the first third of each phase; asked after: from a stream's request to its arrival at the provider; plain call: the same of calls without a stream${observed.truth ? '' : ', or the whole call, since the provider is not known'})`,
      },
    ];
    for (const [phase, base] of pairs)
      made.push(
        ...compare(phase, samples.get(phase)!, base, samples.get(base)!, well, sick, heldAtOnce(requests, phase, sick)),
      );
    return made;
  },
);

function sampleOf({ requests, truth }: Observed, phase: string, model: string): Sample {
  const all = requests.filter((request) => request.phase === phase);
  const start = Math.min(...all.map((request) => request.sent));
  const end = Math.max(...all.map((request) => request.sent));
  // The trouble takes its time to fill what is shared; without its beginning the figure is that of the state it leads
  // to.
  const asked = all.filter((request) => request.model === model && request.sent >= start + (end - start) / 3);
  const ok = asked.filter((request) => request.outcome === 'ok');
  const offset = truth && alignment(requests, truth);
  const calls =
    truth && offset !== undefined ? attemptsOf(asked, truth, offset) : new Map<string, { received: number }[]>();
  const wait = (request: RequestNote) =>
    calls.get(request.id)?.[0] ? [calls.get(request.id)![0]!.received - request.sent] : [];
  const plain = asked.filter((request) => request.plain);
  return {
    requests: asked,
    ttft: ok.filter((request) => !request.plain).map((request) => request.ttft),
    stall: ok.filter((request) => request.gapMax >= 0).map((request) => request.gapMax),
    wait: asked.filter((request) => !request.plain).flatMap(wait),
    failed: asked.length - ok.length,
    plain: {
      requests: plain.length,
      wait: plain.flatMap((request) =>
        truth ? (wait(request)[0] ?? request.end) : request.outcome === 'ok' ? request.e2e : [],
      ),
      ok: plain.filter((request) => request.outcome === 'ok').length,
    },
  };
}

/** Most requests of a model in flight at one moment of a phase. */
export function heldAtOnce(requests: readonly RequestNote[], phase: string, model: string): number {
  const moments = requests
    .filter((request) => request.phase === phase && request.model === model && request.sent >= 0)
    .flatMap(({ sent, end }) => [[sent, 1] as const, [sent + Math.max(0, end), -1] as const])
    .sort(([a, one], [b, other]) => a - b || one - other);
  let [now, most] = [0, 0];
  for (const [, change] of moments) most = Math.max(most, (now += change));
  return most;
}

function compare(
  phase: string,
  now: Sample,
  base: string,
  then: Sample,
  well: string,
  sick: string,
  held: number,
): Finding[] {
  const state = {
    beside: `${sick} is used beside it`,
    slow: `${sick} is slow`,
    hung: `${sick} hangs`,
    after: `${sick} is well again`,
  }[phase]!;
  const ttft = medianDifference(now.ttft, then.ttft);
  const stall = medianDifference(now.stall, then.stall);
  const wait = medianDifference(now.wait, then.wait);
  const counts = (change: Difference | undefined) => change !== undefined && change.interval[0] > felt;
  const share = now.requests.length > 0 ? now.failed / now.requests.length : null;
  const starved = now.requests.length > now.plain.requests && now.ttft.length === 0;
  const head = `while ${state}, ${well}'s`;

  const cause = counts(stall)
    ? `streams under way stand still: both run on one event loop (or CPU) that calls to ${sick} block; give the calls a thread or a worker of their own`
    : counts(wait)
      ? `its provider is asked ${told(wait!)} later: calls wait for something that both share, as a pool of connections, worker slots or a limit of calls in flight; give each provider its own`
      : 'the gateway shares something between the two that the calls wait for';
  const ttftText = starved
    ? `${head} requests got no answer at all (${now.failed} of ${now.requests.length} failed): the two share something that ${sick} holds, as a pool of connections or worker slots; give each provider its own`
    : !ttft
      ? `${head} time to first token: too few samples to say (${now.ttft.length} and ${then.ttft.length})`
      : `${head} TTFT p50 ${told(ttft)} against phase ${base}${counts(ttft) || counts(stall) ? `: ${cause}` : ttft.interval[1] <= 2 * felt ? `: nothing shared that shows; a change under ${signed(ttft.interval[1])} ms would not, nor a pool of ${held} places or more, since so many calls to ${sick} were held at once` : ': too few samples to be sure'}${now.failed > 0 ? `; ${now.failed} of ${now.requests.length} requests failed` : ''}`;
  const stallText = !stall
    ? `${head} gaps: too few samples to say`
    : `${head} longest gap p50 ${told(stall)} against phase ${base}${counts(stall) ? `: ${cause}` : ''}`;
  const plain = medianDifference(now.plain.wait, then.plain.wait);
  const plainStarved = now.plain.requests > 0 && now.plain.ok === 0;
  const holding =
    counts(wait) || starved
      ? 'streams wait too: see their time to first token'
      : `streams do not wait: something is held for as long as a plain call lasts (a database session, a worker slot), and calls to ${sick} hold all there is of it; let it go before the provider is called`;
  const plainText = plainStarved
    ? `${head} plain calls got no answer at all (${now.plain.requests}); ${holding}`
    : !plain
      ? `${head} plain calls: too few samples to say (${now.plain.wait.length} and ${then.plain.wait.length})`
      : `${head} plain calls ${told(plain)} later against phase ${base}${counts(plain) ? `; ${holding}` : ''}`;
  return [
    {
      id: `ttft-${phase}`,
      unit: 'ms',
      value: ttft?.value ?? null,
      interval: ttft?.interval,
      n: now.ttft.length,
      missed: starved || undefined,
      text: ttftText,
    },
    {
      id: `longest-gap-${phase}`,
      unit: 'ms',
      value: stall?.value ?? null,
      interval: stall?.interval,
      n: now.stall.length,
      missed: starved || undefined,
      text: stallText,
    },
    {
      id: `plain-calls-${phase}`,
      unit: 'ms',
      value: plain?.value ?? null,
      interval: plain?.interval,
      n: now.plain.wait.length,
      missed: plainStarved || undefined,
      text: plainText,
    },
    {
      id: `failed-${phase}`,
      unit: 'share',
      value: share,
      n: now.requests.length,
      text: `while ${state}, ${now.failed} of ${now.requests.length} requests of ${well} failed`,
    },
  ];
}
