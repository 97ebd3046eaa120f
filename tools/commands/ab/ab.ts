import { existsSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { buildK6, bundle } from '../../build/build';
import { runCommand } from '../../programs/command';
import { k6 } from '../../programs/k6';
import { ToolError } from '../../programs/process';
import { exitCodes, settingOptions, settingsOf, wrongArguments } from '../compare/compare';
import type { Settings } from '../compare/comparison';
import type { ReadRun } from '../compare/judge';
import { readRecord } from '../shared/record';
import { experiment, pairsAtLeast, type Block, type SideName } from './experiment';
import { markdown, text } from './text';

const help = `npm run ab -- --base URL --new URL [--script ttft] [-e NAME=value ...]

Compares two gateways by one experiment: short blocks of the script's load against the one and the other in random order, so that
what the machine and the time of day do to both is no difference. First the base is compared with itself: what differs there is
noise of machine and target. It ends as soon as it is decided, within the limit. Keys: -e API_KEYS_FILE=..., or API_KEY in the
environment.

  --script ttft            any script of this suite (npm run build; dist/)
  -e NAME=value            a parameter of the script (npm run params), for both sides
  --block 20s              length of a block
  --limit 15m              the whole experiment at most
  --seed 1                 of the order of the blocks
  --out results/ab-...     where the blocks' results go
  --format text|md|json, --threshold 5%, --threshold-share 1%, --effect 10%, --effect-share 2%, --alpha 5%, --all: as in compare

Exit code: 0 the new one is not worse, 99 worse, 110 too little evidence within the limit or not comparable, 104 wrong arguments.`;

/** Seconds that k6 takes to start and to end, in addition to a block's load. */
const around = 6;
const floorPairs = 2;

interface Options {
  sides: Record<SideName, string>;
  script: string;
  env: Record<string, string>;
  block: number;
  pairsAtMost: number;
  seed: number;
  out: string;
  format: 'text' | 'md' | 'json';
  settings: Settings;
  all: boolean;
}

/** Seconds of a k6 duration such as 20s, 5m or 1h30m. Throws {@link ToolError}. */
export function secondsOf(name: string, given: string): number {
  const match = /^(?:(\d+)h)?(?:(\d+)m)?(?:(\d+(?:\.\d+)?)s)?$/.exec(given);
  const seconds = match ? 3600 * Number(match[1] ?? 0) + 60 * Number(match[2] ?? 0) + Number(match[3] ?? 0) : 0;
  if (!(seconds > 0)) throw new ToolError(`--${name} is "${given}", but must be a duration such as 20s or 5m`);
  return seconds;
}

/** Reads the arguments. Throws {@link ToolError} in words. */
export function options(args: readonly string[]): Options {
  const word = { type: 'string' } as const;
  const parse = () =>
    parseArgs({
      args: [...args],
      options: {
        ...{ base: word, new: word, script: word, block: word, limit: word, seed: word, out: word, format: word },
        ...settingOptions,
        env: { type: 'string', short: 'e', multiple: true },
        all: { type: 'boolean' },
      },
    }).values;
  let values: ReturnType<typeof parse>;
  try {
    values = parse();
  } catch (error) {
    throw new ToolError(`${(error as Error).message}; see --help`);
  }
  const url = (name: SideName) => {
    const given = values[name];
    if (given === undefined)
      throw new ToolError(`--${name} is missing: the address of the ${name} gateway; see --help`);
    if (!/^https?:\/\/[^\s]+$/.test(given))
      throw new ToolError(`--${name} is "${given}", but must be an address such as http://gateway:8080/v1`);
    return given;
  };
  const env = Object.fromEntries(
    (values.env ?? []).map((each) => {
      const at = each.indexOf('=');
      if (at < 1) throw new ToolError(`-e ${each} is wrong: write a parameter as NAME=value`);
      return [each.slice(0, at), each.slice(at + 1)];
    }),
  );
  const taken = ['BASE_URL', 'DURATION', 'OUT'].find((name) => name in env);
  if (taken) throw new ToolError(`-e ${taken} cannot be given: --base and --new, --block and --out say it`);
  const block = secondsOf('block', values.block ?? '20s');
  if (block < 2) throw new ToolError(`--block is "${values.block}", but must be at least 2s`);
  const limit = secondsOf('limit', values.limit ?? '15m');
  const pairsAtMost = Math.floor(limit / (2 * (block + around))) - floorPairs - 1;
  if (pairsAtMost < pairsAtLeast)
    throw new ToolError(
      `--limit allows ${Math.max(0, pairsAtMost)} pairs of blocks of ${block} s, and at least ${pairsAtLeast} are needed: give --limit ${Math.ceil((2 * (block + around) * (pairsAtLeast + floorPairs + 1)) / 60)}m or more, or a shorter --block`,
    );
  const format = values.format ?? 'text';
  if (format !== 'text' && format !== 'md' && format !== 'json')
    throw new ToolError(`--format is "${format}", but must be one of text, md, json`);
  const seed = Number(values.seed ?? 1);
  if (!Number.isInteger(seed) || seed < 0)
    throw new ToolError(`--seed is "${values.seed}", but must be a whole number`);
  return {
    sides: { base: url('base'), new: url('new') },
    script: values.script ?? 'ttft',
    env,
    block,
    pairsAtMost,
    seed,
    out: values.out ?? join('results', `ab-${new Date().toISOString().slice(0, 19).replace(/[-:]/g, '')}`),
    format,
    settings: settingsOf(values),
    all: values.all ?? false,
  };
}

/** Blocks by a real k6: each is a run of the script with a folder of its own. */
function blocks({ sides, script, env, block, out }: Options, say: (line: string) => void): Block {
  const keys = Object.fromEntries(
    ['API_KEY', 'API_KEYS_FILE'].flatMap((name) => (process.env[name] ? [[name, process.env[name]!]] : [])),
  );
  return async (side, name): Promise<ReadRun | undefined> => {
    const folder = join(out, name);
    mkdirSync(folder, { recursive: true });
    const ran = await k6(`dist/${script}.js`, {
      env: { ...env, BASE_URL: sides[side], DURATION: `${block}s`, OUT: folder },
      args: ['--quiet'],
      settings: keys,
    });
    if (!ran.folder) {
      const said = `${ran.stderr}${ran.stdout}`.trim().split('\n').slice(-4).join(' ');
      throw new ToolError(`the block against ${sides[side]} wrote no run.json (k6 ended with ${ran.code}): ${said}`);
    }
    const read = readRecord(ran.folder);
    const doubt = read.record.reasons.find(({ about }) => about === 'instrument');
    if (read.record.counts.started === 0)
      throw new ToolError(`nothing was sent to ${sides[side]}: ${doubt?.text ?? 'no reason is known'}`);
    say(
      doubt
        ? `${name} does not count: ${doubt.text}`
        : `${name}: ${side}, ${read.record.counts.finished} requests answered`,
    );
    return doubt ? undefined : read;
  };
}

async function main(args: readonly string[]): Promise<number> {
  let stopped = false;
  // ctrl-C reaches k6 as well (same terminal): the block ends, and what there is is told.
  process.on('SIGINT', () => {
    stopped = true;
  });
  const say = (line: string) => process.stderr.write(`${line}\n`);
  try {
    const chosen = options(args);
    await buildK6();
    await bundle();
    if (!existsSync(`dist/${chosen.script}.js`))
      throw new ToolError(
        `--script is "${chosen.script}", and there is no dist/${chosen.script}.js; scripts/ has the names`,
      );
    const block = blocks(chosen, say);
    // Connections, caches and a just started process of each side settle in a block that is not looked at.
    for (const side of ['base', 'new'] as const) await block(side, `warm-up-${side}`);
    const { pairsAtMost, settings, seed, format, all } = chosen;
    const found = await experiment(block, { floorPairs, pairsAtMost, settings, seed, stopped: () => stopped, say });
    const write = { text, md: markdown, json: () => `${JSON.stringify(found, null, 1)}\n` }[format];
    process.stdout.write(write(found, all));
    return exitCodes[found.result.verdict];
  } catch (error) {
    if (!(error instanceof ToolError)) throw error;
    process.stderr.write(`${error.message}\n`);
    return wrongArguments;
  }
}

if (require.main === module) void runCommand(help, main, true);
