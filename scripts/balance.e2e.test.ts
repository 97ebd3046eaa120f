import assert from 'node:assert/strict';
import { test } from 'node:test';
import { flawedRun } from '../tools/testing/flawed-run';
import { why } from '../tools/testing/k6';

test('an instance that gets most requests, and one that is slow, are found by the header that names them', async (t) => {
  const { record, text } = await flawedRun(t, 'balance', {
    flaws: { instances: { count: 3, first_share: 0.7, slow_ms: 80 } },
    provider: { claude_3_haiku: { ttft_ms: 20, tokens_per_second: 1000 } },
    env: { RATE: '80', DURATION: '7s', INSTANCE_HEADER: 'X-Instance' },
  });
  assert.equal(record.verdict, 'FAIL', why(record));
  assert.match(
    text('uneven-instances'),
    /^instances get uneven shares of \d+ new connections: gateway-1 gets [67]\d\.\d %, gateway-2 gets 1\d\.\d %, gateway-3 gets 1\d\.\d % \(chi-squared p = /,
  );
  assert.match(
    text('slow-instance'),
    /^instance gateway-3 is [789]\d\.\d ms \[[\d.]+, [\d.]+\] slower than the others/,
  );
});
