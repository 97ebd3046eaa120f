import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const folders: string[] = [];
process.on('exit', () => {
  for (const folder of folders) rmSync(folder, { recursive: true, force: true });
});
// Node dies of these without a word to who waits for its exit: folders and services would be left. Who has a handler of
// his own ends by himself.
for (const [signal, number] of [
  ['SIGINT', 2],
  ['SIGTERM', 15],
  ['SIGHUP', 1],
] as const)
  process.on(signal, () => process.listenerCount(signal) === 1 && process.exit(128 + number));

/** Has a folder removed when this process ends, and returns it. */
export function gone(folder: string): string {
  folders.push(folder);
  return folder;
}

/** A folder that is gone when this process ends. */
export const scratch = (): string => gone(mkdtempSync(join(tmpdir(), 'gsai-perf-')));
