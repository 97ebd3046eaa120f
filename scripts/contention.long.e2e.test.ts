import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { scratch } from '../tools/programs/scratch';
import { sharedSimulator } from '../tools/testing/shared-simulator';
import { sound, undisturbed, why } from '../tools/testing/k6';

/*
 * contention against the reference gateway: without a limit, and with each of those that it is to tell apart. The ladder
 * goes to 64 in flight here, with an eighth of the plan's peak as what is wanted.
 */
const simulator = sharedSimulator();

async function run(flaws: object, more: Record<string, string> = {}, tokens = 21) {
  const chat = { ttft_ms: 100, tokens_per_second: 400, jitter: 0, output_tokens: tokens };
  await simulator().configure({
    provider: { models: { claude_3_haiku: chat, cohere_english_v3: { ttft_ms: 50, dimensions: 8 } } },
    gateway: { flaws },
  });
  const ran = await undisturbed('dist/contention.js', {
    env: {
      BASE_URL: simulator().gateway,
      PROVIDER_URL: simulator().provider,
      ...('API_KEYS_FILE' in more ? {} : { API_KEY: 'gsai-sim-key' }),
      SCALE: '0.125',
      TIME_SCALE: '0.08',
      ...more,
    },
  });
  const record = sound(ran);
  const finding = (id: string) => record.findings.find((each) => each.id === id)!;
  return { record, finding, told: `${record.verdict}\n${why(record)}\n${ran.stdout}` };
}

test("SQLAlchemy's default pool, GSAi's own: plain calls stop at 15, streams do not, and starve behind calls that hang", async () => {
  // Scaled as the load is: places are waited for 2 s here, and 30 s at the load's full length.
  const pool = { size: 5, overflow: 10, timeout_ms: 2000, hold: 'plain' };
  const { record, finding, told } = await run({ db_pool: pool });
  assert.equal(record.verdict, 'FAIL', told);
  assert.match(
    told,
    /target: room for the peak, plain calls: .*plain calls stop at 1[3-7] at once .*the others wait .*the process is free/,
  );
  assert.match(
    told,
    /plain calls and embeddings hold something to their end \(a place in a database's pool.*; streams.* have no such limit/,
  );
  assert.match(told, /target: room for the peak, embeddings: .*embeddings stop at 1[3-7] at once/);
  assert.equal(finding('room-stream').value, 1, told);
  assert.match(
    told,
    /target: answered beside calls that hang: .*starve behind them; those that wait get status 500 after 2(\.\d)? s: QueuePool limit of size 5 overflow 10 reached/,
  );
  assert.ok(finding('lost-places').value! < 0.25, told);
});

test('PASS: a gateway without such a limit serves all at once, and calls that hang do nothing to others', async () => {
  const { record, finding, told } = await run({});
  assert.equal(record.verdict, 'PASS', told);
  assert.equal(finding('beside-hung').value, 1, told);
});

test('a pool that every request holds to its end stops streams too', async () => {
  const { record, told } = await run({ db_pool: { size: 12, hold: 'all' } });
  assert.equal(record.verdict, 'FAIL', told);
  assert.match(
    told,
    /room for the peak, streams: .*streams stop at 1[0-4] at once .*(streams|plain calls) and .* hold something to their end/,
  );
});

test('a limit of requests in flight refuses at once, and is told from a limit of the rate', async () => {
  const { record, told } = await run({ limit_concurrency: { size: 20 } });
  assert.equal(record.verdict, 'FAIL', told);
  assert.match(
    told,
    /plain calls: with 16 in flight all are served, with 32 some are refused at once \(http_5xx\).*a limit of requests in flight/,
  );
  assert.doesNotMatch(told, /limit of the rate|hold something/);
});

test('a limit of the rate refuses whatever the calls take', async () => {
  const { record, told } = await run({ rate_limit: { per_second: 20 } }, { TIME_SCALE: '0.15' });
  assert.equal(record.verdict, 'FAIL', told);
  assert.match(
    told,
    /not over [\d.]+ (streams|plain calls) a second, whatever they take: the others are refused \(http_429\), which is a limit of the rate/,
  );
});

test('one worker whose core is full: all kinds stop together, and even what needs nothing waits', async () => {
  const { record, told } = await run({ cpu_ms_per_request: 40 });
  // The full core is one of this machine's, which may disturb the generator: then the run is INVALID.
  assert.notEqual(record.verdict, 'PASS', told);
  assert.match(
    told,
    /(streams|plain calls|embeddings|model lists) stop at (2\d|3[0-3])(\.\d)?\/s .*even a wrong path waits .*the process itself is busy \(a core or an event loop is full/,
  );
  assert.doesNotMatch(told, /hold something/);
});

test('hang-ups whose places are not given back are found by what is left afterwards', async () => {
  const { record, told } = await run({ db_pool: { size: 16, hold: 'plain', leak_share: 0.3 } }, { KINDS: 'chat' });
  assert.equal(record.verdict, 'FAIL', told);
  assert.match(
    told,
    /lost after hang-ups: .*after \d+ clients had hung up, plain calls ran at .*is not given back when its client leaves/,
  );
});

test('requests of one key that wait for one another are told from those of many keys: a lock of the key', async () => {
  const keys = Array.from({ length: 8 }, (_, i) => `gsai-agency-${i + 1}`);
  await simulator().configure({ gateway: { keys: Object.fromEntries(keys.map((key) => [key, {}])) } });
  const file = join(scratch(), 'keys.txt');
  writeFileSync(file, keys.join('\n'));
  // Rungs long enough for some twenty requests of the key: with eight the number told is that of chance.
  const { record, told } = await run(
    { key_lock_ms: 100 },
    { API_KEYS_FILE: file, KINDS: 'chat', SCALE: '0.0625', TIME_SCALE: '0.16' },
  );
  assert.equal(record.verdict, 'FAIL', told);
  assert.match(
    told,
    /plain calls of one key stop at \d+(\.\d)?\/s, those of many keys do not: requests of one key wait for one another, (8\d|9\d|1[01]\d) ms each/,
  );
});

test('a place that is held after its request is found by kinds that take different times', async () => {
  const { record, finding, told } = await run(
    { db_pool: { size: 8, hold: 'all', hold_after_ms: 150 } },
    { KINDS: 'chat,embeddings', SCALE: '0.0625' },
  );
  assert.equal(record.verdict, 'FAIL', told);
  assert.match(told, /a place is held 1\d\d ms longer than its request/);
  assert.ok(Math.abs(finding('held-after').value! - 150) < 50, told);
});

test('keys that hang-ups leave broken are found by the requests that fail after them', async () => {
  const { record, told } = await run(
    { aborts_break_key: true },
    { KINDS: 'chat', SCALE: '0.0625', TIME_SCALE: '0.05' },
  );
  assert.equal(record.verdict, 'FAIL', told);
  assert.match(
    told,
    /after \d+ hang-ups \d+ of \d+ plain calls of the same keys failed, and none did before: what a hang-up/,
  );
});

test('look-ups of keys that wait for a small pool have one rate for all kinds, and the process is free', async () => {
  const { record, told } = await run(
    { auth: { lookup_ms: 180 }, db_pool: { size: 2, hold: 'auth' } },
    { KINDS: 'chat', SCALE: '0.0625', TIME_SCALE: '0.15' },
  );
  assert.equal(record.verdict, 'FAIL', told);
  assert.match(told, /stop at 1[0-4](\.\d)?\/s: .* have the same rate whatever they take, .*so the process is free/);
});

test('billing that is written within the request, one record after the other, is found by what has to be billed alone', async () => {
  // Answers so long that chats and embeddings differ in time: then a number a second is told from one at once.
  const { record, told } = await run({ billing: { write_ms: 60 } }, { TIME_SCALE: '0.1' }, 81);
  assert.notEqual(record.verdict, 'PASS', told);
  assert.match(
    told,
    /room for the peak, plain calls: .*plain calls stop at (1[3-9]|2[0-3])(\.\d)?\/s: .* have the same rate whatever they take, .*needs something for \d+ ms that one has at a time .*; .*requests with a wrong key have no such limit/,
  );
});
