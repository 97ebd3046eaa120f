import { ParameterError } from '../config';
import { carries, isMetricName, metrics, type MetricName, type Tags } from '../metrics';

/** `share`: of a Rate. `rate`: a Counter's sum per second of the load. The others: of a Trend. */
export type Stat = 'p50' | 'p90' | 'p95' | 'p99' | 'p99.9' | 'mean' | 'share' | 'rate';

/** One row of `thresholds/*.json`. Limits are in the metric's unit; at least one of the three stands there. */
export interface Objective {
  name: string;
  metric: MetricName;
  stat: Stat;
  /** The measured value must be under it. */
  below?: number;
  /** The measured value must not be over it. Not for percentiles. */
  atMost?: number;
  /** The measured value must not be under it. */
  atLeast?: number;
  /** Only requests with these tags count. */
  tags: Tags;
  /** Skipped when the run's load holds no request with these tags (a model family that was not asked for). */
  ifRun: boolean;
  /** Where the figure comes from. */
  source: string;
}

/** A row of `thresholds/*.json` about a finding of the script: its value, in the finding's own unit. */
export interface FindingObjective {
  name: string;
  /** The finding's name. */
  finding: string;
  below?: number;
  atMost?: number;
  atLeast?: number;
  /** Skipped when the run does not make that finding (nothing is known of the provider's side). */
  ifRun: boolean;
  source: string;
}

export interface Objectives {
  row: string;
  objectives: Objective[];
  findings: FindingObjective[];
}

const percents: Partial<Record<Stat, number>> = { p50: 0.5, p90: 0.9, p95: 0.95, p99: 0.99, 'p99.9': 0.999 };

/** 0.95 for p95; undefined for what is no percentile. */
export function percentileOf(stat: Stat): number | undefined {
  return percents[stat];
}

const stats: readonly string[] = ['p50', 'p90', 'p95', 'p99', 'p99.9', 'mean', 'share', 'rate'];
const fields = ['name', 'finding', 'metric', 'stat', 'below', 'atMost', 'atLeast', 'tags', 'ifRun', 'source'];
/** Tags that a request carries; an objective about another would never see a sample. */
export const tagNames = ['phase', 'kind', 'size', 'model', 'family'] as const;

/**
 * Checks the content of an objectives file. Throws {@link ParameterError} naming the file, the entry and what is
 * allowed.
 */
export function parseObjectives(value: unknown, file: string): Objectives {
  const wrong = (what: string) => new ParameterError(`objectives in ${file} are wrong: ${what}`);
  if (!isObject(value) || typeof value.row !== 'string' || !Array.isArray(value.objectives)) {
    throw wrong('an object with "row" (text) and "objectives" (list) is wanted');
  }
  if (value.objectives.length === 0) throw wrong('the list "objectives" is empty, so nothing could be judged');
  const findings: FindingObjective[] = [];
  const parsed = value.objectives.flatMap((entry: unknown, i): Objective[] => {
    const at = `entry ${i + 1}`;
    if (!isObject(entry)) throw wrong(`${at} is no object`);
    const unknown = Object.keys(entry).find((key) => !fields.includes(key));
    if (unknown) throw wrong(`${at} has the unknown field "${unknown}"; allowed are ${fields.join(', ')}`);
    const { name, metric, stat, source } = entry;
    if (typeof name !== 'string' || name === '') throw wrong(`${at} has no "name"`);
    if (entry.finding !== undefined) {
      findings.push(findingObjective(entry, wrong, at));
      return [];
    }
    if (typeof metric !== 'string' || !isMetricName(metric))
      throw wrong(
        `${at} (${name}): there is no metric ${JSON.stringify(metric)}; there are ${Object.keys(metrics).join(', ')}`,
      );
    if (typeof stat !== 'string' || !stats.includes(stat))
      throw wrong(`${at} (${name}): "stat" is one of ${stats.join(', ')}`);
    const wanted = stat === 'share' ? 'rate' : stat === 'rate' ? 'counter' : 'trend';
    if (metrics[metric].type !== wanted)
      throw wrong(`${at} (${name}): ${stat} is no figure of ${metric}, which is a ${metrics[metric].type}`);
    if (typeof source !== 'string' || source === '')
      throw wrong(`${at} (${name}) has no "source": say where the figure comes from`);
    const limits = (['below', 'atMost', 'atLeast'] as const).filter((key) => entry[key] !== undefined);
    if (limits.length === 0) throw wrong(`${at} (${name}) has no limit: below, atMost or atLeast`);
    for (const key of limits) {
      if (typeof entry[key] !== 'number' || !Number.isFinite(entry[key]))
        throw wrong(`${at} (${name}): "${key}" must be a number`);
    }
    if (entry.atMost !== undefined && percents[stat as Stat] !== undefined)
      throw wrong(`${at} (${name}): a percentile takes "below", not "atMost"`);
    const tags = entry.tags ?? {};
    if (!isObject(tags) || Object.values(tags).some((tag) => typeof tag !== 'string'))
      throw wrong(`${at} (${name}): "tags" is an object of texts`);
    const foreign = Object.keys(tags).find((tag) => !(tagNames as readonly string[]).includes(tag));
    if (foreign)
      throw wrong(`${at} (${name}): no request carries the tag "${foreign}"; there are ${tagNames.join(', ')}`);
    if (entry.ifRun !== undefined && typeof entry.ifRun !== 'boolean')
      throw wrong(`${at} (${name}): "ifRun" is true or false`);
    return [
      {
        name,
        metric,
        stat: stat as Stat,
        below: entry.below as number | undefined,
        atMost: entry.atMost as number | undefined,
        atLeast: entry.atLeast as number | undefined,
        tags: tags as Tags,
        ifRun: entry.ifRun === true,
        source,
      },
    ];
  });
  const names = [...parsed, ...findings].map((each) => each.name);
  const twice = names.find((name, i) => names.indexOf(name) !== i);
  if (twice) throw wrong(`the name "${twice}" stands there twice`);
  return { row: value.row, objectives: parsed, findings };
}

/**
 * Checks an entry that judges a finding. Which findings there are only the script knows: one that it does not make is
 * told when the run is judged.
 */
function findingObjective(
  entry: Record<string, unknown>,
  wrong: (what: string) => ParameterError,
  at: string,
): FindingObjective {
  const { name, finding, source } = entry;
  if (typeof finding !== 'string' || finding === '')
    throw wrong(`${at} (${String(name)}): "finding" is the name of a finding`);
  const foreign = Object.keys(entry).find((key) => ['metric', 'stat', 'tags'].includes(key));
  if (foreign) throw wrong(`${at} (${String(name)}) judges a finding, which has no "${foreign}"`);
  if (typeof source !== 'string' || source === '')
    throw wrong(`${at} (${String(name)}) has no "source": say where the figure comes from`);
  if (entry.ifRun !== undefined && typeof entry.ifRun !== 'boolean')
    throw wrong(`${at} (${String(name)}): "ifRun" is true or false`);
  const limits = (['below', 'atMost', 'atLeast'] as const).filter((key) => entry[key] !== undefined);
  if (limits.length === 0) throw wrong(`${at} (${String(name)}) has no limit: below, atMost or atLeast`);
  for (const key of limits) {
    if (typeof entry[key] !== 'number' || !Number.isFinite(entry[key]))
      throw wrong(`${at} (${String(name)}): "${key}" must be a number`);
  }
  return {
    name: String(name),
    finding,
    below: entry.below as number | undefined,
    atMost: entry.atMost as number | undefined,
    atLeast: entry.atLeast as number | undefined,
    ifRun: entry.ifRun === true,
    source,
  };
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** Limits at which the histograms must count exactly, by metric. */
export function bounds(objectives: readonly Objective[]): Map<string, number[]> {
  const result = new Map<string, number[]>();
  for (const { metric, stat, below, atLeast } of objectives) {
    if (percents[stat] === undefined) continue;
    const known = result.get(metric) ?? [];
    for (const limit of [below, atLeast]) if (limit !== undefined && !known.includes(limit)) known.push(limit);
    result.set(metric, known);
  }
  return result;
}

/** The longest that an objective lets a request take, seconds; undefined when none says. Sizes the VUs. */
export function longestAllowed(objectives: readonly Objective[]): number | undefined {
  const limits = objectives
    .filter((each) => each.metric === 'llm_e2e' && each.below !== undefined)
    .map((each) => each.below! / 1000);
  return limits.length > 0 ? Math.max(...limits) : undefined;
}

/** What a request's value of a metric must keep to. */
export interface Limit {
  metric: MetricName;
  below?: number;
  atLeast?: number;
}

/**
 * What one request with `tags` must keep to for goodput: the limits of every percentile objective that it falls under
 * (DistServe, OSDI 2024).
 */
export function limitsOf(objectives: readonly Objective[], tags: Tags): Limit[] {
  return objectives
    .filter(({ stat, tags: wanted }) => percents[stat] !== undefined && carries(tags, wanted))
    .map(({ metric, below, atLeast }) => ({ metric, below, atLeast }));
}
