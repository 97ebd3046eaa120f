import { parseArgs } from 'node:util';
import { ToolError } from '../../programs/process';
import { runCommand } from '../../programs/command';
import { allowable, type Allowable } from './comparable';
import type { Comparison, Settings } from './comparison';
import { compare, defaults } from './judge';
import { markdown } from './markdown';
import { readSide } from './runs';
import { text } from './text';

const help = `npm run compare -- <base> <new>
npm run compare -- --base run,run,run --new run,run,run   (several runs of each; patterns such as 'results/*-spike' are allowed)

Says whether the new runs are better or worse than the base, and what such runs could have shown. A run is its folder or its
run.json; where all runs have a file of all requests (REQUESTS=all), percentiles are taken from that, which makes them exact. A figure is called worse only when its difference is significant, corrected for the
number of figures, and larger than the threshold. Figures of the objectives and the main ones (median TTFT, response time and
gap, share of errors, of each kind of request) decide; the others are details.

  --format text|md|json    table for a terminal, Markdown for a pull request, or JSON (tools/commands/compare/compare.schema.json)
  --threshold 5%           differences up to this share of the base's value are called none; for shares of requests (errors,
  --threshold-share 1%     goodput) up to so many percentage points
  --effect 10%             what runs should be able to show; less evidence than that is "too little"
  --effect-share 2%        the same for shares of requests
  --alpha 5%               chance of calling any figure worse or better though nothing differs
  --allow a,b              compares in spite of: ${allowable.join(', ')}
  --all                    prints every figure

Exit code: 0 no figure is worse, 99 worse, 110 too little evidence or not comparable, 104 wrong arguments or no such run.`;

/** Exit codes of the tools that stand beside a run (docs/comparing.md). */
export const exitCodes: Readonly<Record<Comparison['verdict'], number>> = {
  better: 0,
  'no difference shown': 0,
  worse: 99,
  'too little evidence': 110,
  'not comparable': 110,
};
/** Wrong arguments, or a run that cannot be read. */
export const wrongArguments = 104;

const formats = ['text', 'md', 'json'] as const;

interface Options {
  base: string[];
  now: string[];
  format: (typeof formats)[number];
  settings: Settings;
  allow: Allowable[];
  all: boolean;
}

/** Reads a share such as 5% or 0.05. Throws {@link ToolError}. */
export function shareOf(name: string, given: string | undefined, otherwise: number): number {
  if (given === undefined) return otherwise;
  const match = /^(\d+(?:\.\d+)?)\s*(%?)$/.exec(given.trim());
  const share = match ? Number(match[1]) / (match[2] ? 100 : 1) : Number.NaN;
  if (!(share >= 0 && share < 1))
    throw new ToolError(`--${name} is "${given}", but must be a share such as 5% or 0.05, below 100%`);
  return share;
}

/** The options that say what counts as a difference, by parseArgs. */
export const settingOptions = {
  threshold: { type: 'string' },
  'threshold-share': { type: 'string' },
  effect: { type: 'string' },
  'effect-share': { type: 'string' },
  alpha: { type: 'string' },
} as const;

/** What counts as a difference, from the words that were given. Throws {@link ToolError}. */
export function settingsOf(values: Readonly<Partial<Record<keyof typeof settingOptions, string>>>): Settings {
  const settings: Settings = {
    ...defaults,
    threshold: shareOf('threshold', values.threshold, defaults.threshold),
    threshold_share: shareOf('threshold-share', values['threshold-share'], defaults.threshold_share),
    effect: shareOf('effect', values.effect, defaults.effect),
    effect_share: shareOf('effect-share', values['effect-share'], defaults.effect_share),
    alpha: shareOf('alpha', values.alpha, defaults.alpha),
  };
  if (settings.alpha === 0) throw new ToolError('--alpha is 0, but no comparison is that certain; 5% is usual');
  for (const [large, small] of [
    ['effect', 'threshold'],
    ['effect_share', 'threshold_share'],
  ] as const)
    if (!(settings[large] > settings[small]))
      throw new ToolError(`--${large.replace('_', '-')} must be larger than --${small.replace('_', '-')}`);
  return settings;
}

function options(args: readonly string[]): Options {
  const text = { type: 'string' } as const;
  const sides = { base: { ...text, multiple: true }, new: { ...text, multiple: true } } as const;
  const { values, positionals } = parsed(() =>
    parseArgs({
      args: [...args],
      allowPositionals: true,
      options: { ...sides, ...settingOptions, format: text, allow: text, all: { type: 'boolean' } },
    }),
  );
  const named = (values.base?.length ?? 0) > 0 || (values.new?.length ?? 0) > 0;
  if (named && positionals.length > 0)
    throw new ToolError(`"${positionals[0]}" belongs to neither side: give --base a,b --new c,d, or only the two runs`);
  if (!named && positionals.length !== 2)
    throw new ToolError(
      `${positionals.length} runs are given, but two are wanted: the base and the new run, or --base a,b --new c,d for several of each`,
    );
  const format = formats.find((each) => each === (values.format ?? 'text'));
  if (!format) throw new ToolError(`--format is "${values.format}", but must be one of ${formats.join(', ')}`);
  const allow = (values.allow?.split(',') ?? []).map((word) => {
    const known = allowable.find((each) => each === word);
    if (!known) throw new ToolError(`--allow is "${word}", but must be of ${allowable.join(', ')}`);
    return known;
  });
  return {
    base: named ? (values.base ?? []) : [positionals[0]!],
    now: named ? (values.new ?? []) : [positionals[1]!],
    format,
    settings: settingsOf(values),
    allow,
    all: values.all ?? false,
  };
}

function parsed<T>(parse: () => T): T {
  try {
    return parse();
  } catch (error) {
    throw new ToolError(`${(error as Error).message}; see --help`);
  }
}

/** Where a command's words go. */
export interface Said {
  out(text: string): void;
  err(text: string): void;
}

/** This process's own terminal. */
export const terminal: Said = { out: (said) => process.stdout.write(said), err: (said) => process.stderr.write(said) };

/** Runs the command; what cannot be compared for wrong arguments or files is told in one sentence. */
export function main(args: readonly string[], say = terminal): number {
  let comparison: Comparison;
  let chosen: Options;
  try {
    chosen = options(args);
    comparison = compare(readSide(chosen.base, 'base'), readSide(chosen.now, 'new'), chosen.settings, chosen.allow);
  } catch (error) {
    if (!(error instanceof ToolError)) throw error;
    say.err(`${error.message}\n`);
    return wrongArguments;
  }
  const write = { text, md: markdown, json: (all: Comparison) => `${JSON.stringify(all, null, 1)}\n` }[chosen.format];
  say.out(write(comparison, chosen.all));
  return exitCodes[comparison.verdict];
}

if (require.main === module) void runCommand(help, (args) => main(args), true);
