import type { Finding } from '../../measurements';
import {
  ascending,
  medianDifference,
  medianOf,
  lineThrough,
  quantileOf,
  wilson,
  type Difference,
} from '../../statistics';
import { findings, type Observed } from '../observed';
import { sickCame } from './sick-came';
import { causeOf, causeText, counts, felt, refutedBy, type Cause, type Symptoms } from './cause';
import { inFlightWhileWaiting } from './in-flight';
import { heldAtOnce, sampleOf, type Sample } from './samples';

/*
 * What one provider's trouble does to the other's requests, as a change of medians with a 95 % interval.
 */

/** Phases, and what each is compared with. */
const pairs: readonly (readonly [string, string])[] = [
  ['beside', 'alone'],
  ['slow', 'beside'],
  ['hung', 'beside'],
  ['after', 'beside'],
];
/** What is compared of each of these phases. */
const kinds = ['ttft', 'longest-gap', 'plain-calls', 'failed'] as const;

const number = (value: number) => value.toFixed(Math.abs(value) < 10 ? 1 : 0);
const signed = (value: number) => `${value >= 0 ? '+' : ''}${number(value)}`;
/** "12 ms longer [8, 16]": the interval is that of the difference. */
const told = ({ value, interval }: Difference, more: string, less: string) =>
  `${number(Math.abs(value))} ms ${value >= 0 ? more : less} [${interval.map(signed).join(', ')}]`;
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
    const all = pairs.map(([phase, base]) => changesOf(observed, phase, base, samples, sick));
    const causes = new Causes(all, sick);
    return [side(samples, observed, well, sick), ...all.flatMap((each) => compare(each, observed, well, sick, causes))];
  },
);

/** Tells each cause once: where it counts first. */
class Causes {
  readonly #told = new Set<Cause | 'slower by now'>();
  readonly #all: readonly Symptoms[];
  /** What calls wait for is one thing in all phases: what the phase with most of them that waited shows. */
  readonly #awaited: Cause | undefined;

  constructor(
    all: readonly Changes[],
    private readonly sick: string,
  ) {
    this.#all = all.map(({ symptoms }) => symptoms);
    const moments = (symptoms?: Symptoms) => symptoms?.inFlight?.moments ?? 0;
    const waiting = this.#all.filter((each) => causeOf(each) === 'plain' || causeOf(each) === 'shared');
    const most = waiting.reduce<Symptoms | undefined>((a, b) => (a && moments(a) >= moments(b) ? a : b), undefined);
    this.#awaited = most && causeOf(most);
  }

  #causeOf(symptoms: Symptoms): Cause | undefined {
    const cause = causeOf(symptoms);
    return cause === undefined || cause === 'loop' ? cause : this.#awaited;
  }

  /** What a change that does not count says, and what it does not. */
  unseen({ phase, base, now, then, symptoms }: Changes, ttft: Difference): string {
    if (this.#causeOf(symptoms)) return ', so its streams feel nothing of what is told below';
    const [failing, before] = [now, then].map(({ failed, requests }) => wilson(failed, requests.length));
    if (failing![0] > before![1]) return `, but more of its requests fail than in phase ${base}`;
    const above = this.#all.find((each) => each.phase === base);
    if (above && this.#causeOf(above)) return `: what is told above of phase ${base} is no worse in phase ${phase}`;
    return noSign(ttft, symptoms.held, this.sick);
  }

  tell({ symptoms, base, slowerByNow }: Changes): string {
    if (slowerByNow !== undefined) {
      if (this.#told.has('slower by now'))
        return '. That is so much as is told above: it becomes slower with each request';
      this.#told.add('slower by now');
      return `: in phase ${base} already its provider was asked later with each request, by ${number(100 * slowerByNow)} ms for each 100 requests, and this is no more than that may come to, so the target becomes slower with each request that it gets, whatever ${this.sick} does. Run endurance`;
    }
    const cause = this.#causeOf(symptoms);
    if (!cause) return '';
    if (this.#told.has(cause)) return '. The cause is the same as above';
    this.#told.add(cause);
    const other = cause === 'loop' ? undefined : refutedBy(this.#all);
    if (other)
      return `: calls wait for something, and it is nothing that calls to ${this.sick} hold: in phase ${other.phase} ${other.held} of these were in flight, and the wait was no longer. Look at what else changes with time, or with each request`;
    const same = this.#all.filter((each) => this.#causeOf(each) === cause);
    return `: ${causeText(cause, same, this.sick)}`;
  }
}

function side(samples: ReadonlyMap<string, Sample>, { truth }: Observed, well: string, sick: string): Finding {
  const rows = [...samples]
    .filter(([, sample]) => sample.requests.length > 0)
    .map(([phase, { requests, failed, ttft, stall, wait, plain }]) => [
      phase,
      String(requests.length),
      String(failed),
      cell(ttft, 0.5),
      cell(ttft, 0.95),
      cell(stall, 0.5),
      cell(stall, 0.95),
      cell(wait, 0.5),
      cell(plain.wait, 0.5),
    ]);
  const head = [
    'phase',
    'requests',
    'failed',
    'ttft p50',
    'p95',
    'longest gap p50',
    'p95',
    'stream waits',
    'plain call',
  ];
  const plainText = truth
    ? 'the same of a call without a stream'
    : 'the whole time of a call without a stream, since the provider does not tell when it was asked';
  return {
    id: 'bulkhead',
    value: null,
    unit: 'ms',
    table: { head, rows },
    text: `what ${sick} does to the requests for ${well}, in ms, without the first third of each phase ("stream waits": from sending a stream's request to its arrival at the provider; "plain call": ${plainText})`,
  };
}

/** What changed from one phase to another. */
interface Changes {
  phase: string;
  base: string;
  now: Sample;
  then: Sample;
  ttft?: Difference;
  stall?: Difference;
  wait?: Difference;
  plain?: Difference;
  /** No stream, and no plain call, got an answer. */
  starved: boolean;
  plainStarved: boolean;
  /** By so much each request makes the next one slower, ms, where that alone explains the change. */
  slowerByNow?: number;
  symptoms: Symptoms;
}

/** By so much each request made the next one slower in the phase before, ms, where this phase is no slower than that foretells. */
function slowerByNow(now: Sample, then: Sample): number | undefined {
  // What fails has waited to the end of its client's patience, and for no longer.
  const line = now.failed + then.failed === 0 ? lineThrough(then.waits) : undefined;
  if (!line || line.interval[0] <= 0 || now.waits.length === 0) return undefined;
  const middle = (sample: Sample, of: 'x' | 'y') => medianOf(sample.waits.map((each) => each[of]))!;
  const foretold = middle(then, 'y') + line.interval[1] * (middle(now, 'x') - middle(then, 'x'));
  return middle(now, 'y') <= foretold + felt ? line.slope : undefined;
}

/** None of these got an answer, and most of their clients waited for it in vain: what fails at once waits for nothing. */
const waitedInVain = ({ requests, ok, gaveUp }: Sample['streams']) => ok === 0 && 2 * gaveUp > requests;

function changesOf(
  observed: Observed,
  phase: string,
  base: string,
  samples: ReadonlyMap<string, Sample>,
  sick: string,
): Changes {
  const [now, then] = [samples.get(phase)!, samples.get(base)!];
  const ttft = medianDifference(now.ttft, then.ttft);
  const stall = medianDifference(now.stall, then.stall);
  const wait = medianDifference(now.wait, then.wait);
  const plain = medianDifference(now.plain.wait, then.plain.wait);
  const starved = now.streams.requests > 0 && now.streams.ok === 0;
  const plainStarved = now.plain.requests > 0 && now.plain.ok === 0;
  const slower = counts(stall) ? undefined : slowerByNow(now, then);
  const waits =
    slower === undefined &&
    (waitedInVain(now.streams) || counts(wait) || (!observed.truth && counts(ttft) && !counts(stall)));
  const symptoms: Symptoms = {
    phase,
    held: heldAtOnce(observed.requests, phase, sick),
    stands: counts(stall),
    streamsWait: waits,
    plainWaits: slower === undefined && (waitedInVain(now.plain) || counts(plain)),
    inFlight: inFlightWhileWaiting(observed, phase),
  };
  return { phase, base, now, then, ttft, stall, wait, plain, starved, plainStarved, slowerByNow: slower, symptoms };
}

function compare(changes: Changes, observed: Observed, well: string, sick: string, causes: Causes): Finding[] {
  const { phase, base, now, then, ttft, stall, wait, plain, starved, plainStarved } = changes;
  const made = sickCame(observed, phase, sick);
  const state = {
    beside: `${sick} is used beside it`,
    slow: made ? `${sick} is slow` : `${sick} was to be slow, of which no request had come to a provider`,
    hung: made ? `${sick} hangs` : `${sick} was to hang, of which no request had come to a provider`,
    after: `${sick} is well again`,
  }[phase]!;
  const why = () => causes.tell(changes);
  const head = `while ${state}, ${well}'s`;
  const than = `than in phase ${base}`;
  const nor = ({ requests, ok }: Sample['streams']) =>
    requests > 0 && ok === 0 ? `, as in phase ${base} already` : '';
  const few = (what: string, a: readonly unknown[], b: readonly unknown[]) =>
    `${head} ${what} cannot be compared with phase ${base}: there are too few of them (${a.length} and ${b.length})`;

  const ttftText = starved
    ? `${head} streams got no answer that ended well (of ${now.streams.requests})${nor(then.streams)}${why()}`
    : !ttft
      ? few('times to first token', now.ttft, then.ttft)
      : `${head} median TTFT is ${told(ttft, 'longer', 'shorter')} ${than}${counts(ttft) || counts(stall) ? `${asked(wait, than)}${why()}` : stall && stall.interval[0] > felt / 2 ? ', but its streams have longer gaps' : causes.unseen(changes, ttft)}`;
  const stallText = !stall
    ? few('gaps', now.stall, then.stall)
    : `${head} longest gap of a stream is ${told(stall, 'longer', 'shorter')} ${than} (medians)${counts(stall) ? why() : ''}`;
  const plainText = plainStarved
    ? `${head} plain calls got no answer that ended well (of ${now.plain.requests})${nor(then.plain)}${why()}`
    : !plain
      ? few('plain calls', now.plain.wait, then.plain.wait)
      : `${head} plain calls ${observed.truth ? 'reach their provider' : 'are answered'} ${told(plain, 'later', 'earlier')} ${than} (medians)${counts(plain) ? why() : ''}`;
  const total = now.requests.length;
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
      value: total > 0 ? now.failed / total : null,
      interval: total > 0 ? wilson(now.failed, total) : undefined,
      n: total,
      text: `while ${state}, ${now.failed} of ${total} requests for ${well} failed`,
    },
  ];
}

const asked = (wait: Difference | undefined, than: string) =>
  wait && counts(wait) ? `; its provider is asked ${told(wait, 'later', 'earlier')} ${than}` : '';

/** Where nothing is shared that shows: what would not have shown. */
function noSign({ interval: [low, high] }: Difference, held: number, sick: string): string {
  if (high > 2 * felt) return ', which too few requests tell to be sure of';
  const hidden = Math.max(0.1, high > 0 ? high : (high - low) / 2);
  return `: there is no sign that the two share anything. A change of less than ${number(hidden)} ms would not show, and neither would a pool of ${held} places or more, because ${held} calls to ${sick} were in flight at once and no more`;
}
