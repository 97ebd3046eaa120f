import {
  chmodSync,
  copyFileSync,
  existsSync,
  mkdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { runCommand } from '../programs/command';
import { capture, run, ToolError } from '../programs/process';
import { clearCache } from './clear-cache';
import { buildId, compileK6, k6Sources } from './compile';

const help = `npm run build [-- --force]

Makes bin/k6 (k6 v2 with the extension k6/x/sse, from xk6-sse/) and dist/ (one bundle for each script). What is up to date is
kept; --force builds k6 anew.

K6_BINARY=path/to/k6 npm run build takes the k6 of a released archive instead of building one, which needs no Go. It must be
made of the sources that are here.`;

const stamp = 'bin/.k6.sha256';

/** Go's version, or empty where there is no Go. */
const goVersion = (): Promise<string> =>
  capture('go', ['version']).then(
    ({ stdout }) => stdout.trim(),
    () => '',
  );

/**
 * Makes bin/k6 unless it is up to date: of the released binary that K6_BINARY names, or by Go. Throws {@link ToolError}
 * in words.
 */
export async function buildK6(force = false): Promise<void> {
  const { K6_BINARY } = process.env;
  const sources = k6Sources();
  const there = !force && existsSync('bin/k6') && existsSync(stamp) ? readFileSync(stamp, 'utf8') : '';
  const released = `${sources} released`;
  if (there === released && !K6_BINARY) return;
  if (K6_BINARY) {
    await takeK6(K6_BINARY, sources);
    writeStamp(released);
    return;
  }
  const go = await goVersion();
  if (go === '')
    throw new ToolError(
      'bin/k6 was not built from the sources that are here, and Go, which builds it, is not on the PATH. Install Go 1.24 or newer, or name the k6 of a released archive of this version: K6_BINARY=path/to/k6',
    );
  const built = `${sources} ${go}`;
  if (there === built) return;
  await build();
  writeStamp(built);
}

/** A new file, and not the old one with another content: that one may be a link of another checkout's. */
function writeStamp(text: string): void {
  writeFileSync(`${stamp}.new`, text);
  renameSync(`${stamp}.new`, stamp);
}

async function build(): Promise<void> {
  mkdirSync('bin', { recursive: true });
  process.stderr.write(
    'building bin/k6: the first time this downloads and compiles k6, some minutes on two cores ...\n',
  );
  const started = Date.now();
  // Built beside and renamed: a build that is cut off leaves no half binary.
  try {
    await compileK6('../bin/k6.new');
  } catch (error) {
    rmSync('bin/k6.new', { force: true });
    throw error;
  }
  renameSync('bin/k6.new', 'bin/k6');
  process.stderr.write(`built bin/k6 in ${((Date.now() - started) / 1000).toFixed(0)} s\n`);
}

/** Takes a released k6 as bin/k6. Throws {@link ToolError} when it is of other sources, or does not run here. */
async function takeK6(path: string, sources: string): Promise<void> {
  let content: Buffer;
  try {
    content = readFileSync(path);
  } catch (error) {
    throw new ToolError(`K6_BINARY=${path} cannot be read: ${(error as NodeJS.ErrnoException).code}`);
  }
  if (!content.includes(buildId(sources)))
    throw new ToolError(
      `K6_BINARY=${path} is not made of the sources of xk6-sse/ that are here. Take the k6 of the archive of this version, or leave K6_BINARY out to build one, which needs Go`,
    );
  mkdirSync('bin', { recursive: true });
  copyFileSync(path, 'bin/k6.new');
  chmodSync('bin/k6.new', 0o755);
  const { code, stdout, stderr } = await capture('bin/k6.new', ['version']).catch((error: unknown) => ({
    code: 1,
    stdout: '',
    stderr: (error as Error).message,
  }));
  if (code !== 0 || !/\bk6\/x\/sse\b/.test(stdout)) {
    rmSync('bin/k6.new');
    throw new ToolError(
      `K6_BINARY=${path} does not run here: ${stderr.trim() || stdout.trim()}. Is it of the archive for this system?`,
    );
  }
  renameSync('bin/k6.new', 'bin/k6');
  process.stderr.write(`took bin/k6 from ${path}\n`);
}

/** Bundles scripts/ into dist/: always, it takes less than a second. */
export async function bundle(): Promise<void> {
  if ((await run(process.execPath, ['esbuild.config.mjs'])) !== 0)
    throw new ToolError('dist/ could not be made; see above');
}

async function main(args: readonly string[]): Promise<number> {
  const unknown = args.find((arg) => arg !== '--force');
  if (unknown) throw new ToolError(`${unknown} is no option of build; see --help`);
  clearCache();
  await buildK6(args.includes('--force'));
  await bundle();
  return 0;
}

if (require.main === module) void runCommand(help, main);
