import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  BedrockRuntimeServiceException,
  ConverseCommand,
  ConverseStreamCommand,
} from '@aws-sdk/client-bedrock-runtime';
import { FAULTS, type FaultName } from '../faults/faults';
import { truthOf } from '../client.fixture';
import { base, us, http1, input, converseStream, claudeStream, words } from './bedrock.fixture';

test('a failure in mid-stream is an exception message, of a class of its own in the SDK', async () => {
  const { text, error } = await converseStream('fault=error_event id=x1');
  assert.equal(words(text), 2);
  assert.equal(error?.name, 'ModelStreamErrorException');
  assert.ok(error instanceof BedrockRuntimeServiceException);
  const record = await truthOf(base, 'x1');
  assert.deepEqual(
    [record.error, record.status, record.outcome, record.billed_completion_tokens],
    ['modelStreamErrorException', 200, 'fault', 2],
  );
  const invoked = await claudeStream('fault=error_event');
  assert.deepEqual([invoked.error?.name, invoked.events.length], ['ModelStreamErrorException', 4]);
  await assert.rejects(us.send(new ConverseCommand(input('fault=error_event id=x2'))), { name: 'ModelErrorException' });
  const plain = await truthOf(base, 'x2');
  assert.deepEqual([plain.status, plain.billed_prompt_tokens, plain.billed_completion_tokens], [424, 0, 0]);
});

/** What ConverseStream comes to in the SDK under each fault that ends by itself. */
const faults: Partial<Record<FaultName, (seen: Awaited<ReturnType<typeof converseStream>>) => void>> = {
  refuse: ({ error }) => assert.match(String(error), /ECONNRESET|hang up|REFUSED_STREAM/),
  '429': ({ error }) => assert.equal(error?.name, 'ThrottlingException'),
  '500': ({ error }) => assert.equal(error?.name, 'InternalServerException'),
  '503': ({ error }) => assert.equal(error?.name, 'ServiceUnavailableException'),
  html: ({ error, events }) => assert.ok(error !== null || events.length === 0),
  not_stream: ({ error, events }) => assert.ok(error !== null || events.length === 0),
  empty: ({ error, events }) => assert.deepEqual([error, events], [null, []]),
  cut: ({ error, text }) => assert.deepEqual([error !== null, words(text)], [true, 2]),
  // Node's HTTP/2 client takes a connection that dies for an orderly end: then only the missing messageStop tells.
  reset: ({ text, events }) => assert.deepEqual([words(text), events.some((event) => event.messageStop)], [2, false]),
  no_finish: ({ error, events, text }) =>
    assert.deepEqual(
      [error, words(text), events.some((event) => event.messageStop), events.some((event) => event.metadata)],
      [null, 6, false, true],
    ),
  no_usage: ({ error, events, text }) =>
    assert.deepEqual(
      [error, words(text), events.some((event) => event.messageStop), events.some((event) => event.metadata)],
      [null, 6, true, false],
    ),
  coalesced: ({ error, text, events }) => assert.deepEqual([error, words(text), events.length], [null, 6, 10]),
  byte_at_a_time: ({ error, text, events }) => assert.deepEqual([error, words(text), events.length], [null, 6, 10]),
  slow_first_byte: ({ error, text }) => assert.deepEqual([error, words(text)], [null, 6]),
};
for (const fault of FAULTS) {
  const check = faults[fault];
  if (check === undefined) continue;
  for (const [version, sender] of [
    ['2', () => us],
    ['1.1', () => http1],
  ] as const) {
    test(`fault ${fault} on ConverseStream over HTTP/${version}`, async () => {
      const seen = await converseStream(`fault=${fault} id=f-${fault}-${version}`, sender());
      check(seen);
      if (fault === 'reset' && version === '1.1') assert.match(String(seen.error), /ECONNRESET|aborted/);
      const record = await truthOf(base, `f-${fault}-${version}`);
      assert.deepEqual([record.fault, record.outcome], [fault, 'fault']);
    });
  }
}

test('faults of Claude’s own events: no_finish, no_usage, no_done', async () => {
  const seen = async (fault: string) => {
    const { events } = await claudeStream(`fault=${fault}`);
    const delta = events.find(({ type }) => type === 'message_delta');
    return [
      delta?.delta?.stop_reason,
      delta?.usage?.output_tokens,
      events[0]?.message?.usage?.input_tokens !== undefined,
      events.at(-1)?.type,
    ];
  };
  assert.deepEqual(await seen('no_finish'), [null, 6, true, 'message_stop']);
  assert.deepEqual(await seen('no_usage'), ['end_turn', undefined, false, 'message_stop']);
  assert.deepEqual(await seen('no_done'), ['end_turn', 6, true, 'message_delta']);
});

for (const fault of ['hang_before', 'hang_mid'] as const) {
  test(`${fault}: silence, until the client gives up`, async () => {
    const abort = new AbortController();
    const gone = (async () => {
      const { stream } = await us.send(new ConverseStreamCommand(input(`fault=${fault} id=${fault}`)), {
        abortSignal: abort.signal,
      });
      for await (const event of stream ?? []) assert.ok(event.messageStop === undefined);
    })();
    // In mid-stream the SDK ends a stream over HTTP/2 without a word.
    const rejected = fault === 'hang_mid' ? gone : assert.rejects(gone);
    await truthOf(base, fault, (record) =>
      fault === 'hang_mid' ? record.content_ns.length === 2 : record.fault === fault,
    );
    abort.abort();
    await rejected;
    const record = await truthOf(base, fault, ({ client_gone_ns: left }) => left !== null);
    assert.deepEqual([record.end_ns, record.billed_completion_tokens], [null, fault === 'hang_mid' ? 2 : 0]);
  });
}
