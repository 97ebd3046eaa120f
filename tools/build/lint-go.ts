import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { runCommand } from '../programs/command';
import { which } from '../programs/debian';
import { capture, run, ToolError } from '../programs/process';
import { goEnv } from './compile';

const help = `npm run lint:go

Looks at the Go code for what is not formatted, errors that are dropped, code that nobody uses, values that nobody reads, switches
over a type's constants that leave one out, and what staticcheck and go vet find. The linter is tools/build/golint/main.go; go.mod
beside it pins what it is made of. It is compiled into .cache/golint/ the first time, and what it has seen it keeps in the user's
cache folder. npm run check does the same. Where there is no Go it is left out.

To silence it at one place, write above the line: //lint:ignore <check> <why>. It refuses one without a reason, and one that
silences nothing.`;

/** Go modules of the project. */
const modules = ['xk6-sse', 'bench/client'];

const sources = 'tools/build/golint';
const folder = resolve('.cache/golint');

/**
 * All checks that staticcheck has, without those of it that ask for a comment on everything, or for names in one style:
 * its own default leaves them out too.
 */
const checks = 'all,-ST1000,-ST1003,-ST1016,-ST1020,-ST1021,-ST1022,-ST1023,-SA9003';

/** Builds the linter unless it is up to date, and returns its path. Throws {@link ToolError}. */
async function buildLinter(): Promise<string> {
  const [binary, stamp] = [`${folder}/golint`, `${folder}/built.sha256`];
  const made = ['go.sum', 'go.mod', 'main.go'].map((name) => readFileSync(`${sources}/${name}`, 'utf8'));
  const wanted = createHash('sha256')
    .update([...made, (await capture('go', ['version'])).stdout].join('\0'))
    .digest('hex');
  if (existsSync(binary) && existsSync(stamp) && readFileSync(stamp, 'utf8') === wanted) return binary;
  process.stderr.write(
    'building the Go linter: the first time this and its first look at the code take a minute ...\n',
  );
  mkdirSync(folder, { recursive: true });
  const code = await run('go', ['build', '-ldflags=-s -w', '-o', binary, '.'], { cwd: sources, env: goEnv });
  if (code !== 0) throw new ToolError('the Go linter could not be built; see above. Is the Go module proxy reachable?');
  writeFileSync(stamp, wanted);
  return binary;
}

/**
 * Lints Go modules, by default all of the project. Returns whether nothing was found, and undefined where there is no
 * Go. `say` is given what was found. Throws {@link ToolError} where the linter cannot be built.
 */
export async function lintGo(
  folders: readonly string[] = modules,
  say: (text: string) => void = (text) => process.stdout.write(text),
): Promise<boolean | undefined> {
  if (which('go') === undefined) return undefined;
  const linter = await buildLinter();
  let good = true;
  for (const cwd of folders) {
    for (const [program, ...args] of [
      ['gofmt', '-l', '.'],
      ['go', 'vet', './...'],
      [linter, '-checks', checks, './...'],
    ] as const) {
      const { code, stdout, stderr } = await capture(program, args, { cwd, env: { ...goEnv } });
      // gofmt names the files that are not formatted, and ends well.
      if (code === 0 && (program !== 'gofmt' || stdout === '')) continue;
      good = false;
      say(`${cwd}, ${program === 'gofmt' ? 'not formatted (npm run format)' : 'found'}:\n${stdout}${stderr}`);
    }
  }
  return good;
}

async function main(args: readonly string[]): Promise<number> {
  if (args.length > 0) throw new ToolError(`${args[0]} is no option of lint:go; see --help`);
  const good = await lintGo();
  process.stdout.write(
    good === undefined ? 'left out: Go is not on the PATH\n' : good ? 'the Go linter found nothing\n' : '',
  );
  return good === false ? 1 : 0;
}

if (require.main === module) void runCommand(help, main);
