import { gather, stats } from '../../measurements';
import type { Observed } from '../observed';
import { outcomesOf } from '../outcomes';

/** What so many streams at once showed; times in ms, undefined where nothing was measured. */
export interface StreamRung {
  inFlight: number;
  ok: number;
  failed: number;
  failedShare: number;
  /** The most frequent failure, and its status; 0: none. */
  outcome: string;
  status: number;
  ttft?: number;
  gaps: number;
  gapMean?: number;
  gapMedian?: number;
  gap95?: number;
  /** Mean tokens a second of one stream, after its first. */
  tokensPerSecond?: number;
  /** How long a stream takes for each of its chunks, ms: what waits before the first is in it. */
  eachChunk?: number;
  /** Of all streams together. */
  chunksPerSecond?: number;
  /** Median time of a request that no route serves, sent among the streams. */
  bystander?: number;
  bystanders: number;
  /** How long one stream takes, mean, and how long so many were held, s. */
  lasts?: number;
  seconds: number;
}

/** The rungs that were climbed, the lowest first. */
export function rungsOf(observed: Observed): StreamRung[] {
  return observed.phases
    .flatMap(({ phase, sent, start_s: start, end_s: end }) => {
      const inFlight = Number(/^held-(\d+)$/.exec(phase)?.[1] ?? NaN);
      return Number.isInteger(inFlight) && sent > 0 ? [rungOf(observed, phase, inFlight, end - start)] : [];
    })
    .sort((a, b) => a.inFlight - b.inFlight);
}

function rungOf({ booked, failures }: Observed, phase: string, inFlight: number, seconds: number): StreamRung {
  const { ok, failed, outcome, status } = endsIn({ booked, failures }, phase);
  const of = (metric: string, size: string) => stats(gather(booked?.rows ?? [], metric, { phase, size }));
  const gap = of('llm_inter_chunk', 'stream');
  const gapMean = gap.mean ?? undefined;
  const whole = of('llm_e2e', 'stream').mean;
  const lasts = whole === null || ok === 0 || gapMean === undefined ? undefined : whole / 1000;
  return {
    inFlight,
    ok,
    failed,
    failedShare: failed / Math.max(1, ok + failed),
    outcome,
    status,
    ttft: of('llm_ttft', 'stream').p50 ?? undefined,
    gaps: gap.count,
    gapMean,
    gapMedian: gap.p50 ?? undefined,
    gap95: gap.p95 ?? undefined,
    tokensPerSecond: of('llm_tokens_per_second', 'stream').mean ?? undefined,
    eachChunk: lasts && (1000 * lasts) / (gap.count / ok + 1),
    // By Little's law: of so many that are always under way, each makes its chunks in the time that it takes.
    chunksPerSecond: lasts && (((inFlight * ok) / Math.max(1, ok + failed)) * (gap.count / ok + 1)) / lasts,
    bystander: of('llm_e2e', 'bystander').p50 ?? undefined,
    bystanders: of('llm_e2e', 'bystander').count,
    lasts,
    seconds,
  };
}

/** How the streams of a phase ended, those that their clients left apart; what was sent beside them is none of them. */
export function endsIn(
  { booked, failures }: Pick<Observed, 'booked' | 'failures'>,
  phase: string,
): Pick<StreamRung, 'ok' | 'failed' | 'outcome' | 'status'> & { ttft95?: number } {
  const tags = { phase, size: 'stream' };
  const { ok = 0, cancelled: _, interrupted: __, ...failed } = outcomesOf({ booked }, tags);
  const bad = Object.entries(failed);
  const [worst] = bad.sort(([, a], [, b]) => b - a);
  return {
    ok,
    failed: bad.reduce((sum, [, count]) => sum + count, 0),
    outcome: worst?.[0] ?? '',
    status: failures?.find((each) => each.phase === phase && each.outcome === worst?.[0])?.status ?? 0,
    ttft95: stats(gather(booked?.rows ?? [], 'llm_ttft', tags)).p95 ?? undefined,
  };
}
