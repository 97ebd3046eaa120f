import assert from 'node:assert/strict';
import { test } from 'node:test';
import { nowNs, NS_PER_MS } from './clock';
import { Pacer } from './pace';
import { seededRandom } from '../generation/random';

test('runs everything once, in the order of the due times, and never early', async () => {
  const pacer = new Pacer();
  const random = seededRandom(7, 0);
  const from = nowNs();
  const ran: number[] = [];
  let early = 0;
  await new Promise<void>((resolve) => {
    for (let index = 0; index < 500; index += 1) {
      const due = from + random() * 60 * NS_PER_MS;
      pacer.at(due, () => {
        if (nowNs() < due) early += 1;
        if (ran.push(due) === 500) resolve();
      });
    }
  });
  assert.equal(early, 0);
  assert.deepEqual(
    ran,
    [...ran].sort((a, b) => a - b),
  );
});

test('a chain of deadlines does not drift: lateness is not handed on', async () => {
  const pacer = new Pacer();
  const from = nowNs();
  const gap = 3 * NS_PER_MS;
  let steps = 0;
  // Each step is late by its own work. If deadlines moved with it, 20 steps would take 20 times the work longer.
  await new Promise<void>((resolve) => {
    const step = (): void => {
      steps += 1;
      const busyUntil = nowNs() + NS_PER_MS;
      while (nowNs() < busyUntil);
      if (steps === 20) resolve();
      else pacer.at(from + (steps + 1) * gap, step);
    };
    pacer.at(from + gap, step);
  });
  assert.ok(nowNs() >= from + 20 * gap);
});

test('a cancelled appointment does not run, an earlier one can still be added', async () => {
  const pacer = new Pacer();
  const ran: string[] = [];
  const from = nowNs();
  await new Promise<void>((resolve) => {
    pacer.at(from + 20 * NS_PER_MS, () => {
      ran.push('late');
      resolve();
    });
    pacer.at(from + 10 * NS_PER_MS, () => ran.push('cancelled')).cancel();
    pacer.at(from + 2 * NS_PER_MS, () => ran.push('early'));
  });
  assert.deepEqual(ran, ['early', 'late']);
});

test('what is past due runs at once', async () => {
  await new Promise<void>((resolve) => void new Pacer().at(0, resolve));
});
