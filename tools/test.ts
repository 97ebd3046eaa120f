import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { run as runTests } from 'node:test';
import { spec } from 'node:test/reporters';
import { buildK6, bundle } from './build';
import { debian } from './debian';
import { lock, unfit } from './gateway/litellm';
import { capture, run, ToolError } from './processes';
import { venv } from './venv';

const help = `npm run check   types, lint, unit tests, bundle: under a minute
npm test        that, and the Go tests, and every test that runs a real k6 against the simulator
npm test -- scripts/verdicts.e2e.test.ts ...   only the named test files`;

/**
 * End to end tests that judge times to a few per cent, judge the instrument, or take a core for themselves (LiteLLM, 500 requests/s):
 * nothing runs beside them, since two load tests at once on two cores spoil each other.
 */
const alone = ['scripts/accuracy', 'scripts/bulkhead', 'scripts/overhead', 'scripts/verdicts', 'tools/calibrate', 'tools/gateway/litellm', 'tools/services/outputs'].map((name) => `${name}.e2e.test.ts`);
/** The others spend nearly all their time waiting for the load that they asked for. */
const together = 3;

interface Counts {
  passed: number;
  failed: number;
  skipped: number;
}

/** Test files beside what they test; those that need bin/k6 and a simulator end in .e2e.test.ts. */
function testFiles(endToEnd: boolean): string[] {
  return ['dashboards', 'deploy', 'lib', 'scripts', 'simulator', 'tools']
    .flatMap((folder) => readdirSync(folder, { recursive: true, encoding: 'utf8' }).map((file) => join(folder, file)))
    .filter((file) => file.endsWith('.test.ts') && file.endsWith('.e2e.test.ts') === endToEnd)
    .sort();
}

/** Runs test files, `concurrency` at once, with a readable report on stdout. */
async function nodeTests(files: readonly string[], concurrency: number): Promise<Counts> {
  const counts: Counts = { passed: 0, failed: 0, skipped: 0 };
  if (files.length === 0) return counts;
  // The files' own processes inherit the hook that lets Node read TypeScript.
  process.env.NODE_OPTIONS = '--require ts-node/register/transpile-only';
  const stream = runTests({ files: [...files], concurrency });
  const isFile = (data: { name: string }) => files.some((file) => data.name.endsWith(file));
  stream.on('test:pass', (data) => {
    if (isFile(data) || data.details.type === 'suite') return;
    if (data.skip !== undefined || data.todo !== undefined) counts.skipped++;
    else counts.passed++;
  });
  stream.on('test:fail', (data) => {
    if (data.details.type !== 'suite') counts.failed++;
  });
  await new Promise<void>((resolve, reject) => {
    stream.compose(new spec()).on('data', (chunk: Buffer) => process.stdout.write(chunk)).on('end', resolve).on('error', reject);
  });
  return counts;
}

/** `go vet` and `go test`; its own report is printed, counts come from its JSON. */
async function goTests(): Promise<Counts> {
  const counts: Counts = { passed: 0, failed: 0, skipped: 0 };
  if ((await run('go', ['vet', './...'], { cwd: 'xk6-sse' })) !== 0) counts.failed++;
  const { stdout, stderr, code } = await capture('go', ['test', '-json', './...'], { cwd: 'xk6-sse' });
  const failed = new Set<string>();
  const lines = stdout.split('\n').filter((line) => line.startsWith('{')).map((line) => JSON.parse(line) as { Action: string; Package?: string; Test?: string; Output?: string });
  for (const { Action, Test, Package } of lines) {
    if (!Test) continue;
    if (Action === 'pass') counts.passed++;
    if (Action === 'skip') counts.skipped++;
    if (Action === 'fail') {
      counts.failed++;
      failed.add(`${Package}/${Test}`);
    }
  }
  for (const line of lines) if (line.Output && failed.has(`${line.Package}/${line.Test}`)) process.stdout.write(line.Output);
  if (code !== 0 && counts.failed === 0) {
    counts.failed++;
    process.stdout.write(stdout.split('\n').filter((line) => !line.startsWith('{')).join('\n') + stderr);
  }
  process.stdout.write(`go: ${counts.passed} passed, ${counts.failed} failed\n`);
  return counts;
}

async function step(name: string, command: string, args: readonly string[]): Promise<Counts> {
  const started = Date.now();
  const code = await run(command, args);
  process.stdout.write(`${code === 0 ? 'ok    ' : 'FAILED'} ${name} (${((Date.now() - started) / 1000).toFixed(1)} s)\n`);
  return { passed: code === 0 ? 1 : 0, failed: code === 0 ? 0 : 1, skipped: 0 };
}

/**
 * Installs what end to end tests need, so that it takes the time in which k6 is built, and no two of them install at once. What
 * cannot be had here is not told: the test that needs it tells it.
 */
async function install(): Promise<void> {
  const ignore = (error: unknown) => {
    if (!(error instanceof ToolError)) throw error;
  };
  for (const [command, name] of [['influxd', 'influxdb'], ['prometheus', 'prometheus'], ['chromium', 'chromium']] as const) await debian(command, name).catch(ignore);
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
    all.push(await step('lint', 'npx', ['biome', 'lint', '--error-on-warnings']));
    all.push(await step('bundle', process.execPath, ['esbuild.config.mjs']));
    all.push(await nodeTests(testFiles(false), 2));
    if (!check) {
      const installed = install();
      await buildK6();
      all.push(await goTests());
      await installed;
      const files = testFiles(true);
      const missing = alone.filter((file) => !files.includes(file));
      if (missing.length > 0) throw new ToolError(`tools/test.ts runs ${missing.join(', ')} alone, and there is no such test`);
      all.push(await nodeTests(files.filter((file) => !alone.includes(file)), together));
      all.push(await nodeTests(alone, 1));
    }
  }
  const sum = (key: keyof Counts) => all.reduce((total, counts) => total + counts[key], 0);
  const skipped = sum('skipped') > 0 ? `, ${sum('skipped')} skipped` : '';
  process.stdout.write(`\n${sum('passed')} passed, ${sum('failed')} failed${skipped}\n`);
  return sum('failed') === 0;
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
