import assert from 'node:assert/strict';
import { test } from 'node:test';
import { bulkheadRuns } from '../tools/testing/bulkhead-runs';

/*
 * bulkhead against the reference gateway: with nothing shared, with one pool of connections for all providers, and with
 * one that only plain calls hold. bulkhead.long.e2e.test.ts has the others.
 */
const run = bulkheadRuns();

test('PASS: a hung provider does nothing to the other', async () => {
  const { record, why, finding, stdout } = await run({}, '11s');
  assert.equal(record.verdict, 'PASS', `${why}\n${stdout}`);
  const { value, interval, text } = finding('ttft-hung');
  assert.ok(interval![0] <= value! && value! <= interval![1]);
  assert.match(
    text,
    /while claude_3_haiku hangs, gemini-2\.0-flash's median TTFT is [\d.]+ ms (longer|shorter) \[[+-][\d.]+, [+-][\d.]+\] than in phase beside: there is no sign that the two share anything/,
  );
  assert.ok(
    record.outcomes.some(
      (row) => row.tags.model === 'claude_3_haiku' && row.tags.phase === 'hung' && row.outcome === 'timeout_first',
    ),
    'it did hang',
  );
  assert.ok(record.phases.find((phase) => phase.phase === 'slow')!.ttft!.p95! > 380, 'it was slow');
});

test('one pool of connections for all providers: the wait before the healthy one is asked is found and named', async () => {
  const { record, why, stdout } = await run({ upstream_connections: 12 }, '11s');
  assert.equal(record.verdict, 'FAIL', `${why}\n${stdout}`);
  assert.match(
    why,
    /target: TTFT change, the other hung: .*while claude_3_haiku hangs, gemini-2\.0-flash's (median TTFT is \d+ ms longer .*is asked \d+ ms later|streams got no answer that ended well)/,
  );
  assert.match(
    why,
    /calls wait for something that both share\. While they waited, 12 calls were in flight at the providers, and no more: so it is one pool of 12 connections/,
  );
  assert.doesNotMatch(why, /beside it/, 'nothing to find while both are well');
});

test('a pool held during plain calls: the healthy one is not asked while the other hangs, its streams go on', async () => {
  const { record, why, finding, stdout } = await run({ db_pool: { size: 8 } }, '11s');
  assert.equal(record.verdict, 'FAIL', `${why}\n${stdout}`);
  assert.match(
    why,
    /target: plain calls' delay, the other hung: .*while claude_3_haiku hangs, gemini-2\.0-flash's plain calls (reach their provider \d+ ms later \[.*\] than in phase beside|got no answer that ended well)/,
  );
  assert.match(
    why,
    /something is held for as long as a plain call lasts.*While calls waited, 8 plain calls were in flight at the providers, and no more; of streams there were up to \d+\. Streams do not wait\. Let it go/,
  );
  assert.equal(
    record.objectives.find((each) => each.name === 'TTFT change, the other hung')!.state,
    'ok',
    finding('ttft-hung').text,
  );
  assert.doesNotMatch(why, /beside it/, 'nothing to find while both are well');
});
