import { contradiction, inFlight, mostHeld, round, topRate, totalSeconds, vusNeeded } from '../load';
import { peakFactor } from '../config';
import { storedTexts } from '../workload';
import { cautionsOf, unlimitedAnswers } from './cautions';
import { repeats } from './repeats';
import type { Plan } from './test';

/*
 * What a run says of its load while it goes on.
 */

/**
 * How many users the load needs, and where the plan's numbers contradict each other; `measured` is how long a probe
 * took, seconds (0: unknown).
 */
export function loadNotes(plan: Plan, measured: number): string[] {
  const { p, load, closed, users, allowed } = plan;
  const cautions = [...cautionsOf(plan, totalSeconds(load)), ...unlimitedAnswers(plan), ...repeats(plan, storedTexts)];
  if (closed)
    return [
      `closed load: ${users} users ${plan.paced ? 'with pauses of their own' : 'without pause'}; the plan's rates are not used`,
      ...cautions,
    ];
  const rate = topRate(load);
  if (rate === 0)
    return [
      `the phases hold up to ${mostHeld(load)} requests in flight at once: each request that ends is followed by the next, so the target sets the rate`,
      ...cautions,
    ];
  const peak = plan.replay?.peak ?? rate * peakFactor(p);
  const law = `Little's law: ${round(peak)} requests/s${peak > rate ? ' (at the peak of the arrivals)' : ''} x ${round(allowed)} s, the longest time that the objectives allow, = ${round(inFlight(peak, allowed))} requests in flight`;
  const needed = vusNeeded(peak, allowed);
  const chosen =
    p.vus === undefined
      ? `with a margin this run has ${users} users`
      : `VUS=${users} was given${users < needed ? `, which is fewer than the ${needed} that are needed` : ''}`;
  const contra = measured > 0 ? contradiction(load, measured) : '';
  return [`${law}; ${chosen}`, ...(contra ? [contra] : []), ...cautions];
}
