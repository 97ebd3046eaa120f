import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { capture } from '../../programs/process';
import { scratch } from '../../programs/scratch';
import type { PlanRecord } from './record';

/*
 * The command as a whole, with a real k6 against the reference gateway.
 */

const words = (out: string, ...more: string[]) => [
  ...['tools/run.mjs', 'plan', '--reference', '--only', 'smoke,cost', '--out', out],
  ...more,
];
const read = (out: string) => {
  const [name, ...more] = readdirSync(out);
  assert.deepEqual(more, [], 'one plan, and no second one');
  const folder = join(out, name!);
  return { folder, record: JSON.parse(readFileSync(join(folder, 'plan.json'), 'utf8')) as PlanRecord };
};

test('a plan that was stopped in its first script keeps nothing of it, says how to go on, and the same command ends it', async () => {
  const out = scratch();
  const child = spawn(process.execPath, words(out), { stdio: ['ignore', 'pipe', 'inherit'] });
  let said = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    said += text;
    if (/1 of 2 {2}smoke/.test(text)) child.kill('SIGINT');
  });
  const code = await new Promise((resolve) => child.once('exit', resolve));
  assert.equal(code, 110, said);
  assert.match(said, /The plan is ending: k6 saves what was measured/);
  assert.match(said, /INVALID: the plan, which has not ended\n {2}these scripts were not run: smoke, cost\n/);
  assert.match(said, /the same command continues/);
  assert.equal(read(out).record.ended_at, null);

  const second = await capture(process.execPath, words(out));
  assert.equal(second.code, 0, second.stdout + second.stderr);
  assert.match(second.stdout, /goes on in /);
  assert.match(second.stdout, /\nPASS: the plan\n/);
  const { folder, record } = read(out);
  assert.deepEqual(
    record.scripts.map(({ script, verdict }) => [script, verdict]),
    [
      ['smoke', 'PASS'],
      ['cost', 'PASS'],
    ],
  );
  assert.notEqual(record.ended_at, null);
  for (const { run } of record.scripts) assert.ok(existsSync(join(folder, run!, 'report.html')));
  assert.match(readFileSync(join(folder, 'report.html'), 'utf8'), /<title>plan: PASS<\/title>/);
});

test('a parameter that a script refuses ends the plan before its first request, with the script’s sentence and code 104', async () => {
  const out = scratch();
  const { code, stderr } = await capture(process.execPath, words(out, '-e', 'MAX_TOKENS=many'));
  assert.equal(code, 104);
  assert.match(stderr, /^MAX_TOKENS=many is wrong: /);
  assert.deepEqual(readdirSync(out), []);
});

test('all scripts of the small scale take less than half an hour', async () => {
  const { code, stdout } = await capture(process.execPath, ['tools/run.mjs', 'plan', '--reference', '--dry-run']);
  assert.equal(code, 0);
  const [, minutes] = /which takes at most about (\d+) min/.exec(stdout)!;
  assert.ok(Number(minutes) < 27, stdout); // the reference gateway's start and repeated runs come on top
});
