import { phaseStats, type Arrival } from 'k6/x/sse';
import { arrivals, contradiction, inFlight, round, topRate, totalSeconds, vusNeeded, type Load } from '../load';
import { cautionsOf } from './cautions';
import type { Plan } from './test';

/*
 * What a run says of its load while it goes on.
 */

/**
 * The users worked out, and what the plan's numbers say about each other; `measured` is how long a probe took, seconds
 * (0: unknown).
 */
export function loadNotes(plan: Plan, measured: number): string[] {
  const { p, load, closed, users, allowed } = plan;
  const cautions = cautionsOf(plan, totalSeconds(load));
  if (closed)
    return [
      `closed model: ${users} users without pause for ${round(totalSeconds(load))} s; the plan's rates are not used`,
      ...cautions,
    ];
  const rate = topRate(load);
  const law = `Little's law: up to ${round(rate)} requests/s x ${round(allowed)} s, the longest that the objectives allow = ${round(inFlight(rate, allowed))} in flight`;
  const needed = vusNeeded(rate, allowed);
  const chosen =
    p.vus === undefined
      ? `${users} VUs with a margin`
      : `VUS=${users} is used${users < needed ? `, fewer than the ${needed} needed` : ''}`;
  const contra = measured > 0 ? contradiction(load, measured) : '';
  return [
    `${Math.round(arrivals(load))} requests in ${round(totalSeconds(load))} s. ${law}; ${chosen}`,
    ...(contra ? [contra] : []),
    ...cautions,
  ];
}

/** How the running phase goes; k6's own line of progress knows VUs only. */
export function progress(load: Load, { phase, scheduled }: Arrival): string {
  const { started, ended, failed, p50 } = phaseStats(phase, 'llm_ttft');
  const ttft = Number.isNaN(p50) ? '' : `, median TTFT ${p50.toFixed(0)} ms`;
  return `${(scheduled / 1000).toFixed(0)} of ${round(totalSeconds(load))} s, phase ${phase}: ${started} requests started, ${ended} ended, ${failed} of them failed${ttft}`;
}
