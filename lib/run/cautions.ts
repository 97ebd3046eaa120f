import { arrivals, round, type Load } from '../load';
import type { MetricName } from '../metrics';
import type { Objective } from '../objectives';
import type { Call } from '../workload';
import { duration, needsOf } from '../verdict';
import { drawnCalls } from './drawn';
import type { Plan } from './test';

/*
 * What a load of this size cannot show, said before its first request: a short run is no mistake, but nobody should learn
 * only from its end that it could not have said anything.
 */

/** Requests of one phase. */
function sent(load: Load, phase: string): number {
  const i = load.findIndex(({ name }) => name === phase);
  return i < 0 ? 0 : arrivals(load.slice(0, i + 1)) - arrivals(load.slice(0, i));
}

/** Metrics that only streams have. */
const ofStreams: readonly MetricName[] = [
  'llm_ttft',
  'llm_ttfo',
  'llm_first_chunk',
  'llm_inter_chunk',
  'llm_tpot',
  'llm_tokens_per_second',
  'llm_tokens_per_chunk',
];
/** Calls that are drawn to see how many are about what an objective is about. */
const drawn = 200;

/** What it takes to say what a load is too small for. */
export type Sized = Pick<Plan, 'load' | 'objectives' | 'closed' | 'workload' | 'cautions'> & {
  p: Pick<Plan['p'], 'seed' | 'plainShare' | 'models'>;
};

/** A sort of call, as far as objectives tell calls from each other, and how many of those that were drawn are such. */
interface Sort {
  kind: Call['kind'];
  size: string;
  plain: boolean;
  /** Nothing limits how long its answer is, but MAX_TOKENS. */
  unlimited: boolean;
  count: number;
}

/** Whether an answer to such a call gives the objective a sample, as far as its kind and size tell. */
function isAbout({ metric, tags: { kind, size } }: Objective, call: Sort): boolean {
  return (
    (kind === undefined || call.kind === kind) &&
    (size === undefined || call.size === size) &&
    (!ofStreams.includes(metric) || (call.kind === 'chat' && !call.plain))
  );
}

/** What it takes to draw calls. */
type Drawing = Pick<Plan, 'workload'> & { p: Pick<Plan['p'], 'seed'> };

/** The sorts of calls that each phase has. */
function sortsOf({ p, workload }: Drawing): (phase: string) => readonly Sort[] {
  const known = new Map<string, readonly Sort[]>();
  return (phase) => {
    let sorts = known.get(phase);
    if (!sorts) known.set(phase, (sorts = sorted(drawnCalls(workload, p.seed, drawn, phase))));
    return sorts;
  };
}

function sorted(calls: readonly Call[]): Sort[] {
  const sorts = new Map<string, Sort>();
  for (const call of calls) {
    const plain = call.kind === 'chat' && call.plain === true;
    const unlimited = call.kind === 'chat' && call.maxTokens === undefined;
    const name = `${call.kind} ${plain} ${unlimited} ${call.size}`;
    const sort = sorts.get(name);
    if (sort) sort.count++;
    else sorts.set(name, { kind: call.kind, size: call.size, plain, unlimited, count: 1 });
  }
  return [...sorts.values()];
}

/** The share of the requests that give an objective a sample. */
function shareOf(objective: Objective, sorts: readonly Sort[], { p, workload }: Pick<Sized, 'p' | 'workload'>): number {
  const streams = ofStreams.includes(objective.metric);
  const plain = workload.fixed ? 0 : (p.plainShare ?? workload.plain ?? 0);
  const meant = sorts.reduce((sum, sort) => sum + (isAbout(objective, sort) ? sort.count : 0), 0);
  const ofModel = objective.each === 'model' || objective.tags.model !== undefined ? p.models.length : 1;
  return ((meant / drawn) * (streams ? 1 - plain : 1)) / ofModel;
}

/** The name of an objective within a sentence: it is its author's, and may hold commas. */
const quoted = (name: string) => `"${name}"`;

/** What this load is too small for, and what size is enough. A closed load's number of requests is not known before. */
export function cautionsOf(plan: Sized, seconds: number): string[] {
  const { load, objectives, closed, workload, cautions = [] } = plan;
  if (closed) return [...cautions];
  const drawnIn = sortsOf(plan);
  // Only a workload that is fixed may ask for other things in another phase.
  const all = workload.fixed ? undefined : drawnIn(load[0]!.name);
  const has = (objective: Objective) =>
    load
      .filter(({ name }) => (objective.tags.phase ?? name) === name)
      .reduce((sum, { name }) => sum + sent(load, name) * shareOf(objective, all ?? drawnIn(name), plan), 0);
  const few = objectives.objectives
    .map((objective) => ({ name: objective.name, needs: needsOf(objective), has: has(objective) }))
    .filter(({ needs, has }) => has > 0 && has < needs);
  if (few.length === 0) return [...cautions];
  const times = Math.max(...few.map(({ needs, has }) => needs / has));
  const told = few
    .map(
      ({ name, needs, has }) => `${quoted(name)} (${needs} requests are needed, and about ${Math.floor(has)} are sent)`,
    )
    .join(', ');
  return [
    ...cautions,
    `this load is too small to judge ${told}: DURATION=${duration(times * seconds)} is enough at this rate, or ${round(times)} times the rate`,
  ];
}

/** A limit of a whole answer's time is a limit of its length too, where nothing else limits that. */
export function unlimitedAnswers(
  plan: Pick<Plan, 'objectives' | 'workload' | 'load'> & { p: Pick<Plan['p'], 'seed' | 'maxTokens'> },
): string[] {
  if (plan.p.maxTokens !== undefined) return [];
  const drawnIn = sortsOf(plan);
  const about = plan.objectives.objectives.filter(
    (objective) =>
      objective.metric === 'llm_e2e' &&
      plan.load
        .filter(({ name }) => (objective.tags.phase ?? name) === name)
        .some(({ name }) => drawnIn(name).some((sort) => sort.unlimited && isAbout(objective, sort))),
  );
  if (about.length === 0) return [];
  return [
    `MAX_TOKENS is not given, so ${about.map(({ name }) => quoted(name)).join(', ')} also depend${about.length === 1 ? 's' : ''} on how much the model says`,
  ];
}
