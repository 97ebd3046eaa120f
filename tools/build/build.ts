import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { runCommand } from '../programs/command';
import { capture, run, ToolError } from '../programs/process';

const help = `npm run build [-- --force]

Makes bin/k6 (k6 v2 with the extension k6/x/sse, from xk6-sse/) and dist/ (one bundle for each script). What is up to date is
kept; --force builds k6 anew.`;

/** Changes whenever something that bin/k6 is made of does: Go sources, pinned modules, the Go version. */
async function k6Fingerprint(): Promise<string> {
  const hash = createHash('sha256');
  const files = readdirSync('xk6-sse', { recursive: true, encoding: 'utf8' }).filter(
    (file) => /(\.go|go\.mod|go\.sum)$/.test(file) && !file.endsWith('_test.go'),
  );
  for (const file of files.sort())
    hash
      .update(file)
      .update('\0')
      .update(readFileSync(join('xk6-sse', file)))
      .update('\0');
  hash.update((await capture('go', ['version'])).stdout);
  return hash.digest('hex');
}

/** Builds bin/k6 unless it is up to date. Throws {@link ToolError} in words. */
export async function buildK6(force = false): Promise<void> {
  const stamp = 'bin/.k6.sha256';
  const fingerprint = await k6Fingerprint();
  if (!force && existsSync('bin/k6') && existsSync(stamp) && readFileSync(stamp, 'utf8') === fingerprint) return;
  mkdirSync('bin', { recursive: true });
  process.stderr.write(
    'building bin/k6: the first time this downloads and compiles k6, some minutes on two cores ...\n',
  );
  const started = Date.now();
  // Built beside and renamed: a build that is cut off leaves no half binary.
  const code = await run('go', ['build', '-trimpath', '-ldflags=-s -w', '-o', '../bin/k6.new', './cmd/k6'], {
    cwd: 'xk6-sse',
  });
  if (code !== 0) {
    rmSync('bin/k6.new', { force: true });
    throw new ToolError('bin/k6 could not be built; see above. Is the Go module proxy reachable?');
  }
  renameSync('bin/k6.new', 'bin/k6');
  writeFileSync(stamp, fingerprint);
  process.stderr.write(`built bin/k6 in ${((Date.now() - started) / 1000).toFixed(0)} s\n`);
}

/** Bundles scripts/ into dist/: always, it takes less than a second. */
export async function bundle(): Promise<void> {
  if ((await run(process.execPath, ['esbuild.config.mjs'])) !== 0)
    throw new ToolError('dist/ could not be made; see above');
}

async function main(args: readonly string[]): Promise<number> {
  const unknown = args.find((arg) => arg !== '--force');
  if (unknown) throw new ToolError(`${unknown} is no option of build; see --help`);
  await buildK6(args.includes('--force'));
  await bundle();
  return 0;
}

if (require.main === module) void runCommand(help, main);
