import assert from 'node:assert/strict';
import { appendFileSync, existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { get } from 'node:http';
import { join } from 'node:path';
import { test } from 'node:test';
import type { LiveHead, LiveLine } from '../../../lib/report';
import { scratch } from '../../programs/scratch';
import { Feed } from './feed';
import { startLive } from './server';

const head = (folder: string): LiveHead => ({
  script: 'spike',
  folder,
  slot_seconds: 1,
  profile: { phases: [{ name: 'load', rate: 20, climbSeconds: 0, holdSeconds: 60 }], arrivals: 'constant' },
  phases: [{ phase: 'load', start_s: 0, end_s: 60 }],
  objectives: [{ name: 'TTFT p95', metric: 'llm_ttft', stat: 'p95', tags: { phase: 'load' }, target: '< 300' }],
});
const line = (t: number, slots: LiveLine['slots']): LiveLine => ({ t, end: 60_000, line: `at ${t}`, slots });
const slot = (n: number, p50: number): LiveLine['slots'][number] => ({
  slot: n,
  started: 20,
  outcomes: { ok: 18, http_5xx: 1, interrupted: 1 },
  inFlight: 3,
  metrics: {
    llm_ttft_scheduled: { count: 20, p50, p95: 2 * p50, p99: 3 * p50 },
    llm_e2e_scheduled: { count: 19, p50: 5 * p50, p95: 6 * p50, p99: 7 * p50 },
  },
});

function written() {
  const folder = scratch();
  const file = join(folder, 'live.jsonl');
  const feed = new Feed(file, 'dist/spike.js');
  const add = (...rows: object[]) => {
    for (const row of rows) appendFileSync(file, `${JSON.stringify(row)}\n`);
  };
  return { folder, file, feed, add };
}

test('the live page shows what k6 has written so far, with the limits of the objectives; later figures of a slot count', () => {
  const { folder, file, feed, add } = written();
  assert.equal(feed.now().state, 'starting');
  add(head(folder));
  assert.deepEqual([feed.now().state, feed.now().title, feed.now().charts], ['running', 'spike', []]);
  add(line(2000, [slot(0, 100), slot(1, 100)]));
  appendFileSync(file, '{"t": 4000, "en'); // k6 is about to write the next line
  assert.equal(feed.now().done, 2 / 60);
  appendFileSync(file, `d": 60000, "line": "ünder way", "slots": [${JSON.stringify(slot(1, 150))}]}\n`);
  const told = feed.now();
  assert.deepEqual([told.line, told.done], ['ünder way', 4 / 60]);
  const [picture] = told.charts;
  assert.deepEqual(
    picture!.lines.map(({ name, values }) => [name, values]),
    [
      ['requests sent', [20, 20]],
      ['requests failed', [1, 1]],
      ['time to first token, median', [100, 150]],
      ['time to first token, p95', [200, 300]],
    ],
  );
  assert.deepEqual(picture!.limits, [{ value: 300, name: 'TTFT p95, phase=load: limit 300' }]);
  assert.deepEqual(picture!.bands, [{ from: 0, to: 60, name: 'load' }]);
});

test('of the newest second only the quick answers have come: the live page does not show their times as those of all', () => {
  const { folder, feed, add } = written();
  const quick = slot(1, 20);
  quick.metrics.llm_e2e_scheduled!.count = 3;
  add(head(folder), line(2000, [slot(0, 100), quick]));
  const times = () => feed.now().charts[0]!.lines.find(({ name }) => name === 'time to first token, median')!.values;
  assert.deepEqual(times(), [100, null]);
  add(line(4000, [slot(1, 110)]));
  assert.deepEqual(times(), [100, 110]);
  add(line(40_000, [{ ...quick, slot: 2 }, slot(33, 100)]));
  assert.equal(times()[2], 20, 'half a minute later those that failed are not waited for');
});

test('the live page ends with the verdict and its reasons, and its bar at the end, also where the load was cut short', () => {
  const { folder, feed, add } = written();
  const run = join(folder, 'run');
  mkdirSync(run);
  const reasons = Array.from({ length: 7 }, (_, i) => ({ about: 'target', text: `reason ${i}` }));
  writeFileSync(join(run, 'run.json'), JSON.stringify({ verdict: 'FAIL', reasons }));
  add(head(run), line(2000, [slot(0, 100)]));
  const told = feed.end(99);
  assert.deepEqual([told.state, told.done], ['FAIL', 1]);
  assert.match(told.line, /report\.html$/);
  assert.deepEqual(told.reasons.slice(0, 1), ['target: reason 0']);
  assert.equal(told.reasons.at(-1), '2 more reasons stand in the report');
});

test('a k6 that ends before its load has no verdict, and the live page says so', () => {
  const { feed } = written();
  assert.match(feed.end(104).line, /without a verdict, with k6's exit code 104/);
  assert.equal(feed.end(104).state, 'ended');
});

test('any web page could read the live page, under a name that it had led to this machine', async () => {
  const { file, add, folder } = written();
  add(head(folder));
  const live = await startLive(file, 'a test', 0);
  const ask = (headers: Record<string, string>) =>
    new Promise<number>((resolve, reject) => {
      get(`${live.url}/events`, { headers }, (answer) => {
        resolve(answer.statusCode!);
        answer.destroy();
      }).once('error', reject);
    });
  try {
    assert.equal(await ask({}), 200);
    assert.equal(await ask({ origin: live.url }), 200);
    assert.equal(await ask({ host: 'evil.example' }), 403);
    assert.equal(await ask({ origin: 'https://evil.example' }), 403);
    assert.equal(await ask({ 'sec-fetch-site': 'cross-site' }), 403);
  } finally {
    await live.end(0);
  }
  assert.ok(!existsSync(file), 'what k6 wrote for the page is gone with it');
});
