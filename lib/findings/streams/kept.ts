import type { Finding } from '../../measurements';
import { medianOf } from '../../statistics';
import type { TargetMetric } from '../../metrics';
import type { Observed } from '../observed';

/**
 * The rounds in which clients leave, each with the quiet time before it and the one after it. There are two, because a
 * process that does more than before takes memory once for that and keeps it, which is no leak: a leak takes as much again.
 */
const rounds = [
  { before: 'quiet', during: 'hang-ups', after: 'rest' },
  { before: 'rest', during: 'hang-ups-again', after: 'rest-again' },
] as const;

/**
 * The share of the process's memory by which its readings may be off: garbage that is not collected yet, and places that an
 * allocator keeps for later, are of this size. The intervals are wider by it.
 */
const uncertain = 0.1;

/**
 * What is left of streams whose clients have gone: memory, sockets and tasks of the target in the quiet time afterwards,
 * less those in the quiet time before, in the round in which it is least. It takes METRICS_URLS; nothing is said without it.
 */
export function keptAfterHangUps(observed: Observed): Finding[] {
  const [first, second] = rounds.map((round) => perHangUp(observed, round));
  if (!first || !second) return wereToBeRead(observed) ? [tooFewReadings] : [];
  const least = first.value < second.value ? first : second;
  const { value, interval, n } = least;
  const stays = first.interval[0] > 0 && second.interval[0] > 0;
  const others = (
    [
      ['target_sockets', 'open sockets'],
      ['target_tasks', 'tasks'],
    ] as const
  ).flatMap(([metric, name]) => {
    const found = rounds.map((round) => change(observed, metric, round));
    return found.every((grown) => grown && grown.low > 0)
      ? [`; ${name} grew by ${found.map((grown) => grown!.value.toFixed(0)).join(', then by ')}`]
      : [];
  });
  const kb = (kilobytes: number) => kilobytes.toFixed(Math.abs(kilobytes) < 10 ? 1 : 0);
  /** A process that gives memory back meanwhile has less than before. */
  const each = (kilobytes: number) => (kilobytes < 0 ? 'none' : `${kb(kilobytes)} kB each`);
  return [
    {
      id: 'kept-after-hang-ups',
      value,
      unit: 'kB',
      n,
      interval,
      text: stays
        ? `${kb(value)} kB stay in memory for each of ${n} streams that its client left [${kb(interval[0])}, ${kb(interval[1])}]; as many more that were left in another round took no less${others.join('')}: what a stream holds must be given back when its client goes`
        : `of ${first.n + second.n} streams that their clients left, no memory stays that shows: ${each(first.value)} of the first ${first.n}, ${each(second.value)} of the others${others.join('')}`,
    },
  ];
}

const tooFewReadings: Finding = {
  id: 'kept-after-hang-ups',
  value: null,
  unit: 'kB',
  text: "what stays in memory after hang-ups is not known: the target's page was read too seldom in the quiet times; METRICS_INTERVAL=1s reads it more often",
};

/** Whether clients left in both rounds and the target's pages tell of memory, so that only readings are missing. */
const wereToBeRead = ({ phases, timeline }: Observed) =>
  rounds.every(({ during }) => phases.some(({ phase, outcomes }) => phase === during && outcomes.cancelled)) &&
  timeline.some(({ resources = {} }) => Object.values(resources).some((page) => page.target_memory));

type Round = (typeof rounds)[number];

/** Readings that a quiet time must have. */
const fewest = 2;

/** The growth of memory for each stream that its client left in a round, in kB. */
function perHangUp(observed: Observed, round: Round) {
  const n = observed.phases.find(({ phase }) => phase === round.during)?.outcomes.cancelled ?? 0;
  const memory = change(observed, 'target_memory', round);
  if (n === 0 || !memory) return undefined;
  const kilobytes = (bytes: number) => bytes / 1024 / n;
  const margin = uncertain * memory.before;
  const interval: [number, number] = [kilobytes(memory.low - margin), kilobytes(memory.high + margin)];
  return { value: kilobytes(memory.value), interval, n };
}

/** How a value of the target's pages, all together, changed over a round. */
function change({ timeline }: Observed, metric: TargetMetric, round: Round) {
  const readings = (phase: string) =>
    timeline
      .filter((point) => point.phase === phase && point.resources)
      .map(({ resources = {} }) => Object.values(resources).reduce((sum, page) => sum + (page[metric] ?? 0), 0))
      .filter((value) => value > 0);
  const [earlier, later] = [readings(round.before), readings(round.after)];
  if (Math.min(earlier.length, later.length) < fewest) return undefined;
  const before = medianOf(earlier)!;
  return {
    before,
    value: medianOf(later)! - before,
    low: Math.min(...later) - Math.max(...earlier),
    high: Math.max(...later) - Math.min(...earlier),
  };
}
