import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { RequestNote } from './note';
import { unjoined } from './unjoined';

const requests = (outcome: RequestNote['outcome']) => ['a', 'b'].map((id) => ({ id, outcome, end: 115 }));
const of = (outcome: RequestNote['outcome'], ids: (string | null)[], dropped = 0) =>
  unjoined(requests(outcome), { records: ids.map((id) => ({ id })), dropped }, 'http://127.0.0.1:8090/v1');

test('ForgottenIsNotNeverAsked: a provider that has forgotten the oldest requests was asked all the same', () => {
  // streams at the plan's full figures: 100,000 streams came after the 5,280 that were looked for.
  assert.match(
    of('cancelled', ['x', 'y', null], 100_000)!,
    /^the simulated provider has forgotten 100000 of its records/,
  );
  assert.match(of('ok', ['b'], 1)!, /has forgotten 1 of its records/);
  assert.equal(of('ok', ['a', 'b', 'x'], 100_000), undefined, 'what was forgotten is of others');
});

test('requests that the provider never had failed on the way, or went to another one', () => {
  assert.match(
    of('http_5xx', ['x'])!,
    /^the provider was never asked: all 2 requests failed after 115 ms \(http_5xx\)/,
  );
  assert.match(
    of('ok', [])!,
    /^none of the 2 requests reached the simulated provider .*: the gateway asks another one/,
  );
  assert.equal(of('http_5xx', ['a']), undefined);
});
