import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { addToTimeline, resourceReports, type PageNote } from '../monitor';
import { notesOf, pages, slots } from '../monitor/pages.fixture';
import { resourceGrowth, resourceUse, ttftGrowth } from './growth';

function found(notes: PageNote[], timeline = slots(360)) {
  addToTimeline(timeline, notes, 1e12);
  const observed = { phases: [], timeline, requests: [], resources: resourceReports(notes, pages) };
  return [...resourceGrowth(observed), ...resourceUse('load')(observed)];
}

test('without METRICS_URLS nothing is found', () => {
  for (const find of [resourceGrowth, resourceUse('load')])
    assert.deepEqual(find({ phases: [], timeline: slots(10), requests: [] }), []);
});

test('a leak of an hour: what grew, how fast, how much for each request, and whether the heap did too', () => {
  const made = found(
    notesOf('gateway', 360, (i) => ({ target_memory: 2e8 + i * 1e6, target_heap: 5e7, target_files: 20 })),
  );
  const memory = made.find(({ id }) => id === 'memory-growth')!;
  assert.ok(Math.abs(memory.value! - 360) < 1, `${memory.value}`);
  assert.match(
    memory.text,
    /gateway: resident memory grew \+360 MB\/h .* 10 kB for each request \(its heap does not: look at buffers, native memory, threads\)/,
  );
  assert.equal(made.find(({ id }) => id === 'open-files-growth')!.value, 0);
});

test('a short run: a growth that a warm-up may be is none, and the text says what would not show', () => {
  const [memory] = found(notesOf('gateway', 30, (i) => ({ target_memory: 2e8 + i * 1e6 })));
  assert.equal(memory!.value, 0);
  assert.match(
    memory!.text,
    /no growth of resident memory is shown: .*; a growth below \d+ MB\/h would not show in this run/,
  );
  const [leak] = found(notesOf('gateway', 30, (i) => ({ target_memory: 2e8 + i * 1e7 })));
  assert.ok(leak!.value! > 1000, leak!.text);
});

test('too few readings: no value, so that the objective is not judged', () => {
  const [memory] = found(notesOf('gateway', 5, () => ({ target_memory: 1 })));
  assert.equal(memory!.value, null);
  assert.match(memory!.text, /5 readings of resident memory, 20 are needed/);
});

test('a page that dies after the preflight does not pass as a target that does not grow', () => {
  const dead = Array.from(
    { length: 30 },
    (_, i): PageNote => ({ page: 'gateway', at: 1e12 + i * 10_000, failed: 'connection refused' }),
  );
  const [memory] = found([...dead, ...notesOf('db', 360, () => ({ target_memory: 1e8 }))]);
  assert.equal(memory!.value, null);
  assert.match(
    memory!.text,
    /^gateway: its page could not be read once during the load \(connection refused\), so nothing is known of its resident memory; db: no growth/,
  );
});

test('of two targets the worse one is judged, and both are told', () => {
  const made = found([
    ...notesOf('gateway', 360, () => ({ target_files: 20 })),
    ...notesOf('db', 360, (i) => ({ target_files: 20 + i })),
  ]);
  const files = made.find(({ id }) => id === 'open-files-growth')!;
  assert.ok(files.value! > 300);
  assert.match(files.text, /gateway: no growth.*; db: open files grew \+360 an hour/);
});

test('CPU and memory in a phase against what the process may use, where its page tells', () => {
  // The ramp before the phase uses little CPU, and does not make it less.
  const timeline = slots(60).map((slot, i) => (i < 30 ? { ...slot, phase: 'ramp' } : slot));
  const made = found(
    [
      ...notesOf('gateway', 60, (i) => ({ target_cpu: i < 30 ? 0.1 : 1.5, target_memory: 9e8 }), {
        cpus: 2,
        memory: 1e9,
      }),
      ...notesOf('db', 60, () => ({ target_cpu: 9, target_memory: 9e9 })),
    ],
    timeline,
  );
  assert.equal(made.find(({ id }) => id === 'cpu-use')!.value, 0.75);
  assert.equal(made.find(({ id }) => id === 'memory-use')!.value, 0.9);
});

test('TTFT that grows steadily is found, as a share; noise is not, and a short phase says nothing', () => {
  const stats = (p50: number) => ({
    count: 50,
    min: p50,
    mean: p50,
    p50,
    p90: p50,
    p95: p50,
    p99: p50,
    p999: p50,
    max: p50,
  });
  const made = (n: number, p50: (i: number) => number) =>
    ttftGrowth('load')({
      phases: [],
      requests: [],
      timeline: slots(n).map((slot, i) => ({ ...slot, ttft: stats(p50(i)) })),
    });
  assert.ok(made(200, (i) => 200 + i)[0]!.value! > 0.4);
  assert.equal(made(200, (i) => 200 + 20 * Math.sin(i * 2.4))[0]!.value, 0);
  assert.deepEqual(
    made(10, (i) => 200 + i),
    [],
  );
});

test('OneCoreBusyOfTwo: a process of one event loop at 0.99 of a core is at its limit, and named as the bottleneck', () => {
  const made = (cpu: number, given: { cpus?: number; loops?: number }) => {
    const timeline = slots(360);
    const notes = notesOf('gateway', 60, () => ({ target_cpu: cpu })).map((note) => ({ ...note, ...given }));
    addToTimeline(timeline, notes, 1e12);
    const resources = resourceReports(notes, [{ name: 'gateway', url: 'http://t/metrics' }]);
    const observed = { phases: [], timeline, requests: [], resources };
    return resourceUse('load')(observed).find(({ id }) => id === 'cpu-use')!;
  };
  const one = made(0.99, { cpus: 2, loops: 1 });
  assert.ok(Math.abs(one.value! - 0.99) < 1e-9);
  assert.match(one.text, /99 % of what it may use: it is at its limit and the bottleneck; its code runs on one thread/);
  assert.ok(Math.abs(made(0.99, { loops: 1 }).value! - 0.99) < 1e-9, 'a page without a limit of CPUs, too');
  const near = (value: number | null, wanted: number, why: string) => assert.ok(Math.abs(value! - wanted) < 1e-9, why);
  near(made(0.99, { cpus: 2 }).value, 0.495, 'another runtime may use both');
  near(made(1.5, { cpus: 2, loops: 1 }).value, 0.75, 'other threads of it do part of the work');
});

test('GrewBy51PercentAndDidNotGrow: endurance says one thing of the growth of the time to first token', () => {
  const script = readFileSync('scripts/endurance.ts', 'utf8');
  assert.equal(script.match(/ttftGrowth|drift/g)?.filter((name) => name === 'drift').length, 0);
  // 51 % more in the last tenth by chance alone: a noisy series without a trend shows no growth.
  const timeline = slots(60).map((point, i) => ({
    ...point,
    ttft: { ...quiet, p50: i > 53 ? 300 : i % 7 === 0 ? 330 : 200 },
  }));
  const [told] = ttftGrowth('load')({ phases: [], timeline, requests: [] });
  assert.equal(told!.value, 0);
  assert.match(told!.text, /^no growth of the median TTFT is shown/);
});

const quiet = { count: 20, min: 200, mean: 200, p50: 200, p90: 200, p95: 200, p99: 200, p999: 200, max: 200 };

test('OutOfMemoryWasNotNamed: a process that ends in mid-run and comes back is told with the memory that it had', () => {
  const notes = notesOf('gateway', 30, (i) => ({ target_memory: i < 15 ? 1e8 + i * 2e7 : 1e8 }), { memory: 512e6 });
  notes[15]!.again = true;
  const anew = found(notes, slots(30)).find(({ id }) => id === 'started-anew')!;
  assert.equal(anew.value, 1);
  assert.match(
    anew.text,
    /^gateway: was started anew once .* was 380 MB at most of the 512 MB that it may use: look for/,
  );
  const well = found(
    notesOf('gateway', 30, () => ({ target_memory: 1e8 })),
    slots(30),
  );
  assert.equal(well.find(({ id }) => id === 'started-anew')!.value, 0);
});
