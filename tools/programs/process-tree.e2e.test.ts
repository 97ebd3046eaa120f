import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { test } from 'node:test';
import { parseMachine, parseStat, treeOf, TreeMeter, valueAt, type Sample } from './process-tree';

test('a line of /proc/<pid>/stat whose command has spaces and brackets is read from behind it', () => {
  const line =
    '4242 (python -m (worker) 1) S 17 4242 17 0 -1 4194560 9000 0 0 0 250 50 0 0 20 0 9 0 12345 1000000 2048 18446744073709551615';
  assert.deepEqual(parseStat(line), { parent: 17, cpuSeconds: 3, rssBytes: 2048 * 4096, threads: 9, started: 123.45 });
});

test('the machine is busy with user, nice, system and interrupts; idle, waiting and stolen time are not', () => {
  assert.equal(parseMachine('cpu  100 10 50 900 70 1 2 33 0 0\ncpu0 1 2 3').toFixed(2), '1.63');
});

test('a tree is the root and all below it', () => {
  const usage = (parent: number) => ({ parent, cpuSeconds: 1, rssBytes: 1, threads: 1, started: 1 });
  const processes = new Map([
    [1, usage(0)],
    [10, usage(1)],
    [11, usage(10)],
    [12, usage(11)],
    [20, usage(1)],
  ]);
  assert.deepEqual([...treeOf(10, processes).keys()], [10, 11, 12]);
  assert.equal(treeOf(99, processes).size, 0);
});

test('a figure between two samples is on the line between them, outside it is that of the nearest', () => {
  const sample = (ns: number, cpu: number): Sample => ({ ns, cpuSeconds: [cpu], rssBytes: [0], machineSeconds: 0 });
  const at = (ns: number) => valueAt([sample(100, 1), sample(200, 3)], ns, (each) => each.cpuSeconds[0]!);
  assert.deepEqual([at(0), at(100), at(150), at(200), at(900)], [1, 1, 2, 3, 3]);
  assert.equal(
    valueAt([], 5, () => 1),
    0,
  );
});

test('the meter counts the CPU of a child of the child', { skip: process.platform !== 'linux' }, async () => {
  const burn = 'const until = process.cpuUsage().user + 4e5; while (process.cpuUsage().user < until);';
  const child = spawn(process.execPath, [
    '-e',
    `const { spawn } = require('node:child_process'); const c = spawn(process.execPath, ['-e', ${JSON.stringify(`${burn} console.log(1); setInterval(() => {}, 1e6)`)}]); c.stdout.pipe(process.stdout); process.on('SIGTERM', () => { c.kill(); process.exit(); });`,
  ]);
  const meter = new TreeMeter([child.pid!]);
  await once(child.stdout, 'data');
  const samples = meter.stop();
  child.kill();
  const last = samples[samples.length - 1]!;
  assert.ok(last.cpuSeconds[0]! >= 0.3, `${last.cpuSeconds[0]} s of CPU`);
  assert.ok(last.rssBytes[0]! > 20e6);
});
