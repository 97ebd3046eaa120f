import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Snapshot } from 'k6/x/sse';
import { ceilingOf, limitsOf, type Rung } from '../../ladder';
import { row } from '../../measurements/snapshot.fixture';
import type { Observed } from '../observed';
import { contentionFindings } from './findings';
import { ceilingText } from './words';

/*
 * What `contention` says of ladders that were not climbed to their top, and of a process that is full beyond all that is
 * asked for.
 */

/** Requests that take `service` ms, of which a process answers `most` a second, with a wrong path beside them. */
function rung(inFlight: number, service: number, most = Infinity): Rung {
  const mean = Math.max(service, (1000 * inFlight) / most);
  return {
    ...{ inFlight, seconds: 10, failed: {}, mean, ok: Math.round((inFlight * (10_000 + mean)) / mean) },
    bystander: 1 + (mean > service ? mean : 0),
  };
}

function told(service: number, numbers: readonly number[], most?: number): string {
  const limits = limitsOf([ceilingOf({ kind: 'plain', rungs: numbers.map((n) => rung(n, service, most)) })!]);
  return ceilingText(limits[0]!, limits, 64);
}

test('SlowIsNotPlenty: plain calls of a second each, whose ladder ended early, were told to be answered far more often than the plan asks for, at 13/s', () => {
  assert.match(
    told(1100, [1, 2, 4, 8, 16, 32]),
    /^plain calls: all 32 .* served at once, 1\.1 s each, and more were not tried/,
  );
  assert.match(told(1, [1, 2]), /\/s were answered with 2 in flight, .* far more than the plan ever asks for/);
  assert.match(told(1100, [1, 2, 4, 8, 16, 32, 64]), /a limit beyond 64 would not show$/);
});

test('a process that is full at twice what the plan asks for is not told to be busy and to need more workers', () => {
  const numbers = [1, 2, 4, 8, 16, 32, 64];
  assert.match(told(40, numbers, 954), /stop at 954\/s, more than the plan ever asks for: .* no time left/);
  assert.match(told(40, numbers, 60), /the process itself is busy .* add workers/);
});

test('beside calls that hung, where no stream was sent before them, the time before was NaN ms', () => {
  const size = 'beside';
  const phases = ['plain-1', 'before', 'hung'].map((phase) => ({
    ...{ phase, sent: 30, start_s: 0, end_s: 10, max_in_flight: 1, outcomes: {} },
  }));
  const rows = (chatsBefore: boolean) => [
    row('llm_e2e', { phase: 'plain-1', size: 'plain' }, Array<number>(30).fill(100)),
    row('llm_e2e', { phase: 'before', size, kind: 'models' }, Array<number>(30).fill(5)),
    row('llm_e2e', { phase: 'hung', size, kind: 'models' }, Array<number>(10).fill(5)),
    row('llm_e2e', { phase: 'hung', size, kind: 'chat' }, Array<number>(20).fill(211)),
    ...(chatsBefore ? [row('llm_e2e', { phase: 'before', size, kind: 'chat' }, Array<number>(20).fill(140))] : []),
  ];
  const outcomes = [
    { tags: { phase: 'plain-1', size: 'plain' }, outcome: 'ok', count: 30 },
    { tags: { phase: 'hung', size, kind: 'chat' }, outcome: 'ok', count: 20 },
    { tags: { phase: 'hung', size, kind: 'models' }, outcome: 'ok', count: 10 },
    { tags: { phase: 'hung', size: 'hung' }, outcome: 'cancelled', count: 29 },
  ] as Snapshot['outcomes'];
  const beside = (chatsBefore: boolean) => {
    const booked = { rows: rows(chatsBefore), outcomes };
    const observed = { requests: [], timeline: [], phases, booked } as unknown as Observed;
    return contentionFindings(observed).find(({ id }) => id === 'beside-hung')!.text;
  };
  assert.match(beside(false), /were answered, streams in 211 ms \(median\)$/);
  assert.match(beside(true), /were answered, streams in 211 ms \(median; 140 ms before\)$/);
});
