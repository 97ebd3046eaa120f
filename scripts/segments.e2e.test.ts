import assert from 'node:assert/strict';
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { after, before, test } from 'node:test';
import type { RunRecord } from '../lib/summary';
import { segmentFlags } from '../tools/commands/parts/segments';
import { k6 } from '../tools/programs/k6';
import { capture } from '../tools/programs/process';
import { scratch } from '../tools/programs/scratch';
import { type Simulator, startSimulator } from '../tools/programs/simulator';

let simulator: Simulator;
before(async () => {
  simulator = await startSimulator();
});
after(() => simulator.stop());

/** Poisson arrivals, so that it is the drawn schedule that is divided. */
const load = {
  RATE: '40',
  DURATION: '5s',
  ARRIVALS: 'poisson',
  PROVIDER_URL: 'none',
  CALIBRATION: 'none',
  START_AFTER: '2s',
};
const given = () => ({ ...load, BASE_URL: simulator.gateway, API_KEY: 'gsai-sim-key' });
const words = (env: Record<string, string>) =>
  Object.entries(env).flatMap(([name, value]) => ['-e', `${name}=${value}`]);

const npm = (command: string, ...args: string[]) => capture(process.execPath, ['tools/run.mjs', command, ...args]);

/** The one record in `folder` that was added up of others. */
function mergedIn(folder: string): RunRecord {
  const [name, ...more] = readdirSync(folder).filter((each) => each.endsWith('-merged'));
  assert.deepEqual(more, []);
  return JSON.parse(readFileSync(join(folder, name!, 'run.json'), 'utf8')) as RunRecord;
}

/** What was sent and what became of it, whichever process sent it: the draws of a request go by its number. */
const totals = ({ counts, outcomes, phases, profile }: RunRecord) => ({
  counts,
  outcomes: outcomes
    .map(({ outcome, tags, count }) => JSON.stringify([outcome, Object.entries(tags).sort(), count]))
    .sort(),
  phases: phases.map(({ phase, due, sent, dropped }) => ({ phase, due, sent, dropped })),
  profile,
});

test('four processes send the load of one, request by request, and make one record with one verdict', async () => {
  const out = scratch();
  const begun = Date.now();
  const [one, four] = [
    await k6('dist/smoke.js', { env: given() }),
    await npm('segments', '--of', '4', 'smoke', ...words({ ...given(), OUT: out })),
  ];
  const merged = mergedIn(out);
  assert.ok(one.run);
  assert.ok(Date.parse(one.run.started_at) - begun >= 2000, 'the load begins START_AFTER after the run');
  assert.deepEqual(totals(merged), totals(one.run));
  // Four generators on a machine that others use too may be late: that is told, and is not what is tested here.
  const others = merged.reasons.filter(({ text }) => !/the generator (was late|read late|used)/.test(text));
  assert.deepEqual(others, [], four.stdout);
  assert.equal(four.code, merged.verdict === 'PASS' ? 0 : 110);
  assert.deepEqual(
    merged.objectives.map(({ name, state, n }) => [name, state, n]),
    one.run.objectives.map(({ name, state, n }) => [name, state, n]),
  );
  assert.deepEqual(
    merged.merged_from!.map(({ segment }) => segment),
    ['0:1/4', '1/4:1/2', '1/2:3/4', '3/4:1'],
  );
  assert.equal(
    merged.merged_from!.reduce((sum, { started }) => sum + started, 0),
    merged.counts.started,
  );
});

test('a runner that is killed in mid-run is named, and the verdict is INVALID; findings that cannot be added up say so', async () => {
  const out = scratch();
  const children: ChildProcess[] = segmentFlags(2).map((flags) =>
    spawn(
      'bin/k6',
      ['run', '--no-color', '--address', '127.0.0.1:0', ...flags, 'dist/smoke.js', ...words({ ...given(), OUT: out })],
      {
        stdio: ['ignore', 'pipe', 'ignore'],
        env: { ...process.env, K6_AUTO_EXTENSION_RESOLUTION: 'false', K6_NO_USAGE_REPORT: 'true' },
      },
    ),
  );
  const [whole, killed] = children as [ChildProcess, ChildProcess];
  whole.stdout!.resume();
  const ends = children.map((child) => once(child, 'exit'));
  for await (const line of createInterface({ input: killed.stdout! }))
    if (/^load .* 0m0[1-4]\.\ds\//.test(line)) killed.kill('SIGKILL'); // its load of 5 s goes on
  await Promise.all(ends);
  const { code, stdout } = await npm('merge', out, '-e', `OUT=${out}/merged`);
  assert.equal(code, 110, stdout);
  const merged = mergedIn(join(out, 'merged'));
  assert.equal(merged.verdict, 'INVALID');
  assert.match(merged.reasons[0]!.text, /^segment 1\/2:1 of the load is missing: its runner died/);
  assert.ok(merged.counts.started > 0, 'what the other runner sent is kept');

  // The same part, as if failover had made it: its findings are of single requests, which a record does not hold.
  const [part] = readdirSync(out).filter((each) => each.includes('-part-'));
  const record = JSON.parse(readFileSync(join(out, part!, 'run.json'), 'utf8')) as RunRecord;
  const other = scratch();
  mkdirSync(join(other, part!));
  writeFileSync(join(other, part!, 'run.json'), JSON.stringify({ ...record, script: 'failover' }));
  await npm('merge', other, '-e', `OUT=${other}/merged`);
  const { findings, reasons } = mergedIn(join(other, 'merged'));
  assert.deepEqual(findings, []);
  assert.ok(reasons.some(({ text }) => text.startsWith('failover makes its findings of notes of single requests')));
});

test('a whole run cannot be added to others, and a file that is no record is refused, each with a sentence', async () => {
  const { folder } = await k6('dist/smoke.js', { env: { ...given(), RATE: '10', DURATION: '1s' } });
  const whole = await npm('merge', folder!, '-e', `OUT=${scratch()}`);
  assert.notEqual(whole.code, 0);
  assert.match(whole.stderr, /MERGE is wrong: \S+run\.json is a whole run, not a part of one/);
  const none = await npm('merge', '/nowhere/run.json');
  assert.equal(none.code, 2);
  assert.match(none.stderr, /^none of \/nowhere\/run\.json is a run\.json that can be read\n$/);
  assert.ok(!existsSync('/nowhere'));
});
