import assert from 'node:assert/strict';
import { test } from 'node:test';
import { FAULTS, type FaultName } from '../faults/faults';
import { call, truthOf } from '../client.fixture';
import { base, client, ask, answerText, words, fails, ONCE, stream, type Streamed } from './vertex-grpc.fixture';

/** What a stream comes to in Google's client under each fault that ends by itself. */
const status =
  (code: number) =>
  ({ error, text }: Streamed) =>
    assert.deepEqual([error?.code, text], [code, ''], String(error));
const broken =
  (code: number) =>
  ({ error, text }: Streamed) =>
    assert.deepEqual([error?.code, words(text)], [code, 2], String(error));
const whole = ({ error, text, pieces }: Streamed) =>
  assert.deepEqual([error, words(text), pieces.at(-1)?.candidates[0]?.finishReason], [null, 6, 'STOP']);
const faults: Partial<Record<FaultName, (seen: Streamed) => void>> = {
  refuse: status(14),
  '429': status(8),
  '500': status(13),
  '503': status(14),
  html: ({ error, text }) => assert.deepEqual([error !== null, text], [true, '']),
  empty: ({ error, pieces }) => assert.deepEqual([error, pieces], [null, []]),
  error_event: broken(13),
  cut: broken(13),
  reset: ({ error, text }) => assert.deepEqual([error !== null, words(text)], [true, 2]),
  no_finish: ({ error, text, pieces }) =>
    assert.deepEqual(
      [error, words(text), pieces.at(-1)?.candidates[0]?.finishReason],
      [null, 6, 'FINISH_REASON_UNSPECIFIED'],
    ),
  no_usage: ({ error, text, pieces }) =>
    assert.deepEqual([error, words(text), pieces.at(-1)?.usageMetadata], [null, 6, null]),
  coalesced: whole,
  byte_at_a_time: whole,
  slow_first_byte: whole,
};
for (const fault of FAULTS) {
  const check = faults[fault];
  if (check === undefined) continue;
  test(`fault ${fault} on StreamGenerateContent`, async () => {
    check(await stream(`fault=${fault} id=f-${fault}`));
    const record = await truthOf(base, `f-${fault}`);
    assert.deepEqual([record.fault, record.outcome], [fault, 'fault']);
  });
}

test('faults of a call without a stream: its status, or an answer that breaks off', async () => {
  await assert.rejects(client.generateContent(ask('fault=503')), fails(14));
  await assert.rejects(client.generateContent(ask('fault=error_event')), fails(13));
  await assert.rejects(client.generateContent(ask('fault=cut')), fails(13));
  assert.equal(words(answerText((await client.generateContent(ask('fault=byte_at_a_time')))[0])), 6);
});

for (const fault of ['hang_before', 'hang_mid'] as const) {
  test(`${fault}: silence, until the client’s deadline`, async () => {
    const seen = (async () => {
      for await (const piece of client.streamGenerateContent(ask(`fault=${fault} id=${fault}`), {
        ...ONCE,
        timeout: 300,
      }))
        assert.equal(piece.usageMetadata, null);
    })();
    await assert.rejects(seen, fails(4));
    const record = await truthOf(base, fault, ({ client_gone_ns: left }) => left !== null);
    assert.deepEqual([record.end_ns, record.billed_completion_tokens], [null, fault === 'hang_mid' ? 2 : 0]);
  });
}

test('gRPC over HTTP/1.1 is refused with a sentence', async () => {
  const seen = await call(new URL('/google.cloud.aiplatform.v1.PredictionService/Predict', base).href, '');
  assert.deepEqual([seen.status, /gRPC needs HTTP\/2/.test(seen.body)], [400, true]);
});
