import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { runCommand } from '../programs/command';
import { which } from '../programs/debian';
import { capture, run, ToolError } from '../programs/process';

const help = `npm run lint:go

Looks at the Go code with golangci-lint, as .golangci.yml says: dropped errors, unused code, switches that leave a constant out.
Its version is pinned in tools/build/golint/go.mod. The first time it is built, into .cache/golangci-lint/, and looks at everything:
about three minutes on two cores. What it has seen it keeps in its own cache, in the user's cache folder. npm run check does the
same. Where there is no Go it is left out.`;

/** Go modules of the project. */
const modules = ['xk6-sse', 'bench/client'];
const folder = resolve('.cache/golangci-lint');

/** Builds the linter unless it is up to date, and returns its path. Throws {@link ToolError}. */
async function buildLinter(): Promise<string> {
  const [binary, stamp] = [`${folder}/golangci-lint`, `${folder}/built.sha256`];
  const wanted = createHash('sha256')
    .update(readFileSync('tools/build/golint/go.sum'))
    .update(readFileSync('tools/build/golint/go.mod'))
    .update((await capture('go', ['version'])).stdout)
    .digest('hex');
  if (existsSync(binary) && existsSync(stamp) && readFileSync(stamp, 'utf8') === wanted) return binary;
  process.stderr.write(
    'building the Go linter: the first time this and its first look at the code take about three minutes on two cores ...\n',
  );
  mkdirSync(folder, { recursive: true });
  const code = await run(
    'go',
    ['build', '-trimpath', '-ldflags=-s -w', '-o', binary, 'github.com/golangci/golangci-lint/v2/cmd/golangci-lint'],
    { cwd: 'tools/build/golint' },
  );
  if (code !== 0) throw new ToolError('the Go linter could not be built; see above. Is the Go module proxy reachable?');
  writeFileSync(stamp, wanted);
  return binary;
}

/** Lints every Go module. Returns whether nothing was found, and undefined where there is no Go. */
export async function lintGo(): Promise<boolean | undefined> {
  if (which('go') === undefined) return undefined;
  const linter = await buildLinter();
  let good = true;
  for (const cwd of modules) {
    // It locks itself against a second one on the machine, which is of no use to us.
    const args = ['run', '--allow-parallel-runners', '--config', resolve('.golangci.yml'), './...'];
    const { code, stdout, stderr } = await capture(linter, args, { cwd });
    if (code === 0) continue;
    good = false;
    process.stdout.write(`${cwd}:\n${stdout}${stderr}`);
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
