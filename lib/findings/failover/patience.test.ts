import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Attempt } from '../../truth';
import type { Seen } from './effects';
import { betweenDeployments, contextKept, givenUpAfter } from './patience';
import type { View } from './view';

const call = (deployment: string, received: number, end: number, change: Partial<Attempt> = {}): Attempt => ({
  deployment,
  received,
  ttft: -1,
  end,
  ok: false,
  fault: 'hang_before',
  chunks: 0,
  promptTokens: 40,
  outputTokens: 0,
  billed: false,
  ...change,
});
const seen = (sent: number, end: number, outcome: Seen['outcome'], calls: Attempt[]) =>
  ({ phase: 'hang_before', sent, end, outcome, calls }) as unknown as Seen;
const view = (all: readonly Seen[]) => ({ seen: all, of: () => all, primary: 'eu' }) as unknown as View;

test('a call that ends because its client has left was not given up; one that ends before is', () => {
  const left = givenUpAfter(view([0, 1, 2].map((i) => seen(i, 2000, 'timeout_first', [call('eu', i + 1, i + 2001)]))));
  assert.equal(left.missed, true);
  assert.match(left.text, /never given up within 2\.00 s/);
  const given = givenUpAfter(view([0, 1, 2].map((i) => seen(i, 900, 'http_5xx', [call('eu', i + 1, i + 801)]))));
  assert.equal(given.value, 0.8);
});

test('what lies between two deployments is from the end of one call to the beginning of the next', () => {
  const found = betweenDeployments(
    view([seen(0, 900, 'ok', [call('eu', 1, 301), call('us', 341, 600, { fault: null, ok: true })])]),
  );
  assert.equal(found.value, 40);
  assert.match(found.text, /300 ms are waiting for the first one, and 40 ms deciding/);
});

test('another prompt at the other deployment is lost context, the same one is not', () => {
  const both = (got: number) => [seen(0, 900, 'ok', [call('eu', 1, 301), call('us', 341, 600, { promptTokens: got })])];
  assert.equal(contextKept(view(both(40))).value, 0);
  assert.match(contextKept(view(both(20))).text, /^1 of 1 requests .*: 20 of 40 tokens/);
});
