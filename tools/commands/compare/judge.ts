import type { MetricName } from '../../../lib/metrics';
import type { RunRecord } from '../../../lib/summary';
import { holm } from '../../../lib/statistics';
import type { CompareVerdict, Comparison, FigureReport, Settings } from './comparison';
import { doubts, notes, type Allowable } from './comparable';
import { difference, lengthFactorFor, smallestShown, type Difference } from './difference';
import { estimatorOf } from './estimate';
import { isSingle, type Exact } from './exact';
import { figuresOf, rowsOf, type Figure } from './figures';
import { amount, change, duration } from './words';

/** Share of alpha for the figures that decide; the details, which are many, share the rest. */
const mainWeight = 0.8;

export const defaults: Settings = {
  alpha: 0.05,
  threshold: 0.05,
  threshold_share: 0.01,
  effect: 0.1,
  effect_share: 0.02,
  correction: 'Holm, four fifths of alpha for the objectives and main figures together, one fifth for the details',
};

/** A run and the file that it was read from. */
export interface ReadRun {
  file: string;
  record: RunRecord;
  /** Its single values, or why the file of them is not used. */
  exact?: Exact | string;
}

interface Compared {
  figure: Figure;
  difference: Difference;
  weight: number;
}

/** How the runs of the two sides belong together, and what an experiment that goes on may use of alpha at this look. */
export interface Design {
  paired?: boolean;
  alpha?: number;
}

/** Compares two sides; each has at least one run. */
export function compare(
  base: readonly ReadRun[],
  now: readonly ReadRun[],
  settings: Settings = defaults,
  allowed: readonly Allowable[] = [],
  design: Design = {},
): Comparison {
  const [before, after] = [base.map(({ record }) => record), now.map(({ record }) => record)];
  const all = [...before, ...after];
  const found = doubts(all);
  const barred = found.filter(({ about }) => !allowed.includes(about)).map(({ text }) => text);
  const said = [
    ...notes(before, after),
    ...(barred.length > 0 ? [] : exactNotes([...base, ...now])),
    ...found.filter(({ about }) => allowed.includes(about)).map(({ text }) => `Allowed: ${text}.`),
  ];
  const figures =
    barred.length > 0 ? [] : judged(base, now, { ...settings, alpha: design.alpha ?? settings.alpha }, design.paired);
  const overall = barred.length > 0 ? ('not comparable' as const) : overallOf(figures);
  return {
    schema: 1,
    verdict: overall,
    reasons: barred.length > 0 ? barred : reasonsOf(overall, figures),
    notes: said,
    base: sideOf(base),
    new: sideOf(now),
    settings,
    figures,
  };
}

/**
 * A run's single values, where every run has those of this figure: a histogram's figure lies up to 0.25 % beside the
 * exact one, and the two sides are to differ in nothing but the target.
 */
function singlesOf(runs: readonly ReadRun[], { metric, stat, tags }: Figure): (run: ReadRun) => Exact | undefined {
  const fits = ({ exact, record }: ReadRun) =>
    typeof exact === 'object' && exact.fits(metric, rowsOf(record, metric, tags));
  const all = stat !== 'finding' && runs.every(fits);
  return ({ exact }) => (all && typeof exact === 'object' ? exact : undefined);
}

function exactNotes(runs: readonly ReadRun[]): string[] {
  const unused = runs.flatMap(({ exact }) =>
    typeof exact === 'string' ? [`A file of single requests is not used: ${exact}.`] : [],
  );
  if (!runs.every(({ exact }) => typeof exact === 'object')) return unused;
  const times = figuresOf(runs.map(({ record }) => record)).filter(
    ({ metric, stat }) => isSingle(metric) && /^p\d/.test(stat),
  );
  const exact = times.filter((figure) => singlesOf(runs, figure)(runs[0]!) !== undefined);
  if (exact.length === 0)
    return ['The files of single requests are not used: they hold other requests than run.json counts.'];
  const which = exact.length === times.length ? 'Percentiles' : `${exact.length} of ${times.length} percentiles`;
  return [`${which} of TTFT, response time and first byte are exact: they come from the single requests of each run.`];
}

function judged(
  base: readonly ReadRun[],
  now: readonly ReadRun[],
  settings: Settings,
  paired?: boolean,
): FigureReport[] {
  const [before, after] = [base, now].map((runs) => runs.map(({ record }) => record)) as [RunRecord[], RunRecord[]];
  const figures = figuresOf([...before, ...after]);
  const weights = weightsOf(figures);
  const compared = figures.flatMap((figure, i): Compared[] => {
    const singles = singlesOf([...base, ...now], figure);
    const sides = [base, now].map((runs) => runs.map((run) => estimatorOf(run.record, figure, singles(run))));
    if (sides.flat().some((each) => each === undefined)) return [];
    return [
      {
        figure,
        weight: weights[i]!,
        difference: difference(
          sides[0]!.map((e) => e!),
          sides[1]!.map((e) => e!),
          paired,
        ),
      },
    ];
  });
  const tested = compared.map(({ difference, weight }) => ({ p: untestable(difference) ? 1 : difference.p, weight }));
  const corrected = holm(tested);
  const sum = tested.reduce((all, { weight }) => all + weight, 0);
  const seconds = Math.max(...[...before, ...after].map((run) => run.duration_s));
  return compared.map((each, i) =>
    report(each, corrected[i]!, (settings.alpha * each.weight) / sum, settings, seconds, [before[0]!, after[0]!]),
  );
}

const untestable = (difference: Difference) => difference.at(0.95).short !== '';

function weightsOf(figures: readonly Figure[]): number[] {
  const details = figures.filter(({ role }) => role === 'detail').length;
  const deciding = figures.length - details;
  return figures.map(({ role }) =>
    role === 'detail' ? (deciding > 0 ? 1 - mainWeight : 1) / details : (details > 0 ? mainWeight : 1) / deciding,
  );
}

const finite = (value: number) => (Number.isFinite(value) ? value : null);

function report(
  { figure, difference }: Compared,
  p: number,
  alpha: number,
  settings: Settings,
  seconds: number,
  [before, after]: [RunRecord, RunRecord],
): FigureReport {
  const { target, ...named } = figure;
  const share = figure.unit === 'share';
  const { value, low, high, short } = difference.at(0.95);
  const base = difference.base.value;
  const whole = share ? 1 : Math.abs(base);
  const threshold = share ? settings.threshold_share : settings.threshold * whole;
  const effect = share ? settings.effect_share : settings.effect * whole;
  const smallest = short ? Infinity : smallestShown(difference, alpha, threshold);
  const factor = short ? undefined : lengthFactorFor(difference, alpha, effect, threshold);
  const needed = factor === undefined ? null : factor * seconds;
  const tested = { value, low, high, short, p: short ? null : p, smallest, needed };
  const { verdict, text } = conclude(figure, tested, { base, threshold, effect, alpha: settings.alpha });
  return {
    ...named,
    verdict,
    text,
    base,
    new: difference.new.value,
    n: [difference.base.n, difference.new.n],
    difference: value,
    interval: short ? null : [finite(low), finite(high)],
    relative: base === 0 ? null : value / Math.abs(base),
    relative_interval: base === 0 || short ? null : [finite(low / Math.abs(base)), finite(high / Math.abs(base))],
    p: tested.p,
    smallest: finite(smallest),
    seconds_needed: needed,
    ...(target === undefined
      ? {}
      : { objective: { target, base: stateOf(before, figure), new: stateOf(after, figure) } }),
  };
}

interface Tested {
  value: number;
  low: number;
  high: number;
  short: string;
  p: number | null;
  smallest: number;
  needed: number | null;
}

/** The verdict on one figure, and why. */
function conclude(
  { better, unit }: Figure,
  { value, low, high, short, p, smallest, needed }: Tested,
  { base, threshold, effect, alpha }: { base: number; threshold: number; effect: number; alpha: number },
): { verdict: CompareVerdict; text: string } {
  const said = (x: number) => change(x, base, unit);
  if (short) return { verdict: 'too little evidence', text: short };
  if (p !== null && p < alpha) {
    if (Math.abs(value) > threshold)
      return {
        verdict: value > 0 === (better === 'lower') ? 'worse' : 'better',
        text: `${said(value)} (${said(low)} to ${said(high)})`,
      };
    if (smallest <= effect)
      return {
        verdict: 'no difference shown',
        text: `${said(value)} is within the threshold of ${amount(threshold, base, unit)}`,
      };
  }
  if (smallest <= effect)
    return {
      verdict: 'no difference shown',
      text: `a difference of ${amount(smallest, base, unit)} or more would have been seen`,
    };
  const enough = needed === null ? '' : `; runs of ${duration(needed)} would show ${amount(effect, base, unit)}`;
  const shows = Number.isFinite(smallest)
    ? `only a difference of ${amount(smallest, base, unit)} or more would have been seen`
    : 'no difference could have been seen, however large it was';
  return { verdict: 'too little evidence', text: `${shows}${enough}` };
}

/** What the objective was in a run: `ok`, `missed` and so on. */
function stateOf(run: RunRecord, { name }: Figure): string {
  return run.objectives.find((each) => each.name === name)?.state ?? 'not judged';
}

function overallOf(figures: readonly FigureReport[]): CompareVerdict {
  const deciding = figures.filter(({ role }) => role !== 'detail');
  if (figures.some(({ verdict }) => verdict === 'worse')) return 'worse';
  if (deciding.length === 0 || deciding.some(({ verdict }) => verdict === 'too little evidence'))
    return 'too little evidence';
  return figures.some(({ verdict }) => verdict === 'better') ? 'better' : 'no difference shown';
}

function reasonsOf(overall: CompareVerdict, figures: readonly FigureReport[]): string[] {
  if (figures.length === 0) return ['the runs have no figure in common that could be compared'];
  const deciding = figures.filter(({ role }) => role !== 'detail');
  const told = overall === 'worse' || overall === 'better' ? figures : deciding;
  if (overall === 'too little evidence' && deciding.length === 0)
    return ['no objective and no main figure is in all runs'];
  return told.filter(({ verdict }) => verdict === overall).map((figure) => `${labelOf(figure)}: ${figure.text}`);
}

/** Metrics by the names that the terminal uses for them; the others by their own. */
const names: Partial<Record<MetricName, string>> = {
  llm_ttft: 'TTFT',
  llm_ttft_scheduled: 'TTFT from the due time',
  llm_e2e: 'response time',
  llm_e2e_scheduled: 'response time from the due time',
  llm_inter_chunk: 'gap between chunks',
  llm_stream_error: 'errors',
  llm_tpot: 'time per token',
  llm_tokens_per_second: 'tokens/s',
  llm_cost_usd: 'cost of a request',
};

/** A figure in one line: its name, and the tags that its name does not say. */
export function labelOf({
  name,
  metric,
  stat,
  tags,
  role,
}: Pick<FigureReport, 'name' | 'metric' | 'stat' | 'tags' | 'role'>): string {
  if (role === 'objective') return name;
  const under = Object.values(tags).join(', ');
  const known = names[metric as MetricName] ?? metric.replace(/^llm_/, '').replaceAll('_', ' ');
  return `${known}${stat === 'share' ? '' : ` ${stat}`}${under ? ` (${under})` : ''}`;
}

function sideOf(runs: readonly ReadRun[]): Comparison['base'] {
  return {
    runs: runs.map(({ file, record: { run_id, started_at, duration_s, verdict } }) => ({
      file,
      run_id,
      started_at,
      duration_s,
      verdict,
    })),
    commit: runs[0]!.record.environment.commit,
    target: runs[0]!.record.environment.target,
  };
}
