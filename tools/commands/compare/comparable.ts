import { readParameters } from '../../../lib/config';
import { safeParameters, type RunRecord } from '../../../lib/summary';

/** Kinds of doubt that may be allowed by name (`--allow machine,...`). */
export const allowable = ['script', 'load', 'parameters', 'machine', 'objectives', 'instrument'] as const;
export type Allowable = (typeof allowable)[number];

export interface Doubt {
  about: Allowable;
  text: string;
}

/** Parameters that do not change what is measured: where results go, whom the answers are for, what is read beside. */
const harmless = new Set([
  'out',
  'baseUrl',
  'query',
  'tls',
  'unixSocket',
  'apiKeys',
  'seed',
  'calibration',
  'maxError',
  'traces',
  'tracesUrl',
  'grafanaUrl',
  'pages',
  'pagesEvery',
  'providerUrl',
  'objectives',
  'duration',
  'timeScale',
  'requests',
]);
/** Made before records said when values came. */
const isOld = (run: RunRecord) => !Object.values(run.metrics).some((rows) => rows.some((row) => row.batches));
/** What a record says of a parameter; of one that an older version did not know, its default. */
function parameterOf(name: string, { environment }: RunRecord): unknown {
  const { parameters } = environment;
  return name in parameters ? parameters[name] : usual[name];
}
const usual = safeParameters(readParameters({}, () => ''));
const show = (value: unknown) => (value === undefined ? 'nothing' : JSON.stringify(value).slice(0, 80));

/** What keeps runs from being compared, in words; each sentence once. The first run is what the others are compared with. */
export function doubts(runs: readonly RunRecord[]): Doubt[] {
  const found = new Map<string, Doubt>();
  const say = (about: Allowable, text: string) => found.set(text, { about, text });
  const first = runs[0]!;
  for (const run of runs) {
    for (const reason of run.reasons)
      if (reason.about === 'instrument')
        say('instrument', `the instrument of ${run.run_id} was in doubt: ${reason.text}`);
    if (run.script !== first.script)
      say('script', `the runs are of different scripts: ${first.script} and ${run.script}`);
    for (const text of otherLoad(first, run)) say('load', text);
    for (const text of otherParameters(first, run)) say('parameters', text);
    for (const text of otherMachine(first, run)) say('machine', text);
  }
  return [...found.values()];
}

function otherLoad(a: RunRecord, b: RunRecord): string[] {
  const shape = (run: RunRecord) =>
    run.profile.phases.map(({ name, rate }) => `${name} ${Number(rate.toPrecision(6))}/s`);
  const [left, right] = [shape(a).join(', '), shape(b).join(', ')];
  if (left !== right) return [`the loads are different: ${left} in ${a.run_id}, and ${right} in ${b.run_id}`];
  const { arrivals } = a.profile;
  return arrivals === b.profile.arrivals
    ? []
    : [
        `the loads are different: the arrivals are ${arrivals} in ${a.run_id}, and ${b.profile.arrivals} in ${b.run_id}`,
      ];
}

function otherParameters(a: RunRecord, b: RunRecord): string[] {
  const [left, right] = [a.environment.parameters, b.environment.parameters];
  const names = new Set([...Object.keys(left), ...Object.keys(right)]);
  // A parameter that only a newer version knows stands in one record alone.
  const inBoth = (name: string) => isOld(a) === isOld(b) || (name in left && name in right);
  return [...names]
    .filter((name) => !harmless.has(name) && inBoth(name) && show(parameterOf(name, a)) !== show(parameterOf(name, b)))
    .map(
      (name) =>
        `a parameter is different: ${name} is ${show(parameterOf(name, a))} in ${a.run_id} and ${show(parameterOf(name, b))} in ${b.run_id}`,
    );
}

function otherMachine(a: RunRecord, b: RunRecord): string[] {
  const [left, right] = [a.environment, b.environment];
  const said: string[] = [];
  for (const [name, word] of [
    ['cpu_model', 'CPU'],
    ['cpus', 'number of cores'],
    ['arch', 'architecture'],
    ['os', 'operating system'],
  ] as const)
    if (left[name] !== right[name])
      said.push(`the machines are different: their ${word} is ${show(left[name])} and ${show(right[name])}`);
  const [low, high] = [left.memory_bytes, right.memory_bytes].sort((x, y) => x - y);
  if (high! > 1.1 * low!)
    said.push(
      `the machines are different: they have ${(low! / 2 ** 30).toFixed(1)} and ${(high! / 2 ** 30).toFixed(1)} GiB of memory`,
    );
  return said;
}

/** What a reader should know, though the runs may be compared. */
export function notes(base: readonly RunRecord[], now: readonly RunRecord[]): string[] {
  const said: string[] = [];
  const all = [...base, ...now];
  const distinct = (of: (run: RunRecord) => string) => [...new Set(all.map(of))];
  const commits = distinct(({ environment }) => environment.commit.slice(0, 12));
  if (commits.length > 1)
    said.push(`The runs were made by ${commits.length} commits of this suite: ${commits.join(', ')}.`);
  const lengths = all.map((run) => run.duration_s);
  if (Math.max(...lengths) > 1.05 * Math.min(...lengths))
    said.push(
      `The runs have different lengths: from ${Math.round(Math.min(...lengths))} to ${Math.round(Math.max(...lengths))} s.`,
    );
  const tokens = (runs: readonly RunRecord[]) => {
    const whole = runs.map((run) =>
      run.metrics.llm_completion_tokens?.find(({ tags }) => Object.keys(tags).length === 0),
    );
    const sum = whole.reduce((all, each) => all + (each?.sum ?? 0), 0);
    return (
      sum /
      Math.max(
        1,
        whole.reduce((all, each) => all + (each?.count ?? 0), 0),
      )
    );
  };
  const [before, after] = [tokens(base), tokens(now)];
  if (before > 0 && after > 0 && Math.abs(after / before - 1) > 0.05)
    said.push(
      `The answers have different lengths: ${before.toFixed(1)} output tokens in the mean of the base, and ${after.toFixed(1)} in that of the new runs. This alone makes the times of whole responses differ.`,
    );
  if (base.length + now.length < 6)
    said.push(
      'With fewer than three runs on each side, it is not known how much runs of the same target differ on this machine; three or more on each side show it.',
    );
  if (all.some(isOld))
    said.push(
      'A record of an older version (schema 1) does not say when each value came: its figures are compared only where its timeline shows that, or by repeated runs.',
    );
  return said;
}
