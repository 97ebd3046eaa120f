import assert from 'node:assert/strict';
import { test } from 'node:test';
import { FAULTS, type FaultName } from '../faults/faults';
import { call, truthOf } from '../client.fixture';
import { base, origin, us, GEMINI, ask, words, failsWith, stream } from './vertex.fixture';

const status =
  (code: number, name: string) =>
  ({ error }: { error: Error | null }) =>
    assert.ok(failsWith(code, name)(error), String(error));

/** What a stream comes to in the SDK under each fault that ends by itself. */
const faults: Partial<Record<FaultName, (seen: Awaited<ReturnType<typeof stream>>) => void>> = {
  refuse: ({ error }) => assert.match(String(error), /fetch failed/),
  '429': status(429, 'RESOURCE_EXHAUSTED'),
  '500': status(500, 'INTERNAL'),
  '503': status(503, 'UNAVAILABLE'),
  html: ({ error, pieces }) => assert.ok(error !== null || pieces.length === 0),
  not_stream: ({ error, pieces }) => assert.ok(error !== null || pieces.length === 0),
  empty: ({ error, pieces }) => assert.deepEqual([error, pieces], [null, []]),
  error_event: (seen) => {
    status(500, 'INTERNAL')(seen);
    assert.equal(words(seen.text), 2);
  },
  cut: ({ error, text }) => assert.deepEqual([error !== null, words(text)], [true, 2]),
  reset: ({ error, text }) => assert.deepEqual([error !== null, words(text)], [true, 2]),
  no_finish: ({ error, text, pieces }) =>
    assert.deepEqual(
      [
        error,
        words(text),
        pieces.at(-1)?.candidates?.[0]?.finishReason,
        pieces.at(-1)?.usageMetadata?.candidatesTokenCount,
      ],
      [null, 6, undefined, 6],
    ),
  no_usage: ({ error, text, pieces }) =>
    assert.deepEqual(
      [error, words(text), pieces.at(-1)?.candidates?.[0]?.finishReason, pieces.at(-1)?.usageMetadata],
      [null, 6, 'STOP', undefined],
    ),
  coalesced: ({ error, text, pieces }) => assert.deepEqual([error, words(text), pieces.length], [null, 6, 7]),
  byte_at_a_time: ({ error, text, pieces }) => assert.deepEqual([error, words(text), pieces.length], [null, 6, 7]),
  slow_first_byte: ({ error, text }) => assert.deepEqual([error, words(text)], [null, 6]),
};
for (const fault of FAULTS) {
  const check = faults[fault];
  if (check === undefined) continue;
  test(`fault ${fault} on streamGenerateContent`, async () => {
    check(await stream(`fault=${fault} id=f-${fault}`));
    const record = await truthOf(base, `f-${fault}`);
    assert.deepEqual([record.fault, record.outcome], [fault, 'fault']);
  });
}

for (const fault of ['hang_before', 'hang_mid'] as const) {
  test(`${fault}: silence, until the client gives up`, async () => {
    const abort = new AbortController();
    const gone = (async () => {
      const pieces = await us.models.generateContentStream({
        model: GEMINI,
        contents: ask(`fault=${fault} id=${fault}`),
        config: { abortSignal: abort.signal },
      });
      for await (const piece of pieces) assert.ok(piece.candidates?.[0]?.finishReason === undefined);
    })();
    const rejected = assert.rejects(gone);
    await truthOf(base, fault, (record) =>
      fault === 'hang_mid' ? record.content_ns.length === 2 : record.fault === fault,
    );
    abort.abort();
    await rejected;
    const record = await truthOf(base, fault, ({ client_gone_ns: left }) => left !== null);
    assert.deepEqual([record.end_ns, record.billed_completion_tokens], [null, fault === 'hang_mid' ? 2 : 0]);
  });
}

test('the token endpoint refuses what is no signed token, and takes a refresh token', async () => {
  const token = async (form: Record<string, string>) => {
    const seen = await call(`${origin}/token`, new URLSearchParams(form).toString(), { key: null });
    return [seen.status, (JSON.parse(seen.body) as { error?: string; token_type?: string }).error];
  };
  const jwt = (header: object, claims: object) =>
    [header, claims, {}].map((part) => Buffer.from(JSON.stringify(part)).toString('base64url')).join('.');
  const grant = { grant_type: 'urn:ietf:params:oauth:grant-type:jwt-bearer' };
  const exp = Date.now() / 1000 + 60;
  assert.deepEqual(await token({ ...grant, assertion: jwt({ alg: 'RS256' }, { iss: 'a', exp }) }), [200, undefined]);
  assert.deepEqual(await token({ grant_type: 'refresh_token', refresh_token: 'any' }), [200, undefined]);
  for (const assertion of [
    '',
    'a.b.c',
    jwt({ alg: 'none' }, { iss: 'a', exp }),
    jwt({ alg: 'RS256' }, { exp }),
    jwt({ alg: 'RS256' }, { iss: 'a', exp: 1 }),
  ]) {
    assert.deepEqual(await token({ ...grant, assertion }), [400, 'invalid_grant'], assertion);
  }
  assert.deepEqual(await token({ grant_type: 'password' }), [400, 'unsupported_grant_type']);
});
