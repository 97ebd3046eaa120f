import assert from 'node:assert/strict';
import { test } from 'node:test';
import { flawedRun } from '../tools/testing/flawed-run';
import { why } from '../tools/testing/k6';

const env = { RATE: '50', DURATION: '21s' };

test('what a request costs in CPU, log and garbage, connections that never came back and a queue that stays full are named with their figures', async (t) => {
  const { record, text } = await flawedRun(t, 'resources', {
    flaws: {
      cpu_ms_per_request: 12,
      log: { bytes: 20_000 },
      chunk: { garbage_kb: 512 },
      leak: { db_share: 0.05 },
      billing: { per_s: 3 },
    },
    env,
    pages: true,
  });
  assert.equal(record.verdict, 'FAIL', why(record));
  const [, ms] =
    /^gateway: ([\d.]+) ms of CPU a request \[[\d.]+, [\d.]+\].*requests\/s fill a core$/.exec(
      text('cpu-per-request'),
    ) ?? [];
  assert.ok(Number(ms) > 12 && Number(ms) < 30, text('cpu-per-request'));
  assert.match(text('first-limit'), /^gateway: first at its limit, .*: CPU \(1 cores\) at about \d+ requests\/s/);
  assert.match(text('log-per-request'), /^gateway: (19|20|21) KB of log a request/);
  assert.match(text('collecting-per-request'), /^gateway: \d+(\.\d+)? ms of garbage collection a request/);
  assert.match(text('connections-kept'), /^gateway: \d+ connections to the database never came back/);
  assert.match(text('queue-kept'), /^gateway: \d+ records still waited in its queue when nobody asked any more/);
  for (const name of [
    'CPU use at the normal load',
    'log a request',
    'database connections that never came back',
    'records left in queues',
  ])
    assert.ok(why(record).includes(`target: ${name}: measured`), name);
});
