import { capacityOf, type Trial } from '../../ladder';
import type { Finding, PhaseReport } from '../../measurements';
import { sumOf } from '../../statistics';
import { findings, type Observed } from '../observed';
import { breakingNeeds } from '../phases';
import { climbSteps, higherSteps, searchSteps, tried } from './load';

/** What a rate must keep to, to be called held. */
export interface Holding {
  /** Share of requests that failed, at most. */
  errors: number;
  /** 95th percentile of the duration counted from the schedule, below, ms. */
  p95: number;
}

/** Whether a phase held; undefined where too few of its requests have ended to say. */
export function holds(
  step: { ended: number; failed: number; p95: number },
  { errors, p95 }: Holding,
): boolean | undefined {
  if (step.ended < breakingNeeds) return undefined;
  return step.failed <= errors * step.ended && !(step.p95 >= p95);
}

/** A phase with its rate and whether it held. */
interface Step extends Trial {
  phase: string;
}

/**
 * The tries that count. Where the rate that had held on the way up did not hold again after the target had broken, it is
 * another target now, and what came before does not count.
 */
export function counting(steps: readonly Step[]): readonly Step[] {
  const searched = steps.filter(({ phase }) => searchSteps.includes(phase));
  return heldAgain(steps) === false ? searched : steps;
}

/** Whether the highest rate that held on the way up held again afterwards; undefined where that was not tried. */
function heldAgain(steps: readonly Step[]): boolean | undefined {
  const up = lastHeld(steps);
  const [first] = steps.filter(({ phase }) => searchSteps.includes(phase));
  return up && first && first.rate === up.rate ? first.held : undefined;
}

/** The last step of the climb that held before one did not. */
export function lastHeld(steps: readonly Step[]): Step | undefined {
  const climbed = steps.filter(({ phase }) => climbSteps.includes(phase) || higherSteps.includes(phase));
  const failed = climbed.findIndex(({ held }) => !held);
  return failed > 0 ? climbed[failed - 1] : undefined;
}

const rate = (value: number) => `${value.toFixed(value < 20 ? 2 : 1)}/s`;
const times = (count: number) => (count === 1 ? 'once' : count === 2 ? 'twice' : `${count} times`);
const ids = ['capacity', 'holds-again', 'refusals-in-order', 'goodput-beyond'];

/**
 * What a stress test finds beside its breaking point: the highest rate that holds, with an interval; whether the target
 * holds again what it held before it broke; how it refuses what is too much; what it still does then.
 */
export function capacityFindings(limits: Holding) {
  return findings(ids, (observed) => {
    const steps = stepsOf(observed, limits);
    return [capacity(steps, limits), again(steps), refusals(observed, steps), goodput(observed, steps)];
  });
}

function stepsOf({ phases, rungs = [] }: Observed, limits: Holding): Step[] {
  const rates = new Map(rungs.map((rung) => [rung.phase, rung.rate]));
  return phases.flatMap((row) => {
    if (!tried.includes(row.phase) || row.start_s < 0) return [];
    const p95 = row.e2e_scheduled?.p95 ?? 0;
    const held = holds({ ended: row.ok + row.failed, failed: row.failed, p95 }, limits);
    return held === undefined ? [] : [{ phase: row.phase, rate: rates.get(row.phase) ?? row.wanted_rate, held }];
  });
}

function capacity(steps: readonly Step[], { errors, p95 }: Holding): Finding {
  const counted = counting(steps);
  const { low, high, lowTries, highTries } = capacityOf(counted);
  const base = { id: 'capacity', unit: 'requests/s', n: counted.length };
  const meaning = `at most ${100 * errors} % errors, p95 below ${p95 / 1000} s`;
  if (low === null)
    return {
      ...base,
      value: null,
      text:
        high === null
          ? `no phase has the ${breakingNeeds} requests that it takes to say whether it holds`
          : counted.length < steps.length
            ? `since the target had broken no rate held (${meaning}); the lowest that was tried then is ${rate(high)}`
            : `no rate held (${meaning}); the lowest that was tried is ${rate(high)}`,
    };
  if (high === null)
    return {
      ...base,
      value: null,
      text: `the capacity is above ${rate(low)}, the highest rate that was tried: it held (${meaning})`,
    };
  const width = `${(100 * (high / low - 1)).toFixed(0)} %`;
  const wide = high > 1.05 * low ? `; the search ended before the interval was within 5 %: it is ${width} wide` : '';
  return {
    ...base,
    value: low,
    interval: [low, high],
    text: `the highest rate that holds is ${rate(low)} (tried ${times(lowTries)}); ${rate(high)} does not (tried ${times(highTries)}). To hold is ${meaning}${wide}`,
  };
}

function again(steps: readonly Step[]): Finding {
  const held = heldAgain(steps);
  const up = lastHeld(steps);
  const base = { id: 'holds-again', unit: 'yes/no', n: held === undefined ? 0 : 1 };
  if (held === undefined)
    return {
      ...base,
      value: null,
      text: 'the target did not break, or held no rate before it did: nothing to try again',
    };
  return {
    ...base,
    value: held ? 1 : 0,
    text: held
      ? `${rate(up!.rate)}, which held on the way up, held again after the target had broken`
      : `${rate(up!.rate)} held on the way up and did not hold again after the target had broken and had time to recover: something of the overload stays`,
  };
}

const failing = ({ phases }: Observed, steps: readonly Step[]): PhaseReport[] => {
  const broken = steps.filter(({ held }) => !held).map(({ phase }) => phase);
  return phases.filter(({ phase }) => broken.includes(phase));
};

function refusals(observed: Observed, steps: readonly Step[]): Finding {
  const rows = failing(observed, steps);
  const failed = sumOf(rows.map((row) => row.failed));
  const noted = (observed.failures ?? []).filter(({ phase }) => rows.some((row) => row.phase === phase));
  const base = { id: 'refusals-in-order', unit: 'share' };
  if (rows.length === 0)
    return { ...base, value: 1, text: 'no rate was beyond what the target carries, so it refused nothing' };
  if (failed === 0 || noted.length === 0)
    return {
      ...base,
      value: 1,
      text: 'nothing failed beyond the capacity: what was too much waited',
    };
  const orderly = noted.filter(({ status }) => status === 429 || status === 503).length;
  const other = noted.find(({ status }) => status !== 429 && status !== 503);
  return {
    ...base,
    n: noted.length,
    value: orderly / noted.length,
    text: `${((100 * orderly) / noted.length).toFixed(0)} % of what failed beyond the capacity was refused in order, with 429 or 503 (${orderly} of ${noted.length} that were looked at)${other ? `; others failed as ${other.outcome}${other.error === 'no text' ? '' : `: ${other.error}`}` : ''}`,
  };
}

function goodput(observed: Observed, steps: readonly Step[]): Finding {
  const { low } = capacityOf(counting(steps));
  const base = { id: 'goodput-beyond', unit: 'share' };
  const beyond = failing(observed, steps).flatMap((row) => {
    const step = steps.find(({ phase }) => phase === row.phase)!;
    const ended = row.ok + row.failed;
    return low !== null && step.rate > low ? [{ rate: step.rate, n: ended, good: (step.rate * row.ok) / ended }] : [];
  });
  const worst = [...beyond].sort((a, b) => a.good - b.good)[0];
  if (low === null || !worst)
    return { ...base, value: 1, text: 'no rate was beyond what the target carries: its work there was not seen' };
  return {
    ...base,
    n: worst.n,
    value: worst.good / low,
    text:
      worst.good >= low
        ? `at ${rate(worst.rate)}, beyond its capacity, the target still answered ${rate(worst.good)} without an error, no less than the ${rate(low)} that it carries: they are late, and not lost`
        : `at ${rate(worst.rate)}, beyond its capacity, the target still answered ${rate(worst.good)} without an error, ${((100 * worst.good) / low).toFixed(0)} % of the ${rate(low)} that it carries`,
  };
}
