import { createHash } from 'node:crypto';
import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { debian, which } from './debian';
import { capture, run, ToolError } from './process';

/**
 * A Python virtual environment `.venv/<name>` with exactly what the lock file lists (each line `package==version`,
 * dependencies included, as `pip freeze` prints it). It is made anew when the lock file changes. Returns its folder of
 * commands. Throws {@link ToolError} in words.
 */
export async function venv(name: string, lockFile: string): Promise<string> {
  const folder = resolve('.venv', name);
  const bin = join(folder, 'bin');
  const stamp = join(folder, 'lock.sha256');
  const wanted = createHash('sha256').update(readFileSync(lockFile)).digest('hex');
  if (existsSync(stamp) && readFileSync(stamp, 'utf8') === wanted) return bin;
  rmSync(folder, { recursive: true, force: true });
  const python = which('python3') ?? (await debian('python3', 'python3'));
  process.stderr.write(`making .venv/${name} from ${lockFile} ...\n`);
  const started = Date.now();
  let made = await capture(python, ['-m', 'venv', folder]);
  if (made.code !== 0) {
    // Debian's python3 comes without venv's ensurepip.
    if (process.getuid?.() === 0 && which('apt-get'))
      await capture('apt-get', ['install', '-y', '--no-install-recommends', 'python3-venv']);
    made = await capture(python, ['-m', 'venv', '--clear', folder]);
  }
  if (made.code !== 0)
    throw new ToolError(
      `no virtual environment can be made with ${python}: ${made.stderr.trim() || made.stdout.trim()}`,
    );
  const code = await run(join(bin, 'python'), [
    '-m',
    'pip',
    'install',
    '--quiet',
    '--disable-pip-version-check',
    '--no-deps',
    '-r',
    resolve(lockFile),
  ]);
  if (code !== 0)
    throw new ToolError(
      `the packages of ${lockFile} could not be installed; see above. Is the package index reachable?`,
    );
  writeFileSync(stamp, wanted);
  process.stderr.write(`made .venv/${name} in ${((Date.now() - started) / 1000).toFixed(0)} s\n`);
  return bin;
}

/** The oldest CPython that every package of our lock files has a wheel for. */
const oldest = [3, 11] as const;

/**
 * Why a virtual environment of ours cannot be made on this machine, in a sentence; "" when it can. `what` needs it.
 * Installs Debian's python3 where there is none and we may.
 */
export async function unfitPython(what: string): Promise<string> {
  let python: string;
  try {
    python = await debian('python3', 'python3');
  } catch (error) {
    if (error instanceof ToolError) return `${what} needs Python: ${error.message}`;
    throw error;
  }
  const { stdout } = await capture(python, ['-c', 'import sys; print(*sys.version_info[:2])']);
  const [major = 0, minor = 0] = stdout.trim().split(' ').map(Number);
  if (major === oldest[0] && minor >= oldest[1]) return '';
  return `${what} needs Python ${oldest.join('.')} or newer; ${python} is ${major}.${minor}`;
}
