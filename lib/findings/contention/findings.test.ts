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

test('SlowerWithEachRequest: plain calls that ran at half their rate after hang-ups, like all else, were told to have lost what the hang-ups held', () => {
  const phase = (name: string, max_in_flight = 1) => ({
    ...{ phase: name, sent: 30, start_s: 0, end_s: 10, max_in_flight, outcomes: {} },
  });
  const phases = ['plain-1', 'plain-32', 'list-1', 'hang-ups', 'before'].map((name) => phase(name));
  const lost = (later: number) => {
    const rows = [
      row('llm_e2e', { phase: 'plain-1', size: 'plain' }, Array<number>(30).fill(138)),
      row('llm_e2e', { phase: 'plain-32', size: 'plain' }, Array<number>(300).fill(138)),
      row('llm_e2e', { phase: 'list-1', size: 'list' }, Array<number>(30).fill(2)),
      row('llm_e2e', { phase: 'after-hang-ups', size: 'plain' }, Array<number>(300).fill(138 + 400)),
      row('llm_e2e', { phase: 'before', size: 'held' }, Array<number>(30).fill(138 + 400)),
      row('llm_e2e', { phase: 'before', size: 'beside', kind: 'models' }, Array<number>(30).fill(2 + later)),
    ];
    const outcomes = rows.map(({ tags }, i) => ({ tags, outcome: 'ok', count: [30, 300, 30, 300, 30, 30][i] }));
    const left = { tags: { phase: 'hang-ups', size: 'hang-up' }, outcome: 'cancelled', count: 20 };
    const booked = { rows, outcomes: [...outcomes, left] };
    const all = [...phases, phase('after-hang-ups', 32)];
    const observed = { requests: [], timeline: [], phases: all, booked } as unknown as Observed;
    return contentionFindings(observed).find(({ id }) => id === 'lost-places')!;
  };
  assert.ok(lost(0).value! > 0.6, 'lists are as quick as before: it is what plain calls hold');
  assert.match(lost(0).text, /is not given back when its client leaves$/);
  assert.ok(lost(400).value! < 0.05, `${lost(400).value}`);
  assert.doesNotMatch(lost(400).text, /not given back/);
});

test('a target that becomes slower with each request was told to be busy at 253 streams a second, while a model list alone took 340 ms later', () => {
  const numbers = [1, 2, 4, 8, 16, 32, 64];
  const told = (list: number) => {
    const made = numbers.flatMap((n, i) => {
      const [phase, lists] = [`stream-${n}`, `list-${n}`];
      return [
        { phase, size: 'stream', ms: 140 + (n > 16 ? 92 * (n / 32) : 0), count: 20 * n },
        { phase, size: 'bystander', ms: 1 + (n > 16 ? 101 : i / 10), count: 9 },
        { phase: lists, size: 'list', ms: list, count: 20 * n },
      ];
    });
    const rows = made.map(({ phase, size, ms, count }) =>
      row('llm_e2e', { phase, size }, Array<number>(count).fill(ms)),
    );
    const outcomes = made.map(({ phase, size, count }) => ({ tags: { phase, size }, outcome: 'ok', count }));
    const phases = [...new Set(made.map(({ phase }) => phase))].map((phase) => ({
      ...{ phase, sent: 30, start_s: 0, end_s: 10, max_in_flight: 1, outcomes: {} },
    }));
    const observed = { requests: [], timeline: [], phases, booked: { rows, outcomes } } as unknown as Observed;
    return contentionFindings(observed).find(({ id }) => id === 'room-stream')!;
  };
  assert.match(told(340).text, /^streams take 14\d ms each at first, and later even a model list .* becomes slower/);
  assert.equal(told(340).value, null);
  assert.match(told(2).text, /the process itself is busy/);
});
