import assert from 'node:assert/strict';
import { test } from 'node:test';
import { slots } from '../../monitor/pages.fixture';
import { addToTimeline, resourceReports } from '../../monitor';
import { notesOf, pages } from '../../monitor/pages.fixture';
import { keptAfterHangUps } from './kept';

const megabyte = 1024 * 1024;
const phases = ['quiet', 'hang-ups', 'rest', 'hang-ups-again', 'rest-again'];
const hangUps = 200;

/** The finding of a process whose memory in the three quiet times is so, in MB. */
function kept(quiet: number, rest: number, again: number, each = 5) {
  return foundBy(quiet, rest, again, each)[0]!;
}

function foundBy(quiet: number, rest: number, again: number, each: number, cancelled = hangUps) {
  const timeline = slots(each * phases.length).map((point, i) => ({ ...point, phase: phases[Math.floor(i / each)]! }));
  const at = [quiet, rest, rest, again, again];
  const notes = notesOf('gateway', timeline.length, (i) => ({
    target_memory: megabyte * at[Math.floor(i / each)]! + (i % 3) * megabyte,
  }));
  addToTimeline(timeline, notes, 1e12);
  const left = phases.map((phase) => ({ phase, outcomes: { cancelled: phase.startsWith('hang') ? cancelled : 0 } }));
  const observed = { phases: left as never, timeline, requests: [], resources: resourceReports(notes, pages) };
  return keptAfterHangUps(observed);
}

test('ATenthMoreMemoryOnce: what a process takes once for work that is new to it is not kept for each hang-up', () => {
  const { text, interval, value } = kept(150, 200, 202);
  assert.match(
    text,
    /^of 400 streams that their clients left, no memory stays that shows: 256 kB each of the first 200, 10 kB/,
  );
  assert.ok(interval![0] <= 0 && value! < 50, text);
});

test('a process that gave memory back was told to keep -99 kB for each hang-up', () => {
  assert.match(
    kept(150, 158, 140).text,
    /no memory stays that shows: 41 kB each of the first 200, none of the others$/,
  );
});

test('what is kept for each hang-up comes again with as many more', () => {
  const { text, value } = kept(150, 250, 350);
  assert.match(text, /^512 kB stay in memory for each of 200 streams that its client left \[\d+, \d+\]; as many more/);
  assert.ok(Math.abs(value! - 512) < 1);
});

test('a growth within what readings of a process are off by is told as none', () => {
  const { text, interval } = kept(150, 155, 160);
  assert.match(text, /^of 400 streams .* no memory stays that shows/);
  assert.ok(interval![0] <= 0);
});

test('a page that was read once in each quiet time says nothing of memory, and that is told', () => {
  const { text, value } = kept(150, 250, 350, 1);
  assert.equal(value, null);
  assert.match(text, /is not known: the target's page was read too seldom/);
});

test('ReadTooSeldomWasTold: where no client left, or no page tells of memory, nothing is said of how often it is read', () => {
  assert.deepEqual(foundBy(150, 250, 350, 5, 0), []);
  assert.deepEqual(foundBy(NaN, NaN, NaN, 5), []);
});
