import { appendFileSync, cpSync, existsSync, mkdirSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { buildK6, bundle } from '../../build/build';
import { runCommand } from '../../programs/command';
import { run, ToolError } from '../../programs/process';
import { allowable } from '../compare/comparable';
import { main as compareRuns, wrongArguments } from '../compare/compare';
import { formats } from '../report/formats';
import { readRecord } from '../shared/record';
import { pullRequestOf, putComment } from './comment';

const help = `npm run ci -- [--script smoke] [--base perf-base] [--out perf] [--allow machine] [--comment] [-e NAME=value ...]

What deploy/ci/ does in a CI: runs a script, compares it with the last run of the base branch, and writes what a pull request
is told. The gateway and the key are taken from the environment (BASE_URL, API_KEY, ...), as every parameter is.

  --script NAME     a script of dist/ (smoke)
  --base PATH       the last run of the base branch, or its run.json; one that is not there is said, and nothing is compared
  --out FOLDER      gets results/ and a copy in last/ (keep it as an artefact: it is the next one's base), and comment.md
  --allow a,b       compares in spite of: ${allowable.join(', ')}
  --comment         writes comment.md under the pull request of this job (GitHub: GITHUB_TOKEN; GitLab: GITLAB_TOKEN)
  -e NAME=value     a parameter of the script

Exit code: that of the run (0 PASS, 99 FAIL, 110 INVALID); of a PASS, 99 where the comparison says worse.`;

interface Options {
  script: string;
  base?: string;
  out: string;
  allow?: string;
  comment: boolean;
  parameters: string[];
}

function options(args: readonly string[]): Options {
  const text = { type: 'string' } as const;
  try {
    const { values } = parseArgs({
      args: [...args],
      options: {
        script: text,
        base: text,
        out: text,
        allow: text,
        comment: { type: 'boolean' },
        e: { ...text, short: 'e', multiple: true },
      },
    });
    const script = values.script ?? 'smoke';
    if (!/^[\w-]+$/.test(script)) throw new ToolError(`--script is "${script}", but must be the name of a script`);
    return {
      script,
      base: values.base || undefined,
      out: values.out ?? 'perf',
      allow: values.allow || undefined,
      comment: values.comment ?? false,
      parameters: (values.e ?? []).flatMap((given) => ['-e', given]),
    };
  } catch (error) {
    throw error instanceof ToolError ? error : new ToolError(`${(error as Error).message}; see --help`);
  }
}

/** Runs the script and puts its folder where the next run finds it. */
async function load({ script, out, parameters }: Options): Promise<{ code: number; folder?: string }> {
  await buildK6();
  await bundle();
  if (!existsSync(`dist/${script}.js`)) throw new ToolError(`there is no script ${script}; ls dist shows them`);
  const results = resolve(out, 'results');
  rmSync(results, { recursive: true, force: true });
  const code = await run('bin/k6', ['run', '--quiet', `dist/${script}.js`, ...parameters, '-e', `OUT=${results}`], {
    env: { ...process.env, K6_AUTO_EXTENSION_RESOLUTION: 'false', K6_NO_USAGE_REPORT: 'true' },
  });
  const made = existsSync(results) ? readdirSync(results) : [];
  if (made.length === 0) return { code };
  const folder = join(resolve(out), 'last');
  rmSync(folder, { recursive: true, force: true });
  cpSync(join(results, made[0]!), folder, { recursive: true });
  return { code, folder };
}

/** The comparison as Markdown, and its exit code; what cannot be compared is no failure of this run. */
function compared({ base, allow }: Options, folder: string): { code: number; text: string } {
  if (base === undefined || !statSync(base, { throwIfNoEntry: false }))
    return {
      code: 0,
      text: 'There is no run of the base branch yet, so nothing was compared. Its next run will be the base.\n',
    };
  let text = '';
  let failure = '';
  const words = ['--format', 'md', ...(allow === undefined ? [] : ['--allow', allow]), base, folder];
  const code = compareRuns(words, { out: (said) => (text += said), err: (said) => (failure += said) });
  if (code === wrongArguments)
    return { code: 0, text: `The run of the base branch cannot be compared with: ${failure.trim()}\n` };
  return { code, text };
}

async function main(args: readonly string[]): Promise<number> {
  const given = options(args);
  mkdirSync(given.out, { recursive: true });
  const { code, folder } = await load(given);
  if (folder === undefined) return code === 0 ? 2 : code;
  const comparison = compared(given, folder);
  const { record } = readRecord(folder);
  const text = `${comparison.text}\n<details><summary>The run</summary>\n\n${formats.md.make(record)}\n</details>\n`;
  const file = join(given.out, 'comment.md');
  writeFileSync(file, text);
  process.stdout.write(`\n${comparison.text}\nwritten to ${file}; the run is in ${folder}\n`);
  if (process.env.GITHUB_STEP_SUMMARY) appendFileSync(process.env.GITHUB_STEP_SUMMARY, text);
  if (given.comment) process.stdout.write(`${await putComment(pullRequestOf(process.env), given.script, text)}\n`);
  return code === 0 && comparison.code === 99 ? 99 : code;
}

if (require.main === module) void runCommand(help, main);
