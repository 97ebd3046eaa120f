import { ParameterError } from '../config';
import { metrics, type MetricName } from '../metrics';
import { tagNames, type FindingObjective, type Objective, type Objectives } from './objective';
import { limitsFault } from './sense';
import { fields, flag, isObject, number, oneOf, partial, text, type Fields } from './shape';
import { percentileOf, stats, statNames } from './stat';

const readers = {
  name: text(),
  finding: text('is the id of a finding'),
  metric: oneOf(Object.keys(metrics) as MetricName[]),
  stat: oneOf(statNames),
  below: number,
  atMost: number,
  atLeast: number,
  tell: partial(['above', 'below'], number),
  tags: partial(tagNames, text(), (tag) => `names the tag "${tag}", which no request carries`),
  each: oneOf(tagNames),
  whole: flag,
  ifRun: flag,
  source: text(),
};
type Entry = Fields<typeof readers>;

/** Values of the tag `kind`: `kind` of Call in lib/workload, which a test of every script's objectives holds. */
const kinds = ['chat', 'embedding', 'models', 'refused'];

/** What an entry must be beyond its fields' types: the first rule that is broken says what is wrong. */
const rules: readonly [(entry: Entry) => boolean, (entry: Entry) => string][] = [
  [(e) => e.name === undefined, () => 'has no "name"'],
  [(e) => e.source === undefined, () => 'has no "source": say where the figure comes from'],
  [
    (e) => e.below === undefined && e.atMost === undefined && e.atLeast === undefined,
    () => 'has no limit: below, atMost or atLeast ("tell" alone judges nothing)',
  ],
  [
    (e) => e.finding !== undefined && ofMetric(e) !== undefined,
    (e) => `judges a finding, which has no "${ofMetric(e)}"`,
  ],
  [(e) => e.finding === undefined && e.metric === undefined, () => 'has neither a "metric" nor a "finding" to judge'],
  [(e) => e.finding === undefined && e.stat === undefined, () => `has no "stat": one of ${statNames.join(', ')}`],
  [
    (e) => e.metric !== undefined && stats[e.stat!].of !== metrics[e.metric].type,
    (e) => `judges ${e.stat}, which is no figure of ${e.metric}: that is a ${metrics[e.metric!].type}`,
  ],
  [
    (e) => e.stat !== undefined && percentileOf(e.stat) !== undefined && e.atMost !== undefined,
    () => 'has "atMost", and a percentile takes "below"',
  ],
  [(e) => limitsFault(e) !== '', limitsFault],
  [
    (e) => e.tags?.kind !== undefined && !kinds.includes(e.tags.kind),
    (e) => `is about kind=${e.tags!.kind}, which no request has; there are ${kinds.join(', ')}`,
  ],
  [
    (e) => e.each !== undefined && e.tags?.[e.each] !== undefined,
    (e) => `is for each ${e.each}, and its "tags" name one of them`,
  ],
  [
    (e) => e.whole === true && e.tags?.phase === undefined,
    () => 'has "whole", and its "tags" name no phase that could be judged as a whole',
  ],
];
const ofMetric = (entry: Entry) =>
  (['metric', 'stat', 'tags', 'each', 'whole'] as const).find((key) => entry[key] !== undefined);

/**
 * Checks the content of an objectives file; `ids` are those of the findings that the script can make, `phases` the names
 * of its phases. Throws {@link ParameterError} naming the file, the entry and what is allowed.
 */
export function parseObjectives(
  value: unknown,
  file: string,
  ids?: readonly string[],
  phases?: readonly string[],
): Objectives {
  const wrong = (what: string) => new ParameterError(`objectives in ${file} are wrong: ${what}`);
  if (!isObject(value) || typeof value.row !== 'string' || !Array.isArray(value.objectives))
    throw wrong('an object with "row" (text) and "objectives" (list) is wanted');
  if (value.objectives.length === 0) throw wrong('the list "objectives" is empty, so nothing could be judged');
  const entries = value.objectives.map((entry: unknown, i) => {
    if (!isObject(entry)) throw wrong(`entry ${i + 1} is no object`);
    const at = typeof entry.name === 'string' ? `entry ${i + 1} (${entry.name})` : `entry ${i + 1}`;
    return parseEntry(entry, { ids, phases }, (what) => wrong(`${at}${what}`));
  });
  const names = entries.map((each) => each.name);
  const twice = names.find((name, i) => names.indexOf(name) !== i);
  if (twice !== undefined) throw wrong(`the name "${twice}" is there twice`);
  return {
    row: value.row,
    objectives: entries.filter((entry): entry is Objective => 'metric' in entry),
    findings: entries.filter((entry): entry is FindingObjective => 'finding' in entry),
  };
}

function parseEntry(
  given: Record<string, unknown>,
  { ids, phases }: { ids?: readonly string[]; phases?: readonly string[] },
  wrong: (what: string) => ParameterError,
): Objective | FindingObjective {
  const entry = fields(given, readers, wrong);
  // A pair that is taken apart is an iterator in Sobek, and costs more than the rule.
  const broken = rules.find((rule) => rule[0](entry));
  if (broken) throw wrong(` ${broken[1](entry)}`);
  const phase = entry.tags?.phase;
  if (phase !== undefined && phases && !phases.includes(phase))
    throw wrong(` is about phase=${phase}, which this load does not have; its phases are ${phases.join(', ')}`);
  const { name, source, below, atMost, atLeast, tell, finding, metric, stat, tags, each, whole, ifRun = false } = entry;
  const judged = { name: name!, source: source!, below, atMost, atLeast, tell, ifRun };
  if (finding === undefined)
    return { ...judged, metric: metric!, stat: stat!, tags: { ...tags } as Record<string, string>, each, whole };
  if (ids && !ids.includes(finding))
    throw wrong(
      ` judges the finding "${finding}", which this script does not make; ` +
        (ids.length > 0 ? `it makes ${ids.join(', ')}` : 'it makes none'),
    );
  return { ...judged, finding };
}
