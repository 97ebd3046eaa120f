import assert from 'node:assert/strict';
import { test } from 'node:test';
import { isAnother, readPage, restarted, type Raw } from './families';
import { notesOf, pages, slots } from './pages.fixture';
import { addToTimeline, resourceReports, type PageNote } from './report';

test('after a restart the growth counts from there', () => {
  const before = notesOf('gateway', 100, (i) => ({ target_memory: 1e8 + i * 1e7 }));
  const since = notesOf('gateway', 200, () => ({ target_memory: 1e8 })).map((note, i) => ({
    ...note,
    at: note.at + 1e6,
    ...(i === 0 ? { again: true as const } : {}),
  }));
  const [report] = resourceReports([...before, ...since], pages);
  assert.equal(report!.restarts, 1);
  assert.equal(report!.metrics.target_memory!.growth!.per_hour, 0);
});

test('RestartsOfABalancer: a page that two processes answer in turn stood there as a process that is started again and again', () => {
  const at = [1000, 2000].map((start) => readPage(`process_start_time_seconds ${start}\n`, 0)) as [Raw, Raw];
  const turns = notesOf('gateway', 20, () => ({ target_memory: 1e8 })).map((note, i): PageNote => {
    const [before, now] = i % 2 ? at : [at[1], at[0]];
    if (i === 0) return note;
    return {
      ...note,
      ...(restarted(before, now) ? { again: true } : {}),
      ...(isAnother(before, now) ? { another: true } : {}),
    };
  });
  assert.equal(turns.filter(({ again }) => again).length, 10);
  assert.equal(resourceReports(turns, pages)[0]!.restarts, 0);
  assert.ok(!isAnother(at[0], at[1]) && !isAnother(at[0], at[0]));
});

test('readings go into their slots of the timeline; those that failed are counted, with the first reason', () => {
  const timeline = slots(3);
  const notes: PageNote[] = [
    { page: 'gateway', at: 1e12 - 5000, values: { target_files: 9 } },
    { page: 'gateway', at: 1e12 + 11_000, values: { target_files: 2 } },
    { page: 'gateway', at: 1e12 + 12_000, values: { target_files: 4 } },
    { page: 'gateway', at: 1e12 + 21_000, failed: 'no body byte came within 2s' },
  ];
  addToTimeline(timeline, notes, 1e12);
  assert.deepEqual(
    timeline.map(({ resources }) => resources),
    [undefined, { gateway: { target_files: 3 } }, undefined],
  );
  const [report] = resourceReports(notes, pages);
  assert.deepEqual([report!.readings, report!.failed, report!.first_failure], [3, 1, 'no body byte came within 2s']);
});
