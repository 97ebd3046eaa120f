import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Attempt } from '../../truth';
import { note } from '../../truth/join.fixture';
import { failedAfter } from './after';
import { seenIn } from './view';

const call = (received: number, fault: string | null): Attempt =>
  ({ deployment: 'openai/eu/m', received, fault, ok: fault === null }) as Attempt;
const request = (phase: string, sent: number, calls: Attempt[], ok = true) => ({
  ...note({ id: `r-${sent}`, phase, sent, outcome: ok ? 'ok' : 'http_5xx' }),
  calls,
});

test('AProviderThatFailsByItself: what a provider fails before, during and after the faults was told to be an outage that outlasts them', () => {
  const failing = Array.from({ length: 60 }, (_, i) => {
    const bad = i % 6 === 0;
    return request('after-503', 1000 + i, [call(1001 + i, bad ? '503' : null)], !bad);
  });
  const told = failedAfter(failing);
  assert.equal(told.value, 0);
  assert.match(told.text, /^of the 60 requests after the faults 10 failed, and a provider failed each of them/);
  const byItself = failedAfter(failing.map((each) => ({ ...each, calls: [call(each.sent, null)] })));
  assert.match(byItself.text, /^10 of 60 requests failed although the primary was well again \(after-503\)/);
});

test('a real provider that fails as often before the first fault has no outage that outlasts one', () => {
  const some = (phase: string, bad: number) =>
    Array.from({ length: 60 }, (_, i) => ({
      ...note({ id: `${phase}${i}`, phase, sent: i, outcome: i < bad ? 'http_5xx' : 'ok' }),
    }));
  const told = failedAfter([...some('before', 9), ...some('after-cut', 10)]);
  assert.equal(told.value, 0);
  assert.match(told.text, /^10 of 60 requests failed after the faults, and 9 of 60 before the first: no outage/);
  assert.ok(failedAfter([...some('before', 0), ...some('after-cut', 10)]).value! > 0.1);
});

test('OneOfSixBefore: one failure among six requests before the first fault excused a gateway that failed half of all after it', () => {
  const some = (phase: string, n: number, bad: number) =>
    Array.from({ length: n }, (_, i) =>
      note({ id: `${phase}${i}`, phase, sent: i, outcome: i < bad ? 'http_5xx' : 'ok' }),
    );
  const told = failedAfter([...some('before', 6, 1), ...some('after-cut', 60, 30)]);
  assert.equal(told.value, 0.5);
  assert.match(told.text, /the outage outlasts the fault$/);
  assert.equal(failedAfter([...some('before', 6, 1), ...some('after-cut', 60, 10)]).value, 0);
});

test('NobodyMetAFault: requests that wait in a line until their clients leave, in all phases, were told to show an outage that outlasts the faults', () => {
  const waiting = (phase: string, met: boolean) =>
    Array.from({ length: 40 }, (_, i) => request(phase, i, met ? [call(i, '503')] : [], false));
  const told = (met: boolean) => failedAfter([...waiting('503', met), ...waiting('after-503', false)]).text;
  assert.match(told(false), /^40 of 40 requests failed after the faults, of which no request had met one/);
  assert.match(told(true), /although the primary was well again/);
});

test('TheNextFault: a request that a slow gateway brings to its provider when the next fault has begun was told to fail after the one before, and hang_before to break streams', () => {
  const requests = [
    request('hang_before', 1000, []),
    request('after-hang_before', 2000, []),
    request('after-hang_before', 2950, [], false),
    request('hang_mid', 3000, []),
    request('after-hang_mid', 4000, []),
  ].map(({ calls: _, ...each }) => each);
  const attempts = new Map(
    requests.map(({ id, sent }) => [id, [call(sent + 90, sent === 2950 || sent === 3000 ? 'hang_mid' : null)]]),
  );
  const seen = seenIn(requests, attempts);
  assert.deepEqual(
    seen.map(({ phase }) => phase),
    ['hang_before', 'after-hang_before', 'hang_mid', 'hang_mid', 'after-hang_mid'],
  );
  assert.equal(failedAfter(seen).value, 0);
});
