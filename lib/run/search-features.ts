import { jump, phaseStats, setRate } from 'k6/x/sse';
import {
  afterClimb,
  counting,
  higherBy,
  higherSteps,
  holds,
  lastHeld,
  lastPhase,
  searchSteps,
  tried,
  type Holding,
} from '../findings';
import { note, notes } from '../journal';
import { nextRate } from '../ladder';
import { random } from '../statistics';
import type { Feature } from './test';

/** The search ends when the interval is so narrow: so that what is said of 5 % holds of two runs too. */
const within = 0.03;

/**
 * After the climb of a load (lib/findings/capacity): goes on upwards until a rate does not hold, and then searches for
 * the highest one that does. It first tries again what held last on the way up.
 */
export function searchingCapacity(limits: Holding): Feature {
  let planned = new Map<string, number>();
  const steps = () => {
    const rates = new Map([...planned, ...notes('rung').kept.map(({ phase, rate }) => [phase, rate] as const)]);
    return tried.flatMap((phase) => {
      const { ended, failed, p95 } = phaseStats(phase, 'llm_e2e_scheduled');
      const held = holds({ ended, failed, p95 }, limits);
      return held === undefined ? [] : [{ phase, rate: rates.get(phase)!, held }];
    });
  };
  const tryNow = (phase: string, rate: number) => {
    note('rung', { phase, rate });
    setRate(phase, rate);
  };
  return {
    plan(draft) {
      planned = new Map(draft.load.map(({ name, rate }) => [name, rate]));
    },
    phaseBegins(phase, { p }) {
      const up = higherSteps.indexOf(phase);
      if (up >= 0) {
        const higher = planned.get(phase)! * higherBy ** (up + 1);
        if (higher > (p.maxRate ?? Number.POSITIVE_INFINITY)) jump(afterClimb);
        else tryNow(phase, higher);
      }
      const search = searchSteps.indexOf(phase);
      if (search < 0) return;
      const known = steps();
      const before = lastHeld(known);
      const rate =
        search === 0 && before ? before.rate : nextRate(counting(known), within, random(p.seed, 1000 + search));
      if (rate === undefined) jump(lastPhase);
      else tryNow(phase, rate);
    },
    observe(evidence) {
      evidence.rungs = [...[...planned].map(([phase, rate]) => ({ phase, rate })), ...notes('rung').kept];
    },
  };
}
