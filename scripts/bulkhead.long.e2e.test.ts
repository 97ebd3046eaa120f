import assert from 'node:assert/strict';
import { test } from 'node:test';
import { bulkheadRuns } from '../tools/testing/bulkhead-runs';

/*
 * bulkhead against the reference gateway: with a pool that streams need too, and with an event loop that one provider's
 * calls block. The simulated provider is in the same process, so its settings are changed late while the loop is
 * blocked, and a run may have to be made again: hence no part of npm test.
 */
const run = bulkheadRuns();

test('as GSAi: a pool that plain calls hold and that streams need for the check of their key stops streams too', async () => {
  const { record, why, stdout } = await run({ db_pool: { size: 8, hold: 'plain' } }, '11s');
  assert.equal(record.verdict, 'FAIL', `${why}\n${stdout}`);
  assert.match(
    why,
    /something is held for as long as a plain call lasts.*8 plain calls were in flight at the providers, and no more.*Streams wait too: each seems to need such a place for a moment, as for the check of its key/,
  );
  assert.doesNotMatch(why, /Give each provider its own|Streams do not wait/);
});

test('one event loop for all: the stall while both are well is found and named', async () => {
  const { record, why, stdout } = await run({ event_loop_block_ms: { bedrock: 40, vertex: 0 } }, '16s', '80');
  assert.equal(record.verdict, 'FAIL', `${why}\n${stdout}`);
  assert.match(
    why,
    /while claude_3_haiku is used beside it, gemini-2\.0-flash's (median TTFT|longest gap of a stream) is \d+ ms longer .*streams that are under way stand still: both models are served by one event loop/,
  );
});
