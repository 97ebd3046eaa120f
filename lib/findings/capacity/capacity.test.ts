import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { PhaseReport } from '../../measurements';
import type { Observed } from '../observed';
import { capacityFindings } from './findings';

/** A phase of so many requests a second, of which the share `failed` failed. */
const phase = (name: string, failed = 0, p95 = 300): PhaseReport => ({
  phase: name,
  start_s: 1,
  end_s: 11,
  wanted_rate: 0,
  sent_rate: 0,
  due: 1000,
  sent: 1000,
  dropped: 0,
  waited: 0,
  max_in_flight: 1,
  ok: 1000 * (1 - failed),
  failed: 1000 * failed,
  outcomes: {},
  e2e_scheduled: { count: 1000, p95 } as PhaseReport['e2e_scheduled'],
});

function found(
  steps: readonly (readonly [name: string, rate: number, failed?: number, p95?: number])[],
  statuses: Record<string, number[]> = {},
) {
  const observed: Observed = {
    phases: steps.map(([name, , failed, p95]) => phase(name, failed, p95)),
    timeline: [],
    requests: [],
    rungs: steps.map(([name, rate]) => ({ phase: name, rate })),
    failures: Object.entries(statuses).flatMap(([name, all]) =>
      all.map((status) => ({ phase: name, size: '', outcome: 'http_5xx', status, error: `status ${status}`, end: 1 })),
    ),
  };
  const made = capacityFindings({ errors: 0.05, p95: 5000 })(observed);
  return (id: string) => made.find((each) => each.id === id)!;
}

test('the capacity is the highest rate that held, with the lowest above it that did not', () => {
  const finding = found([
    ['step-1', 250],
    ['step-2', 300, 0.2],
    ['search-1', 250],
    ['search-2', 274, 0.01],
    ['search-3', 287, 0.06],
    ['search-4', 280],
    ['search-5', 287, 0, 6000],
  ]);
  const { value, interval, text } = finding('capacity');
  assert.equal(value, 280);
  assert.deepEqual(interval, [280, 287]);
  assert.match(text, /the highest rate that holds is 280\.0\/s \(tried once\); 287\.0\/s does not \(tried twice\)/);
  assert.equal(finding('holds-again').value, 1);
});

test('a rate that held on the way up and not afterwards is told, and what came before does not count', () => {
  const finding = found([
    ['step-1', 250],
    ['step-2', 300, 0.2],
    ['search-1', 250, 0.3],
    ['search-2', 175],
    ['search-3', 209, 0.2],
  ]);
  assert.equal(finding('holds-again').value, 0);
  assert.match(finding('holds-again').text, /250\.0\/s held on the way up and did not hold again/);
  assert.deepEqual(finding('capacity').interval, [175, 209]);
  assert.match(finding('capacity').text, /the search ended before the interval was within 5 %: it is 19 % wide/);
});

test('what is too much is to be refused in order, and not to cost the work that can be done', () => {
  const steps = [
    ['step-1', 250],
    ['step-2', 300, 0.2],
    ['search-1', 250],
    ['search-2', 280, 0.6],
  ] as const;
  const orderly = found([...steps], { 'step-2': [429, 503, 503, 503], 'step-1': [500] });
  assert.equal(orderly('refusals-in-order').value, 1, 'failures of rates that held are not looked at');
  assert.equal(orderly('goodput-beyond').value, (280 * 0.4) / 250);
  assert.match(
    orderly('goodput-beyond').text,
    /at 280\.0\/s, beyond its capacity, the target still answered 112\.0\/s without an error, 45 %/,
  );
  const broken = found([...steps], { 'step-2': [503, 500, 0, 500] });
  assert.equal(broken('refusals-in-order').value, 0.25);
  assert.match(broken('refusals-in-order').text, /others failed as http_5xx: status 500/);
});

test('no rate held was said beside the rate that held on the way up, and 60 of 60 requests a second to be answered well beyond the capacity of 54', () => {
  const stays = found([
    ['step-1', 42],
    ['step-2', 48, 0.7],
    ['search-1', 42, 0.4],
  ]);
  assert.match(
    stays('capacity').text,
    /^since the target had broken no rate held .* the lowest that was tried then is 42\.0/,
  );
  const late = found([
    ['step-1', 54],
    ['step-2', 60, 0, 6000],
  ]);
  assert.match(
    late('goodput-beyond').text,
    /60\.0\/s without an error, no less than the 54\.0\/s that it carries: they are late/,
  );
});

test('a target that did not break has no capacity but a bound, and nothing of it is missed', () => {
  const finding = found([
    ['step-1', 250],
    ['step-6', 500],
  ]);
  assert.equal(finding('capacity').value, null);
  assert.match(finding('capacity').text, /the capacity is above 500\.0\/s/);
  assert.equal(finding('holds-again').value, null);
  assert.equal(finding('refusals-in-order').value, 1);
  assert.equal(finding('goodput-beyond').value, 1);
  // Nothing that is missing: it was judged, though of no request.
  assert.deepEqual([finding('refusals-in-order').n, finding('goodput-beyond').n], [undefined, undefined]);
});
