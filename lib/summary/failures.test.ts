import assert from 'node:assert/strict';
import { test } from 'node:test';
import { soundSnapshot } from '../measurements/snapshot.fixture';
import type { TimelinePoint } from '../measurements';
import { said, sample } from './failures.fixture';
import { failureLines, failureReport, hammering, whereFailed } from './failures';

const row = (outcome: string, count: number, tags: Record<string, string>) => ({ outcome, count, tags });

test('"outcomes http_429 5243" was all: the table has what the target said, to whom, when, and the id to ask for', () => {
  const failures = failureReport(
    soundSnapshot({
      failures: said({ limits: [{ header: 'x-ratelimit-remaining-requests', count: 5243, first: '3', last: '0' }] }),
    }),
  )!;
  const lines = failureLines({
    failures,
    outcomes: [row('http_429', 5243, { kind: 'chat' }), row('ok', 10, { kind: 'chat' })],
  });
  assert.deepEqual(lines, [
    '  failed      http_429 5243',
    '              5243 x 429 "Rate limit reached for req 17" (1.2 to 61 s; chat claude; x-request-id req-1)',
    '  limits      x-ratelimit-remaining-requests: 3 .. 0 (5243)',
  ]);
  assert.equal(failureReport(soundSnapshot()), undefined);
});

test('"http_5xx 35" was 100 % of the embeddings, and nobody saw it: the group that fails is named', () => {
  const outcomes = [
    row('http_5xx', 35, { kind: 'embedding', model: 'cohere', agency: '1', phase: 'load' }),
    row('ok', 965, { kind: 'chat', model: 'claude', agency: '1', phase: 'load' }),
  ];
  assert.deepEqual(whereFailed(outcomes, 'http_5xx'), { tags: { kind: 'embedding' }, failed: 35, requests: 35 });
  const failures = failureReport(soundSnapshot({ failures: said({ samples: [sample({ outcome: 'http_5xx' })] }) }))!;
  assert.equal(
    failureLines({ failures, outcomes })[0],
    '  failed      http_5xx 35: all with kind=embedding (35 of 35 such requests)',
  );
});

test('one model of two, or one agency, is named; failures that are spread evenly name nobody', () => {
  const of = (agency: string, model: string, failed: number, ok: number) => [
    row('http_4xx', failed, { kind: 'chat', model, agency }),
    row('ok', ok, { kind: 'chat', model, agency }),
  ];
  const oneModel = [...of('1', 'a', 10, 90), ...of('1', 'b', 0, 100)];
  assert.deepEqual(whereFailed(oneModel, 'http_4xx')?.tags, { model: 'a' });
  const oneAgency = [...of('1', 'a', 50, 50), ...of('1', 'b', 50, 50), ...of('2', 'a', 2, 98), ...of('2', 'b', 0, 100)];
  assert.deepEqual(whereFailed(oneAgency, 'http_4xx')?.tags, { agency: '1' });
  const even = [...of('1', 'a', 10, 90), ...of('1', 'b', 12, 88), ...of('2', 'a', 9, 91), ...of('2', 'b', 10, 90)];
  assert.equal(whereFailed(even, 'http_4xx'), undefined);
});

test('OneModelOfTwoWasBroken: "all with kind=chat (43 of 87)" stood where it was one model, 43 of 45', () => {
  const outcomes = [
    row('http_5xx', 43, { kind: 'chat', model: 'b', phase: 'load' }),
    row('ok', 2, { kind: 'chat', model: 'b', phase: 'load' }),
    row('ok', 42, { kind: 'chat', model: 'a', phase: 'load' }),
    row('ok', 73, { kind: 'embedding', model: 'e', phase: 'load' }),
  ];
  assert.deepEqual(whereFailed(outcomes, 'http_5xx'), { tags: { model: 'b' }, failed: 43, requests: 45 });
});

test('1,748 requests/s went into a 429 with Retry-After, and the run did not say that it hammers on', () => {
  const timeline = Array.from({ length: 10 }, (_, t_s) => ({
    t_s,
    seconds: 1,
    started: t_s === 9 ? 1573 : 1748,
  })) as TimelinePoint[];
  const holds = { count: 17_000, least: 1, most: 30, first: 100, last: 9900, held: 40_000 };
  const [note] = hammering(said({ holds }), timeline);
  assert.match(
    note!,
    /^17000 answers that failed asked to wait for 1 to 30 s \(Retry-After\).* went on with 1748 requests\/s from second 0\.1 to second 9\.9/,
  );
  assert.deepEqual(hammering(said(), timeline), []);
});
