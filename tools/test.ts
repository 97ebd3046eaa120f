import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { buildK6, bundle } from './build';
import { debian } from './debian';
import { lock, unfit } from './gateway/litellm';
import { capture, run, ToolError } from './processes';
import { type Counts, nodeTests, sum } from './runner';
import { venv } from './venv';

const help = `npm run check   types, lint, unit tests, bundle: under a minute
npm test        that, and the Go tests, and every test that runs a real k6 against the simulator
npm test -- scripts/verdicts.e2e.test.ts ...   only the named test files

A file that fails is run once more, alone, and it is said when it passes then: others on the same machine can spoil a test that measures times.`;

/**
 * End to end tests that judge times to a few per cent, judge the instrument, or take a core for themselves (LiteLLM,
 * 500 requests/s): nothing runs beside them, since two load tests at once on two cores spoil each other.
 */
const alone = [
  'scripts/accuracy',
  'scripts/bulkhead',
  'scripts/overhead',
  'scripts/verdicts',
  'tools/calibrate',
  'tools/gateway/litellm',
  'tools/services/outputs',
].map((name) => `${name}.e2e.test.ts`);
/** The others spend nearly all their time waiting for the load that they asked for. */
const together = 3;

/** Test files beside what they test; those that need bin/k6 and a simulator end in .e2e.test.ts. */
function testFiles(endToEnd: boolean): string[] {
  return ['dashboards', 'deploy', 'lib', 'scripts', 'simulator', 'tools']
    .flatMap((folder) => readdirSync(folder, { recursive: true, encoding: 'utf8' }).map((file) => join(folder, file)))
    .filter((file) => file.endsWith('.test.ts') && file.endsWith('.e2e.test.ts') === endToEnd)
    .sort();
}

/** `go vet` and `go test`, the tests once more when they failed, as for the others. */
async function goTests(): Promise<Counts> {
  if ((await run('go', ['vet', './...'], { cwd: 'xk6-sse' })) !== 0) return { passed: 0, failed: 1, skipped: 0 };
  const counts = await goTest();
  if (counts.failed === 0) return counts;
  process.stdout.write('failed, and run once more: go test\n');
  const again = await goTest();
  if (again.failed === 0) process.stdout.write('passed at the second try: go test\n');
  return again;
}

/** `go test`; what failed is printed, counts come from its JSON. */
async function goTest(): Promise<Counts> {
  const counts: Counts = { passed: 0, failed: 0, skipped: 0 };
  const { stdout, stderr, code } = await capture('go', ['test', '-json', './...'], { cwd: 'xk6-sse' });
  const failed = new Set<string>();
  const lines = stdout
    .split('\n')
    .filter((line) => line.startsWith('{'))
    .map((line) => JSON.parse(line) as { Action: string; Package?: string; Test?: string; Output?: string });
  for (const { Action, Test, Package } of lines) {
    if (!Test) continue;
    if (Action === 'pass') counts.passed++;
    if (Action === 'skip') counts.skipped++;
    if (Action === 'fail') {
      counts.failed++;
      failed.add(`${Package}/${Test}`);
    }
  }
  for (const line of lines)
    if (line.Output && failed.has(`${line.Package}/${line.Test}`)) process.stdout.write(line.Output);
  if (code !== 0 && counts.failed === 0) {
    counts.failed++;
    process.stdout.write(
      stdout
        .split('\n')
        .filter((line) => !line.startsWith('{'))
        .join('\n') + stderr,
    );
  }
  process.stdout.write(`go: ${counts.passed} passed, ${counts.failed} failed\n`);
  return counts;
}

async function step(name: string, command: string, args: readonly string[]): Promise<Counts> {
  const started = Date.now();
  const code = await run(command, args);
  process.stdout.write(
    `${code === 0 ? 'ok    ' : 'FAILED'} ${name} (${((Date.now() - started) / 1000).toFixed(1)} s)\n`,
  );
  return { passed: code === 0 ? 1 : 0, failed: code === 0 ? 0 : 1, skipped: 0 };
}

/**
 * Installs what end to end tests need, so that it takes the time in which k6 is built, and no two of them install at
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
  if ((await unfit()) === '') await venv('litellm', lock).catch(ignore);
}

async function main(args: readonly string[]): Promise<boolean> {
  if (args.includes('--help') || args.includes('-h')) {
    process.stdout.write(`${help}\n`);
    return true;
  }
  const check = args.includes('--check');
  const named = args.filter((arg) => !arg.startsWith('-'));
  const unknown = args.find((arg) => arg.startsWith('-') && arg !== '--check');
  if (unknown) throw new ToolError(`${unknown} is no option of test; see --help`);
  const all: Counts[] = [];
  if (named.length > 0) {
    await buildK6();
    await bundle();
    all.push(await nodeTests(named, 1));
  } else {
    all.push(await step('types of what runs in k6', 'npx', ['tsc', '-p', 'tsconfig.json']));
    all.push(await step('types of what runs in Node', 'npx', ['tsc', '-p', 'tsconfig.node.json']));
    all.push(await step('format and lint', 'npx', ['biome', 'ci', '--error-on-warnings']));
    all.push(await step('bundle', process.execPath, ['esbuild.config.mjs']));
    all.push(await nodeTests(testFiles(false), 2));
    if (!check) {
      const installed = install();
      await buildK6();
      all.push(await goTests());
      await installed;
      const files = testFiles(true);
      const missing = alone.filter((file) => !files.includes(file));
      if (missing.length > 0)
        throw new ToolError(`tools/test.ts runs ${missing.join(', ')} alone, and there is no such test`);
      all.push(
        await nodeTests(
          files.filter((file) => !alone.includes(file)),
          together,
        ),
      );
      all.push(await nodeTests(alone, 1));
    }
  }
  const { passed, failed, skipped } = sum(all);
  process.stdout.write(`\n${passed} passed, ${failed} failed${skipped > 0 ? `, ${skipped} skipped` : ''}\n`);
  return failed === 0;
}

main(process.argv.slice(2)).then(
  (ok) => {
    process.exitCode = ok ? 0 : 1;
  },
  (error: unknown) => {
    process.stderr.write(`${error instanceof ToolError ? error.message : String(error)}\n`);
    process.stdout.write('\n0 passed, 1 failed\n');
    process.exitCode = 1;
  },
);
