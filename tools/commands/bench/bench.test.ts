import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { parseObjectives } from '../../../lib/objectives';
import type { NullTruth, Percentiles } from '../../../simulator/null/target';
import { trialOf } from './bench';
import type { Row } from './figures';
import type { Sample } from '../../programs/process-tree';

const percentiles = (p95: number): Percentiles => ({ count: 1, mean: p95, p50: p95, p95, p99: p95 + 1, max: p95 });
const truth: NullTruth = {
  streams: 10,
  unfinished: 0,
  unkept: 0,
  events: 1000,
  ttft: percentiles(220),
  gap: percentiles(21),
  mean_gap: percentiles(20),
  first_ns: 2e9,
  last_ns: 4e9,
  max_open: 5,
  embeddings: { count: 0, first_ns: null, last_ns: null },
  held_back: 0,
  lateness: { count: 1, p50: 1, p95: 1, p99: 1, max: 1 },
  cpu_seconds: 1,
  wall_seconds: 1,
};
const row: Row = { id: '400', group: 'streams', title: '', streams: 400, gap: 20, pinned: true, clients: ['go'] };
// A client that uses half a core, a target that uses a quarter, and others that use an eighth, for 6 seconds.
const samples = Array.from(
  { length: 7 },
  (_, second): Sample => ({
    ns: second * 1e9,
    cpuSeconds: [second / 2, second / 4],
    rssBytes: [second === 3 ? 9e6 : 1e6, 1e6],
    machineSeconds: (second * 7) / 8,
  }),
);

test('CPU is that of the load alone: from the first request to the last event; the whole is told apart', () => {
  const trial = trialOf(
    row,
    'go',
    1,
    { reading: { ttft: { p95: 221 }, gap: { p95: 22, p99: 23 }, requests: 10, lost: 0 }, samples },
    truth,
  );
  assert.deepEqual(
    [
      trial.load_seconds,
      trial.cpu_seconds,
      trial.cpu_seconds_whole,
      trial.target_cpu,
      trial.others_cpu,
      trial.memory_bytes,
    ],
    [2, 1, 3, 0.25, 0.125, 9e6],
  );
  assert.deepEqual(
    [trial.ttft_p95, trial.gap_p95, trial.gap_p99],
    [
      { measured: 221, truth: 220 },
      { measured: 22, truth: 21 },
      { measured: 23, truth: 22 },
    ],
  );
});

test('means of streams are compared with means of streams, and a stream that the target could not finish is lost', () => {
  const reading = { gap: { p95: 20.1, p99: 21 }, gapIsMean: true, requests: 10, lost: 0, memoryBytes: 12e6 };
  const trial = trialOf(row, 'guidellm', 1, { reading, samples }, { ...truth, unfinished: 2 });
  assert.deepEqual([trial.gap_p95, trial.lost, trial.memory_bytes], [{ measured: 20.1, truth: 20 }, 2, 12e6]);
});

test('a run of which the target saw nothing is no trial', () => {
  assert.throws(
    () =>
      trialOf(
        row,
        'go',
        1,
        { reading: { requests: 0, lost: 0 }, samples },
        { ...truth, first_ns: null, last_ns: null },
      ),
    /saw nothing/,
  );
});

// Limits that no run could miss were refused from one day on, and with them every run of the bench.
test('the objectives of the bench are such as a run takes', () => {
  const { objectives } = parseObjectives(
    JSON.parse(readFileSync('bench/objectives.json', 'utf8')) as unknown,
    'bench/objectives.json',
  );
  assert.equal(objectives.length, 1);
});
