// Writes data/*.json. The files are checked in; `--check` proves that they are what this generator makes.
import { closeSync, mkdirSync, openSync, readFileSync, writeFileSync, writeSync } from 'node:fs';
import { join, relative, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { runCommand } from '../../programs/command';
import { ToolError } from '../../programs/process';
import { conversationsOf } from './conversations';
import { embeddingsOf } from './embeddings';
import { fit, fitHelp } from './fit';
import { promptsTo, readProfile } from './profile';
import { promptsOf } from './prompts';
import { wordsOf } from './words';

export const SEED = 'gsai-perf';
export const DATA = resolve(__dirname, '../../../data');

/** How many of each. `plan` has the volume of the plan's section 7.4.6: over 1,000 prompts and 10,000 texts. */
const VOLUMES = {
  standard: { promptsPerCategory: 25, conversationsPerScenario: 2, texts: 600 },
  plan: { promptsPerCategory: 92, conversationsPerScenario: 6, texts: 10_000 },
} as const;
export type Volume = keyof typeof VOLUMES;

const help = `npm run data [-- options]

Writes the test data: prompts.json, conversations.json, embeddings.json and words.json.

  --seed <text>      the same seed gives the same files (default "${SEED}", which the checked-in files have)
  --volume <name>    standard (default) or plan: over 1,000 prompts and 10,000 texts to embed; plan needs --out
  --out <folder>     where to write (default data/)
  --profile <file>   in place of these, prompts whose lengths are as the profile has them (npm run data -- fit makes one of
                     a log): prompts.jsonl, for PROMPTS; needs --out
  --count <number>   how many of them (default 1000)
  --check            write nothing; exit 1 when a file in the folder is not what the generator makes

npm run data -- fit --help tells how a profile is made of a log.

Exit code: 0 done, 1 the check failed, 2 a wrong option.`;

/** The files by name, as text: one record a line, so that a change shows as the records that changed. */
export function generate(seed: string, volume: Volume = 'standard'): Map<string, string> {
  const { promptsPerCategory, conversationsPerScenario, texts } = VOLUMES[volume];
  const prompts = promptsOf(seed, promptsPerCategory);
  // Always of the standard volume's texts: more of them would be other words, and none is needed.
  const spoken = promptsOf(seed, VOLUMES.standard.promptsPerCategory).map(({ text }) => text);
  return new Map([
    ['prompts.json', array(prompts)],
    ['conversations.json', array(conversationsOf(seed, conversationsPerScenario))],
    ['embeddings.json', `{"texts":${array(embeddingsOf(seed, texts).texts).trimEnd()}}\n`],
    ['words.json', `${JSON.stringify(wordsOf(seed, spoken))}\n`],
  ]);
}

/** One sentence for each file that differs from what `files` says; none when all are equal. */
export function differences(files: ReadonlyMap<string, string>, folder: string): string[] {
  return [...files].flatMap(([name, wanted]) => {
    const path = join(folder, name);
    const shown = relative(process.cwd(), path);
    let found: string;
    try {
      found = readFileSync(path, 'utf8');
    } catch {
      return [`${shown} cannot be read; npm run data writes it`];
    }
    if (found === wanted) return [];
    const wantedLines = wanted.split('\n');
    const line = found.split('\n').findIndex((text, i) => text !== wantedLines[i]);
    return [
      `${shown} is not what the generator makes: line ${line === -1 ? 'after the last' : line + 1} differs; npm run data writes it; check the change in`,
    ];
  });
}

function array(records: readonly unknown[]): string {
  return `[\n${records.map((record) => JSON.stringify(record)).join(',\n')}\n]\n`;
}

/** Writes prompts to a profile. Throws a ToolError. */
function writeProfiled({ profile, count, out, seed }: Values): number {
  const wanted = Number(count);
  if (!(Number.isInteger(wanted) && wanted >= 1 && wanted <= 1_000_000))
    throw new ToolError(`--count is "${count}", but must be a whole number from 1 to 1000000`);
  if (out === undefined) throw new ToolError('--profile needs --out, the folder in which prompts.jsonl is written');
  const made = readProfile(profile!);
  mkdirSync(out, { recursive: true });
  const path = join(out, 'prompts.jsonl');
  const file = openSync(path, 'w');
  for (const line of promptsTo(made, wanted, seed)) writeSync(file, `${line}\n`);
  closeSync(file);
  process.stdout.write(`${path}: ${wanted} prompts. Send them with -e PROMPTS=${path}\n`);
  return 0;
}

interface Values {
  seed: string;
  volume: string;
  out?: string | undefined;
  check: boolean;
  profile?: string | undefined;
  count: string;
}

function main(args: string[]): number | Promise<number> {
  if (args[0] === 'fit') return fit(args.slice(1));
  let values: Values;
  try {
    values = parseArgs({
      args,
      options: {
        seed: { type: 'string', default: SEED },
        volume: { type: 'string', default: 'standard' },
        out: { type: 'string' },
        check: { type: 'boolean', default: false },
        profile: { type: 'string' },
        count: { type: 'string', default: '1000' },
      },
    }).values as typeof values;
  } catch (error) {
    throw new ToolError(`${(error as Error).message}; see --help`);
  }
  if (!(values.volume in VOLUMES))
    throw new ToolError(
      `--volume is "${values.volume}"; allowed are ${Object.keys(VOLUMES).join(' and ')}; see --help`,
    );
  if (values.volume === 'plan' && values.out === undefined)
    throw new ToolError('--volume plan needs --out: the checked-in files have the standard volume; see --help');
  if (values.seed === '') throw new ToolError('--seed is empty, but must be any text; see --help');

  if (values.profile !== undefined) return writeProfiled(values);
  const folder = values.out === undefined ? DATA : resolve(values.out);
  const files = generate(values.seed, values.volume as Volume);
  if (values.check) {
    const wrong = differences(files, folder);
    process.stderr.write(wrong.map((sentence) => `${sentence}\n`).join(''));
    if (wrong.length === 0)
      process.stdout.write(`${[...files.keys()].join(', ')}: as generated from the seed "${values.seed}".\n`);
    return wrong.length === 0 ? 0 : 1;
  }
  mkdirSync(folder, { recursive: true });
  for (const [name, text] of files) {
    writeFileSync(join(folder, name), text);
    process.stdout.write(
      `${join(relative(process.cwd(), folder), name)}: ${Math.ceil(Buffer.byteLength(text) / 1024)} KiB\n`,
    );
  }
  return 0;
}

if (require.main === module) void runCommand(process.argv[2] === 'fit' ? fitHelp : help, main);
