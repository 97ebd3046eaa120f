import assert from 'node:assert/strict';
import { test } from 'node:test';
import { admin, call, chatBody, configure, until, type TruthAnswer } from '../client.fixture';
import { runSimulator } from '../running.fixture';
import type { TruthRecord } from '../truth/truth';

const at = runSimulator();

const ON = { on: true, first_byte_ms: 100, idle_ms: 100, plain_ms: 500, breaker: { failures: 2, probe_ms: 3_600_000 } };
const TWO = [
  { provider_model: 'claude_3_haiku', region: 'a' },
  { provider_model: 'claude_3_haiku', region: 'b', weight: 0 },
];
const gateway = (failover: object, deployments: object[] = TWO) =>
  configure(at.base, { gateway: { models: { claude_3_haiku: { deployments } }, failover } });
const fault = (failure: string, region = 'a') =>
  configure(at.base, {
    provider: { deployments: { [`openai/${region}/claude_3_haiku`]: { failure_share: 1, failure } } },
  });
const well = () => configure(at.base, { provider: { deployments: { 'openai/a/claude_3_haiku': null } } });

let next = 0;
/** One chat, with the provider calls that it caused: all of them over. */
async function ask(
  more: object = {},
): Promise<{ seen: Awaited<ReturnType<typeof call>>; calls: TruthRecord[]; regions: string }> {
  const id = `failover-${next++}`;
  const seen = await call(
    `${at.base}/chat/completions`,
    chatBody(`id=${id} ttft=5 rate=1000 jitter=0 chunk=2 tokens=9`, { ...more }),
  );
  const calls = await until(async () => {
    const { requests } = await admin<TruthAnswer>(at.provider, `/truth?id=${id}`);
    return requests.every((record) => record.end_ns !== null || record.client_gone_ns !== null) ? requests : undefined;
  });
  return { seen, calls, regions: calls.map((record) => record.region).join('') };
}
const finished = (body: string) => body.includes('"finish_reason":"stop"');

test('off: the failure of the one deployment is the client’s', async () => {
  await gateway({ on: false });
  await fault('503');
  const { seen, regions } = await ask();
  assert.deepEqual([seen.status, seen.body, regions], [200, '', 'a']);
});

for (const [name, stream] of [
  ['refuse', true],
  ['503', true],
  ['429', true],
  ['hang_before', true],
  ['html', true],
  ['cut', false],
  ['hang_before', false],
] as const) {
  test(`on: ${name} of the first, ${stream ? 'streamed' : 'plain'}, is answered by the second`, async () => {
    await gateway(ON);
    await fault(name);
    const { seen, regions } = await ask({ stream });
    assert.equal(regions, 'ab');
    assert.ok(finished(seen.body), seen.body);
  });
}

test('a breaker opens after so many failures, lets one probe through, and closes when it goes well', async () => {
  await gateway({ ...ON, breaker: { failures: 2, probe_ms: 3_600_000 } });
  await fault('503');
  const path = [];
  for (let i = 0; i < 4; i++) path.push((await ask()).regions);
  assert.deepEqual(path, ['ab', 'ab', 'b', 'b']);
  // The settings of the breaker change, so what it has learnt is forgotten: a probe after no time at all.
  await gateway({ ...ON, breaker: { failures: 1, probe_ms: 0 } });
  assert.equal((await ask()).regions, 'ab');
  await well();
  assert.equal((await ask()).regions, 'a', 'the probe went well');
  assert.equal((await ask()).regions, 'a');
});

test('never fails back: the first is not asked again although it is well', async () => {
  await gateway({ ...ON, breaker: { failures: 1, probe_ms: 0 }, fails_back: false });
  await fault('503');
  assert.equal((await ask()).regions, 'ab');
  await well();
  assert.equal((await ask()).regions, 'b');
});

for (const name of ['cut', 'hang_mid', 'error_event']) {
  test(`${name} in mid-stream is truncated, or with resume goes on with the beginning twice`, async () => {
    await gateway({ ...ON, breaker: { failures: 0, probe_ms: 0 } });
    await fault(name);
    const truncated = await ask();
    assert.equal(truncated.regions, 'a');
    assert.ok(!finished(truncated.seen.body));
    await gateway({ resume: true });
    const { seen, regions, calls } = await ask();
    assert.equal(regions, 'ab');
    assert.ok(finished(seen.body));
    assert.equal(
      seen.body.match(/"content":"[^"]/g)?.length,
      3 + (calls[1]?.content_ns.length ?? 0),
      'the first three chunks came twice',
    );
    assert.equal(seen.body.match(/"role"/g)?.length, 1);
  });
}

test('a herd: all calls that wait leave at once when the breaker opens', async () => {
  await gateway({ ...ON, first_byte_ms: 3_600_000, breaker: { failures: 1, probe_ms: 3_600_000 }, herd: true });
  await fault('hang_before');
  const waiting = Array.from({ length: 8 }, () => ask());
  await until(async () =>
    (await admin<TruthAnswer>(at.provider, '/truth?limit=8')).requests.filter(
      (record) => record.end_ns === null && record.region === 'a',
    ).length === 8
      ? true
      : undefined,
  );
  await fault('503');
  assert.equal((await ask()).regions, 'ab');
  assert.deepEqual(
    (await Promise.all(waiting)).map(({ regions }) => regions),
    Array<string>(8).fill('ab'),
  );
});

test('weights share the calls among the deployments that are well', async () => {
  // 80 calls at once may each take longer than 100 ms on a machine that others use: none of them counts as failed.
  await gateway({ ...ON, first_byte_ms: 60_000 }, [
    { provider_model: 'claude_3_haiku', region: 'a', weight: 3 },
    { provider_model: 'claude_3_haiku', region: 'b' },
  ]);
  const asked = await Promise.all(Array.from({ length: 80 }, () => ask()));
  const share = asked.filter(({ regions }) => regions === 'a').length / 80;
  assert.ok(share > 0.55 && share < 0.92, `${share}: four standard deviations about 0.75`);
});

test('upstream_connections: a hung provider holds the connections that the others need', async () => {
  await configure(at.base, { gateway: { flaws: { upstream_connections: 1 } } });
  const hung = call(`${at.base}/chat/completions`, chatBody('id=hog ttft=300 tokens=1'));
  await until(async () =>
    (await admin<TruthAnswer>(at.provider, '/truth?id=hog')).requests.length === 1 ? true : undefined,
  );
  await call(`${at.base}/chat/completions`, chatBody('id=behind ttft=5 tokens=1', { model: 'gemini-2.0-flash' }));
  await hung;
  const one = async (id: string) => (await admin<TruthAnswer>(at.provider, `/truth?id=${id}`)).requests[0];
  assert.ok(
    ((await one('behind'))?.received_ns ?? 0) >= ((await one('hog'))?.end_ns ?? Infinity),
    'it was asked only after the first had ended',
  );
});

test('deployments and failover are checked', async () => {
  const refusal = async (patch: object) => (await configure(at.base, { gateway: patch })).body;
  assert.match(
    await refusal({ models: { claude_3_haiku: { deployments: [{ region: 'a' }] } } }),
    /deployments\[0\]\.provider_model is absent/,
  );
  assert.match(await refusal({ failover: { on: 'yes' } }), /gateway\.failover\.on is \\"yes\\"/);
});
