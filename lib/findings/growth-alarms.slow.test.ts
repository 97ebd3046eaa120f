import assert from 'node:assert/strict';
import { test } from 'node:test';
import { addToTimeline, resourceReports } from '../monitor';
import { notesOf, pages, slots } from '../monitor/pages.fixture';
import { random } from '../statistics';
import { resourceGrowth } from './growth';

/*
 * How often a process that does not leak is said to, and how soon one that does is found: made processes, whose memory
 * rises as they warm up, wanders, and falls with each collection. A reading each 10 s.
 */

const perMinute = 6;
const limit = 10;

/** The growth of memory beyond doubt after so many minutes, MB/h, of a process that leaks so many MB/h. */
function grown(seed: number, minutes: number, leakMb: number): number {
  const { next } = random(seed, 1);
  const normal = () => Math.sqrt(-2 * Math.log(1 - next())) * Math.cos(2 * Math.PI * next());
  const every = 7 + Math.floor(next() * 20);
  let level = 0;
  const notes = notesOf('gateway', minutes * perMinute, (i) => {
    // What is used for a while comes and goes: it wanders about a level of its own.
    level = 0.9 * level + 1.5e6 * normal();
    const warm = 4e7 * (1 - Math.exp(-i / (2 * perMinute)));
    const garbage = 2e7 * ((i % every) / every);
    const leaked = (leakMb * 1e6 * i) / (60 * perMinute);
    return { target_memory: 2e8 + warm + garbage + level + leaked };
  });
  const timeline = slots(minutes * perMinute);
  addToTimeline(timeline, notes, 1e12);
  const found = resourceGrowth({ phases: [], timeline, requests: [], resources: resourceReports(notes, pages) });
  return found.find(({ id }) => id === 'memory-growth')!.value!;
}

test('of 500 processes that do not leak fewer than one in fifty is said to, after 15 minutes, half an hour and an hour', () => {
  for (const minutes of [15, 30, 60]) {
    const alarms = Array.from({ length: 500 }, (_, i) => grown(i + 1, minutes, 0)).filter((mb) => mb > limit).length;
    assert.ok(alarms < 10, `${alarms} of 500 after ${minutes} min`);
  }
});

test('a leak is found within 15 minutes where it is fast, and within half an hour where it is slow', () => {
  for (const [minutes, leakMb] of [
    [15, 1200],
    [30, 240],
  ] as const) {
    const found = Array.from({ length: 100 }, (_, i) => grown(i + 1, minutes, leakMb)).filter(
      (mb) => mb > limit,
    ).length;
    assert.ok(found >= 95, `${found} of 100 leaks of ${leakMb} MB/h within ${minutes} min`);
  }
});
