import assert from 'node:assert/strict';
import { test } from 'node:test';
import { cpuPer1000, median, middlePair, table, type Client, type Row, type Trial } from './figures';
import { linesText, mustReach } from './lines';

const row = (id: string, group: Row['group'] = 'streams'): Row => ({
  id,
  group,
  title: `row ${id}`,
  streams: 400,
  gap: 20,
  pinned: true,
  clients: group === 'embeddings' ? ['http-post', 'project'] : ['go', 'project'],
});

const trial = (of: Row, client: Client, over: Partial<Trial> = {}): Trial => ({
  row: of.id,
  client,
  round: 1,
  ttft_p95: { measured: 220, truth: 220 },
  gap_p95: { measured: 21, truth: 21 },
  gap_p99: { measured: 22, truth: 22 },
  requests: 100,
  lost: 0,
  events: 10_000,
  load_seconds: 10,
  cpu_seconds: 0.2,
  cpu_seconds_whole: 0.5,
  memory_bytes: 100e6,
  target_cpu: 0.1,
  others_cpu: 0,
  target_late_p99: 1,
  ...over,
});

test('the middle error is that of the middle size, whatever its sign: errors do not cancel', () => {
  const rounds = [231, 209, 221].map((measured, round) =>
    trial(row('400'), 'project', { round, ttft_p95: { measured, truth: 220 } }),
  );
  assert.deepEqual(middlePair(rounds, 'ttft_p95'), { measured: 231, truth: 220 });
});

test('medians: of an even number the larger in the middle, of nothing nothing', () => {
  assert.equal(median([3, 1, 2]), 2);
  assert.equal(median([1, undefined, 2]), 2);
  assert.equal(median([]), undefined);
});

test('CPU is for 1,000 events, of embeddings for 1,000 requests', () => {
  assert.equal(cpuPer1000(trial(row('400'), 'go')), 20);
  assert.equal(cpuPer1000(trial(row('400'), 'go'), true), 50);
  assert.equal(cpuPer1000(trial(row('e', 'embeddings'), 'project', { events: 0 })), 2000);
  assert.equal(cpuPer1000(trial(row('400'), 'go', { events: 0, requests: 0 })), undefined);
});

test('must reach: met at the limit, missed beyond it, a question mark for what was not measured', () => {
  const rows = [
    row('400'),
    row('2000'),
    row('embeddings', 'embeddings'),
    row('scripts', 'scripts'),
    row('held', 'held'),
  ];
  const trials = [
    trial(rows[0]!, 'go'),
    trial(rows[0]!, 'project', { ttft_p95: { measured: 217, truth: 220 }, cpu_seconds: 0.25, memory_bytes: 201e6 }),
    trial(rows[1]!, 'project', { lost: 1 }),
    trial(rows[2]!, 'http-post', { events: 0 }),
    trial(rows[2]!, 'project', { events: 0, cpu_seconds: 0.22 }),
    trial(rows[3]!, 'go'),
    trial(rows[3]!, 'ttft', { cpu_seconds: 0.01 }),
    trial(rows[4]!, 'project', { memory_bytes: 999e6 }),
  ];
  const met = (words: RegExp) => mustReach(rows, trials).find(({ text }) => words.test(text))!.met;
  assert.equal(met(/^400 streams: TTFT/), false);
  assert.equal(met(/^400 streams: gap p95/), true);
  assert.equal(met(/1.25 x/), true);
  assert.equal(met(/200 MB/), false);
  assert.equal(met(/none lost/), false);
  assert.equal(met(/^800 streams.*TTFT/), null);
  assert.equal(met(/bursts of 50: gap p99/), null);
  assert.equal(met(/^embeddings/), true);
  assert.equal(met(/^400 streams by the script ttft/), false, 'its start counts, however little its load costs');
  assert.equal(met(/^10,000 streams.*none lost/), true);
  assert.equal(met(/^10,000 streams.*1 GB/), true);
  const text = linesText(mustReach(rows, trials));
  assert.match(text, /MISSED {2}400 streams: TTFT p95 within 1 % of the truth: 1\.36 %/);
  assert.match(text, /\? {7}800 streams.*not measured/);
});

test('the table shows what was measured, and in words what could not be', () => {
  const rows: Row[] = [{ ...row('400'), clients: ['go', 'project', 'aiperf'] }, row('800')];
  const text = table(
    rows,
    [trial(rows[0]!, 'go', { lost: 2 }), trial(rows[0]!, 'project', { ttft_p95: { measured: 221.1, truth: 220 } })],
    { aiperf: 'could not be installed: no index' },
  );
  assert.match(text, /bare Go net\/http +220\.0 +220\.0 +\+0\.00 %.* 20\.0 +50\.0 +100 +2 /);
  assert.match(text, /this project +221\.1 +220\.0 +\+0\.50 %/);
  assert.match(text, /AIPerf +- +- /);
  assert.match(text, /AIPerf: could not be installed: no index/);
  assert.doesNotMatch(text, /row 800/);
});
