import assert from 'node:assert/strict';
import { test } from 'node:test';
import { call, chatBody, configure, start } from '../../client.fixture';
import { runSimulator } from '../../running.fixture';
import { Known, Lookups, ModelLists } from './lookups';
import { noFlaws } from './index';
import { Database } from './pool';

/*
 * Flaws of what stands behind the gateway's own database: sessions, keys without an index, records of bills, an outage, and
 * what is kept of it.
 */
const at = runSimulator();
const QUICK = 'ttft=5 rate=1000 jitter=0 chunk=2 tokens=1';
const flaws = (patch: object) => configure(at.base, { gateway: { flaws: patch } });
const models = () => call(`${at.base}/models`);
const timed = async (work: () => Promise<unknown>) => {
  const began = performance.now();
  await work();
  return performance.now() - began;
};

test('auth: a session for each request, and a look-up that grows with the number of keys, unless it is kept', () => {
  type All = Parameters<Lookups['key']>[1] & Parameters<Lookups['model']>[1];
  const off = noFlaws as All;
  const auth = { lookup_ms: 2, ms_per_1k_keys: 4, cache_s: 0, session_ms: 9 };
  const lookups = new Lookups();
  assert.equal(lookups.key('a', { ...off, auth }, 10_000), 9 + 2 + 40);
  const kept = { ...off, auth: { ...auth, cache_s: 60 } };
  assert.deepEqual([lookups.key('a', kept, 1000), lookups.key('a', kept, 1000)], [9 + 2 + 4, 9]);
  // A model that there is not is looked for each time, also where all are kept.
  const cache = { ...off.cache, model_miss_ms: 35 };
  assert.deepEqual(
    [true, true, false, false].map((exists) => lookups.model('m', { ...off, cache }, exists)),
    [35, 0, 35, 35],
  );
});

test('cache, stampede: a key is known when its first look-up is over, and until then each request makes its own', () => {
  const known = new Known();
  assert.deepEqual(
    [0, 40, 79, 81].map((now) => known.has('key', 0, 0, 80, now)),
    [false, false, false, true],
  );
});

test('billing.write_ms: those that ask a provider wait for each other, others do not', async () => {
  await flaws({ billing: { write_ms: 60 } });
  const chat = (id: string) => call(at.chat, chatBody(`id=${id} ${QUICK}`, { stream: false }));
  const took = await timed(() => Promise.all([chat('bill-1'), chat('bill-2'), chat('bill-3')]));
  assert.ok(took > 170, `three records of 60 ms in ${took} ms`);
  await flaws({ billing: { write_ms: 60_000 } });
  const waits = start(at.chat, chatBody(`id=bill-4 ${QUICK}`, { stream: false }));
  assert.equal((await models()).status, 200);
  waits.leave();
});

test('database: down, every request whose key is checked fails at once; back, the dead connections fail on for a while', async () => {
  await flaws({ database: { down: true, dead_ms: 0 } });
  assert.equal((await models()).status, 500);
  await flaws({ database: { down: false, dead_ms: 0 } });
  assert.equal((await models()).status, 200);
  const database = new Database();
  const fails = (down: boolean, now: number) => {
    try {
      database.check({ down, dead_ms: 4000 }, now);
      return false;
    } catch {
      return true;
    }
  };
  assert.deepEqual(
    [fails(false, 0), fails(true, 1000), fails(false, 2000), fails(false, 5999), fails(false, 6001)],
    [false, true, true, true, false],
  );
});

test('model_list_stale_s: after a change every second list is the old one, until it has been so long', () => {
  const lists = new ModelLists();
  assert.equal(lists.get('old', 3, 0), 'old');
  const after = [1000, 1001, 1002, 1003].map((now) => lists.get('new', 3, now));
  assert.deepEqual([...after].sort(), ['new', 'new', 'old', 'old']);
  assert.deepEqual(
    [4001, 4002].map((now) => lists.get('new', 3, now)),
    ['new', 'new'],
  );
  const right = new ModelLists();
  assert.deepEqual([right.get('a', 0, 0), right.get('b', 0, 1), right.get('b', 0, 2)], ['a', 'b', 'b']);
});

test('throttled_ms: the loop stands still in each 100 ms, and the own page tells the sum', async () => {
  await flaws({ throttled_ms: 20 });
  const throttled = async () => {
    const { body } = await call(new URL('/metrics', at.base).href);
    return Number(/^container_cpu_cfs_throttled_seconds_total ([\d.]+)$/m.exec(body)?.[1] ?? 0);
  };
  const until = performance.now() + 5000;
  while ((await throttled()) < 0.04) assert.ok(performance.now() < until, 'nothing was told within 5 s');
  await flaws({ throttled_ms: 0 });
});
