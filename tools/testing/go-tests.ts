import { goEnv } from '../build/compile';
import { capture, run } from '../programs/process';
import { sum, type Counts } from './counts';
import { withSecondTry } from './second-try';

/**
 * `go vet` and `go test` of a Go module; packages whose tests failed have a second try. What `go vet` finds counts as
 * one test that failed, and leaves the tests to run.
 */
export async function goTests(folder: string): Promise<Counts> {
  const vetted = (await run('go', ['vet', './...'], { cwd: folder, env: goEnv })) === 0;
  const vet = { passed: vetted ? 1 : 0, failed: vetted ? 0 : 1, skipped: 0 };
  const tested = await withSecondTry(
    () => goTest(folder, ['./...']),
    (packages) => goTest(folder, ['-count=1', ...packages]),
  );
  process.stdout.write(
    `go: ${vetted ? 'vet found nothing' : 'vet FAILED'}, ${tested.passed} tests passed, ${tested.failed} failed\n`,
  );
  return sum([vet, tested]);
}

/**
 * The tests that say nothing of races: those that run all the others once more, build for other systems, or judge memory
 * and costs, which the detector multiplies.
 */
const withoutRaces = 'Plain|TestItBuilds|Binary|MemoryStays|Cost';

/** The same tests under Go's race detector, which needs a C compiler. Packages that failed have no second try. */
export async function raceTests(folder: string): Promise<Counts> {
  const counts = await goTest(folder, ['-race', '-count=1', '-skip', withoutRaces, './...'], {
    ...process.env,
    CGO_ENABLED: '1',
  });
  return sum([...counts.values()]);
}

/** A line of `go test -json`. */
interface Event {
  Action: string;
  Package?: string;
  /** What is built, in lines about a build; it begins with the package. */
  ImportPath?: string;
  Test?: string;
  Output?: string;
}

/** `go test`: counts for each package that has tests. What failed is printed. */
async function goTest(
  folder: string,
  args: readonly string[],
  env: Readonly<Record<string, string | undefined>> = goEnv,
): Promise<Map<string, Counts>> {
  const { stdout, stderr, code } = await capture('go', ['test', '-json', ...args], {
    cwd: folder,
    env: { ...env },
  });
  const counts = new Map<string, Counts>();
  const failed = new Set<string>();
  const [events, rest] = parsed(stdout);
  for (const { Action, Test, Package } of events) {
    if (Package === undefined || !['pass', 'skip', 'fail'].includes(Action)) continue;
    const its = counts.get(Package) ?? sum([]);
    if (Test !== undefined) {
      counts.set(Package, its);
      its[Action === 'pass' ? 'passed' : Action === 'skip' ? 'skipped' : 'failed']++;
      if (Action === 'fail') failed.add(`${Package}/${Test}`);
    } else if (Action === 'fail' && its.failed === 0) {
      // No test of it failed: it could not be built, or its process ended.
      counts.set(Package, { ...its, failed: 1 });
      failed.add(Package);
    }
  }
  for (const { Output, Package, ImportPath, Test } of events) {
    const unit = Test === undefined ? (Package ?? ImportPath?.split(' ')[0]) : `${Package}/${Test}`;
    if (Output !== undefined && failed.has(unit ?? '')) process.stdout.write(Output);
  }
  if (code !== 0 && failed.size === 0) {
    process.stdout.write(`${rest.join('\n')}${stderr}`);
    counts.set('./...', { passed: 0, failed: 1, skipped: 0 });
  }
  return counts;
}

function parsed(stdout: string): [Event[], string[]] {
  const lines = stdout.split('\n');
  const json = (line: string) => line.startsWith('{');
  return [lines.filter(json).map((line) => JSON.parse(line) as Event), lines.filter((line) => !json(line))];
}
