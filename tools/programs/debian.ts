import { existsSync, rmSync, writeFileSync } from 'node:fs';
import { capture, ToolError, type Ran } from './process';

const policy = '/usr/sbin/policy-rc.d';

/**
 * Where a command stands on the PATH (or among the system's own, which a user's PATH may lack); undefined when it is
 * nowhere.
 */
export function which(command: string): string | undefined {
  const folders = [...(process.env.PATH ?? '').split(':'), '/usr/sbin', '/usr/local/sbin'];
  return folders.map((folder) => `${folder}/${command}`).find((path) => existsSync(path));
}

/**
 * The path of a command, for which Debian's package is installed when it is missing and we are root. No service of the
 * package is started: what runs is what our own commands start. Throws {@link ToolError} that says what to install by
 * hand.
 */
export async function debian(command: string, packageName: string): Promise<string> {
  const found = which(command);
  if (found) return found;
  const byHand = `${command} is missing: install it, on Debian with "apt-get install ${packageName}"`;
  if (process.getuid?.() !== 0 || !which('apt-get')) throw new ToolError(byHand);
  process.stderr.write(`installing Debian's package ${packageName} for ${command} ...\n`);
  const quiet = !existsSync(policy);
  // "action forbidden": invoke-rc.d starts nothing
  if (quiet) writeFileSync(policy, '#!/bin/sh\nexit 101\n', { mode: 0o755 });
  try {
    const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
    const install = () => capture('apt-get', ['install', '-y', '--no-install-recommends', packageName], { env });
    let done: Ran = await install();
    if (done.code !== 0) {
      await capture('apt-get', ['update'], { env });
      done = await install();
    }
    if (done.code !== 0)
      throw new ToolError(`${byHand}; apt-get said: ${done.stderr.trim().split('\n').slice(-3).join(' ')}`);
  } finally {
    if (quiet) rmSync(policy, { force: true });
  }
  const path = which(command);
  if (!path) throw new ToolError(`Debian's package ${packageName} has no command ${command}`);
  return path;
}
