import { parseArgs } from 'node:util';
import { ToolError } from '../../programs/process';
import { lineOf } from './lines';

export interface Options {
  scale: 'small' | 'full' | number;
  /** Share of the plan's durations; it has no effect at the small scale. */
  time: number;
  /** Rows or names of scripts; empty: all. */
  only: readonly string[];
  given: Readonly<Record<string, string>>;
  reference: boolean;
  dryRun: boolean;
  /** Starts a new plan even where one can be gone on with. */
  anew: boolean;
  /** Runs the scripts again whose runs say nothing about the target. */
  retry: boolean;
  tries: number;
  out: string;
}

/** Parameters that say how much is sent: that is what --scale is for. */
const ofTheScale = ['RATE', 'DURATION', 'SCALE', 'TIME_SCALE', 'VUS', 'OUT'];

function parsed(args: readonly string[]) {
  const word = { type: 'string' } as const;
  const flag = { type: 'boolean', default: false } as const;
  try {
    return parseArgs({
      args: [...args],
      options: {
        ...{ scale: word, time: word, only: word, out: word, tries: word },
        ...{ reference: flag, 'dry-run': flag, new: flag, retry: flag },
        env: { type: 'string', short: 'e', multiple: true },
      },
    }).values;
  } catch (error) {
    throw new ToolError(`${(error as Error).message.replace(/\. .*/s, '')}; see --help`);
  }
}

/** Reads the arguments. Throws {@link ToolError} in words. */
export function options(args: readonly string[], scripts: readonly string[]): Options {
  const given = parsed(args);
  const scale = scaleOf(given.scale ?? 'small');
  if (given.time !== undefined && scale === 'small')
    throw new ToolError('--time is for --scale full or a figure: the small scale has durations of its own');
  if (given.new && given.retry)
    throw new ToolError('--new and --retry exclude each other: --retry goes on with the plan that there is');
  return {
    scale,
    time: given.time === undefined ? 1 : share('time', given.time),
    only: chosen(given.only, scripts),
    given: parametersOf(given.env ?? []),
    reference: given.reference,
    dryRun: given['dry-run'],
    anew: given.new,
    retry: given.retry,
    tries: triesOf(given.tries ?? '2'),
    out: given.out ?? 'results',
  };
}

function share(name: string, text: string): number {
  const value = Number(text);
  if (text.trim() === '' || !(value > 0 && value <= 100))
    throw new ToolError(`--${name} is "${text}", but must be a number above 0 and at most 100, such as 0.1`);
  return value;
}

function scaleOf(text: string): Options['scale'] {
  if (text === 'small' || text === 'full') return text;
  if (!/^[\d.]+$/.test(text))
    throw new ToolError(`--scale is "${text}", but must be small, full, or a share of the plan's rates such as 0.1`);
  return share('scale', text);
}

function triesOf(text: string): number {
  if (!/^[1-9]$/.test(text)) throw new ToolError(`--tries is "${text}", but must be a whole number from 1 to 9`);
  return Number(text);
}

function chosen(text: string | undefined, scripts: readonly string[]): string[] {
  if (text === undefined) return [];
  const names = text.split(',').map((name) => name.trim());
  const rows = [...new Set(scripts.flatMap((script) => lineOf(script).rows))].sort();
  const unknown = names.find((name) => !scripts.includes(name) && !rows.includes(name));
  if (unknown !== undefined)
    throw new ToolError(
      `--only: "${unknown}" is neither a row nor a script; rows are ${rows.join(', ')}, scripts are ${scripts.join(', ')}`,
    );
  return names;
}

function parametersOf(words: readonly string[]): Record<string, string> {
  const given: Record<string, string> = {};
  for (const word of words) {
    const [, name, value] = /^(\w+)=(.*)$/s.exec(word) ?? [];
    if (name === undefined) throw new ToolError(`-e ${word} is not NAME=value`);
    if (ofTheScale.includes(name))
      throw new ToolError(
        `-e ${name} cannot be used here: each script of the plan has a load of its own. ${name === 'OUT' ? '--out says where results go' : '--scale and --time change them all'}`,
      );
    given[name] = value!;
  }
  return given;
}

/** The environment for k6: what is there, without what would change the loads. */
export function environmentOf(env: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  const kept = Object.entries(env).filter(([name]) => !ofTheScale.includes(name));
  return { ...Object.fromEntries(kept), K6_AUTO_EXTENSION_RESOLUTION: 'false', K6_NO_USAGE_REPORT: 'true' };
}

/** The scripts that are asked for, in the order of the plan. */
export function asked(scripts: readonly string[], only: readonly string[]): string[] {
  return scripts.filter(
    (script) => only.length === 0 || only.includes(script) || lineOf(script).rows.some((row) => only.includes(row)),
  );
}

/**
 * The parameters of a script at the scale, with those that tell it how the reference gateway is set where that is the
 * target; what the user gives wins.
 */
export function parametersFor(
  script: string,
  { scale, time, given, reference }: Pick<Options, 'scale' | 'time' | 'given' | 'reference'>,
): Record<string, string> {
  const { small, reference: set } = lineOf(script);
  const durations: Record<string, string> = time === 1 ? {} : { TIME_SCALE: String(time) };
  const own = scale === 'small' ? small : scale === 'full' ? durations : { SCALE: String(scale), ...durations };
  return { ...own, ...(reference ? set?.parameters : {}), ...given };
}
