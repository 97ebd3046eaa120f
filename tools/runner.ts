import { resolve } from 'node:path';
import { run as runTests } from 'node:test';
import { spec } from 'node:test/reporters';

export interface Counts {
  passed: number;
  failed: number;
  skipped: number;
}

export const sum = (all: Iterable<Counts>): Counts => {
  const total: Counts = { passed: 0, failed: 0, skipped: 0 };
  for (const { passed, failed, skipped } of all) {
    total.passed += passed;
    total.failed += failed;
    total.skipped += skipped;
  }
  return total;
};

/** More failing files than this are no accident of the machine. */
const mostAgain = 3;

/**
 * Runs test files, `concurrency` at once, with a readable report on stdout. Whoever shares the machine can spoil a test
 * that measures times: up to three files that failed are run once more, alone. What then passes is counted as passed,
 * and said, since a test that is often seen there has a fault of its own.
 */
export async function nodeTests(files: readonly string[], concurrency: number): Promise<Counts> {
  if (files.length === 0) return sum([]);
  // The files' own processes inherit the hook that lets Node read TypeScript.
  process.env.NODE_OPTIONS = '--require ts-node/register/transpile-only';
  const counts = await report(files, concurrency);
  const failed = files.filter((file) => counts.get(file)!.failed > 0);
  if (failed.length === 0 || failed.length > mostAgain) return sum(counts.values());
  process.stdout.write(`\nfailed, and run once more, alone: ${failed.join(', ')}\n\n`);
  for (const [file, again] of await report(failed, 1)) {
    counts.set(file, again);
    if (again.failed === 0) process.stdout.write(`passed at the second try: ${file}\n`);
  }
  return sum(counts.values());
}

async function report(files: readonly string[], concurrency: number): Promise<Map<string, Counts>> {
  const counts = new Map(files.map((file) => [file, sum([])]));
  // By whole paths: the end of one may be another's.
  const byPath = new Map([...counts].map(([file, its]) => [resolve(file), its]));
  const stream = runTests({ files: [...files], concurrency });
  const of = (path: string | undefined) => {
    const its = path === undefined ? undefined : byPath.get(resolve(path));
    if (!its) throw new Error(`a test of no file that was asked for: ${path}`);
    return its;
  };
  // A file is told as a test of its own, named by its path, when it fails to load, and by some versions of Node always.
  const isFile = (name: string) => byPath.has(resolve(name));
  stream.on('test:pass', ({ name, file, skip, todo, details }) => {
    if (isFile(name) || details.type === 'suite') return;
    of(file)[skip !== undefined || todo !== undefined ? 'skipped' : 'passed']++;
  });
  stream.on('test:fail', ({ name, file, details }) => {
    if (details.type !== 'suite') of(isFile(name) ? name : file).failed++;
  });
  await new Promise<void>((done, reject) => {
    stream
      .compose(new spec())
      .on('data', (chunk: Buffer) => process.stdout.write(chunk))
      .on('end', done)
      .on('error', reject);
  });
  return counts;
}
