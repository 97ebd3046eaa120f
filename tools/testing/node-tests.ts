import { relative, resolve } from 'node:path';
import { run as runTests } from 'node:test';
import { spec } from 'node:test/reporters';
import { sum, type Counts } from './counts';
import { withSecondTry } from './second-try';

/** Runs test files, `concurrency` at once, with a readable report on stdout. Files that failed have a second try. */
export async function nodeTests(files: readonly string[], concurrency: number): Promise<Counts> {
  if (files.length === 0) return sum([]);
  // The files' own processes inherit the hook that lets Node read TypeScript.
  process.env.NODE_OPTIONS = `--require ${JSON.stringify(resolve('tools/build/typescript.cjs'))}`;
  return withSecondTry(
    () => report(files, concurrency),
    (failed) => report(failed, 1),
  );
}

async function report(files: readonly string[], concurrency: number): Promise<Map<string, Counts>> {
  const counts = new Map(files.map((file) => [file, sum([])]));
  // By whole paths: the end of one may be another's.
  const byPath = new Map([...counts].map(([file, its]) => [resolve(file), its]));
  const seconds = new Map<string, number>();
  const stream = runTests({ files: [...files], concurrency });
  const of = (path: string | undefined) => {
    const its = path === undefined ? undefined : byPath.get(resolve(path));
    if (!its) throw new Error(`test() is called in ${path}, which is no test file that was asked for: call it in one`);
    return its;
  };
  // A file is told as a test of its own, named by its path, when it fails to load, and by some versions of Node always.
  const isFile = (name: string) => byPath.has(resolve(name));
  /** Adds the time of a test that stands in no other, to know which files take long. */
  const timed = (file: string | undefined, nesting: number, ms: number) => {
    if (file !== undefined && nesting === 0) seconds.set(file, (seconds.get(file) ?? 0) + ms / 1000);
  };
  stream.on('test:pass', ({ name, file, skip, todo, details, nesting }) => {
    if (!isFile(name)) timed(file, nesting, details.duration_ms);
    if (isFile(name) || details.type === 'suite') return;
    of(file)[skip !== undefined || todo !== undefined ? 'skipped' : 'passed']++;
  });
  stream.on('test:fail', ({ name, file, details, nesting }) => {
    if (!isFile(name)) timed(file, nesting, details.duration_ms);
    if (details.type !== 'suite') of(isFile(name) ? name : file).failed++;
  });
  await new Promise<void>((done, reject) => {
    stream
      .compose(new spec())
      .on('data', (chunk: Buffer) => process.stdout.write(chunk))
      .on('end', done)
      .on('error', reject);
  });
  process.stdout.write(slowest(seconds));
  return counts;
}

/** The files whose tests took longest, one line: where to look when the whole takes too long. */
function slowest(seconds: ReadonlyMap<string, number>): string {
  const most = [...seconds].sort(([, a], [, b]) => b - a).slice(0, 12);
  const each = most.map(([file, s]) => `${relative(process.cwd(), file)} ${s.toFixed(0)} s`);
  return each.length > 1 ? `\nthe files that took longest: ${each.join(', ')}\n` : '';
}
