import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { buildK6, bundle } from '../build/build';
import { clearCache } from '../build/clear-cache';
import { lintGo } from '../build/lint-go';
import { pythonSdks, pythonSdksLock } from '../../simulator/python-sdks/lock.fixture';
import { lock } from '../commands/gateway/litellm';
import { runCommand } from '../programs/command';
import { debian } from '../programs/debian';
import { run, ToolError } from '../programs/process';
import { unfitPython, venv } from '../programs/venv';
import { sum, type Counts } from './counts';
import { goTests, raceTests } from './go-tests';
import { nodeTests } from './node-tests';

const help = `npm run check   types, format and lint, unit tests, bundles: under a minute
npm test        that, and the Go tests, and every test that runs a real k6 against the simulator
npm run test:long   what takes longer than npm test may: sweeps over scripts and faults
npm run test:race   the Go tests under the race detector, which needs a C compiler
npm test -- scripts/plan.e2e stress.long ...   only the test files in whose path one of these stands

A test stands beside what it tests. The end of its file's name says how it runs:
  x.test.ts              a unit test; part of npm run check
  x.slow.test.ts         a unit test that computes for over a second, as those that draw thousands of made runs do, or loads a provider's SDK
  x.e2e.test.ts          starts other programs: bin/k6, the simulator, a command; three files run at once, since they mostly wait
  x.alone.e2e.test.ts    judges times to a few per cent, judges the instrument, or takes a core for itself: nothing runs beside it
  x.long.e2e.test.ts     takes minutes: part of npm run test:long only
  x.fixture.ts           no test: what serves tests only and stands beside them. What serves tests of several folders is in tools/testing/

A file, or a Go package, that fails is run once more, alone, and it is said when it passes then: others on the same machine can spoil
a test that measures times.`;

/** End to end tests spend nearly all their time waiting for the load that they asked for. */
const together = 3;

/**
 * The end to end tests that take over 40 s, the longest first: begun first, since one that is begun last leaves the
 * other places empty until it ends. Each run prints which files took longest.
 */
const longest = ['climb', 'plan', 'release', 'failover', 'providers', 'segments', 'dashboards'];

const kinds = ['unit', 'slow', 'e2e', 'alone', 'long'] as const;
type Kind = (typeof kinds)[number];

function kindOf(file: string): Kind {
  if (file.endsWith('.alone.e2e.test.ts')) return 'alone';
  if (file.endsWith('.long.e2e.test.ts')) return 'long';
  if (file.endsWith('.slow.test.ts')) return 'slow';
  return file.endsWith('.e2e.test.ts') ? 'e2e' : 'unit';
}

/** Test files beside what they test; the end of the name says which kind they are (see the help). */
function testFiles(kind: Kind): string[] {
  return ['dashboards', 'deploy', 'lib', 'scripts', 'simulator', 'targets', 'tools']
    .flatMap((folder) => readdirSync(folder, { recursive: true, encoding: 'utf8' }).map((file) => join(folder, file)))
    .filter((file) => file.endsWith('.test.ts') && kindOf(file) === kind)
    .sort();
}

/** The end to end tests that run beside each other, the longest first. */
function endToEnd(): string[] {
  const place = (file: string) => longest.findIndex((name) => file.endsWith(`/${name}.e2e.test.ts`));
  const files = testFiles('e2e');
  const first = files.filter((file) => place(file) >= 0).sort((a, b) => place(a) - place(b));
  return [...first, ...files.filter((file) => place(file) < 0)];
}

/** The test files in whose path one of these parts stands, of every kind. */
function filesNamed(parts: readonly string[]): string[] {
  const all = kinds.flatMap(testFiles);
  const nowhere = parts.find((part) => !all.some((file) => file.includes(part)));
  if (nowhere !== undefined)
    throw new ToolError(`no test file has "${nowhere}" in its path; npm test -- --help says how tests are named`);
  return all.filter((file) => parts.some((part) => file.includes(part)));
}

/** A package's own file of a command: npx needs half a second to find it. */
const packaged = (name: string, file: string) => `node_modules/${name}/${file}`;

/**
 * Arguments of a type check by the compiler that is written in Go, in a fifth of the time. ts-node and others need the
 * one written in JavaScript, so there are both, and this one has a name of its own.
 */
const typed = (project: string) => [packaged('typescript-native', 'bin/tsc'), '-p', project];

/** Runs one step of the check; says how long it took. `undefined`: there is a reason to leave it out. */
async function step(name: string, does: () => Promise<boolean | undefined>): Promise<Counts> {
  const started = Date.now();
  const good = await does();
  const word = good === undefined ? 'skipped' : good ? 'ok    ' : 'FAILED';
  process.stdout.write(`${word} ${name} (${((Date.now() - started) / 1000).toFixed(1)} s)\n`);
  return { passed: good ? 1 : 0, failed: good === false ? 1 : 0, skipped: good === undefined ? 1 : 0 };
}

const command = (name: string, program: string, args: readonly string[]) =>
  step(name, async () => (await run(program, args)) === 0);

/** What needs no test: types and lint, in two rows beside each other, since each mostly uses one core. */
async function inspections(): Promise<Counts> {
  const types = async () => [
    await command('types of what runs in k6', process.execPath, typed('tsconfig.json')),
    await command('types of what runs in Node', process.execPath, typed('tsconfig.node.json')),
    await command('types of what runs in a browser', process.execPath, typed('report/tsconfig.json')),
  ];
  const lint = async () => [
    await command('format and lint of TypeScript', process.execPath, [
      packaged('@biomejs/biome', 'bin/biome'),
      'ci',
      '--error-on-warnings',
    ]),
    await command('bundle', process.execPath, ['esbuild.config.mjs']),
    await step('format and lint of Go', lintGo),
  ];
  return sum((await Promise.all([types(), lint()])).flat());
}

/**
 * Installs what end to end tests need, beside the first steps, which mostly compile, so that no two tests install at
 * once. What cannot be had here is not told: the test that needs it tells it.
 */
async function install(): Promise<void> {
  const ignore = (error: unknown) => {
    if (!(error instanceof ToolError)) throw error;
  };
  for (const [command, name] of [
    ['influxd', 'influxdb'],
    ['prometheus', 'prometheus'],
    ['chromium', 'chromium'],
  ] as const)
    await debian(command, name).catch(ignore);
  if ((await unfitPython('')) !== '') return;
  await venv('litellm', lock).catch(ignore);
  await venv(pythonSdks, pythonSdksLock).catch(ignore);
}

async function main(args: readonly string[]): Promise<number> {
  const check = args.includes('--check');
  const long = args.includes('--long');
  const race = args.includes('--race');
  const named = args.filter((arg) => !arg.startsWith('-'));
  const unknown = args.find((arg) => arg.startsWith('-') && !['--check', '--long', '--race'].includes(arg));
  if (unknown) throw new ToolError(`${unknown} is no option of test; see --help`);
  clearCache();
  const all: Counts[] = [];
  if (named.length > 0) {
    const files = filesNamed(named);
    await buildK6();
    await bundle();
    all.push(await nodeTests(files, 1));
  } else if (race) {
    all.push(await raceTests('xk6-sse'));
  } else if (long) {
    await buildK6();
    await bundle();
    all.push(await nodeTests(testFiles('long'), 1));
  } else {
    const installed = check ? undefined : install();
    all.push(await inspections());
    all.push(await nodeTests([...testFiles('unit'), ...(check ? [] : testFiles('slow'))], 2));
    if (!check) {
      await buildK6();
      all.push(await goTests('xk6-sse'));
      await installed;
      all.push(await nodeTests(endToEnd(), together));
      all.push(await nodeTests(testFiles('alone'), 1));
    }
  }
  const { passed, failed, skipped } = sum(all);
  process.stdout.write(`\n${passed} passed, ${failed} failed${skipped > 0 ? `, ${skipped} skipped` : ''}\n`);
  return failed === 0 ? 0 : 1;
}

if (require.main === module)
  void runCommand(help, (args) =>
    main(args).catch((error: unknown) => {
      process.stdout.write('\n0 passed, 1 failed\n');
      throw error;
    }),
  );
