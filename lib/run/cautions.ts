import { arrivals, round, type Load } from '../load';
import { duration, needsOf } from '../verdict';
import type { Plan } from './test';

/*
 * What a load of this size cannot show, said before its first request: a short run is no mistake, but nobody should learn
 * only from its end that it could not have said anything.
 */

/** Requests of one phase, or of the whole load. */
function sent(load: Load, phase: string | undefined): number {
  if (phase === undefined) return arrivals(load);
  const i = load.findIndex(({ name }) => name === phase);
  return i < 0 ? 0 : arrivals(load.slice(0, i + 1)) - arrivals(load.slice(0, i));
}

/** What this load is too small for, and what size is enough. A closed load's number of requests is not known before. */
export function cautionsOf({ load, objectives, closed, cautions = [] }: Plan, seconds: number): string[] {
  if (closed) return [...cautions];
  const few = objectives.objectives
    .map((objective) => ({ name: objective.name, needs: needsOf(objective), has: sent(load, objective.tags.phase) }))
    .filter(({ needs, has }) => has > 0 && has < needs);
  if (few.length === 0) return [...cautions];
  const times = Math.max(...few.map(({ needs, has }) => needs / has));
  const told = few.map(({ name, needs, has }) => `${name} (${needs} requests, ${Math.floor(has)} are sent)`).join(', ');
  return [
    ...cautions,
    `this load is too small to judge ${told}: DURATION=${duration(times * seconds)} is enough at this rate, or ${round(times)} times the rate`,
  ];
}
