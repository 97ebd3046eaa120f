import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { RequestNote } from '../truth';
import type { Observed } from './observed';
import { note, observed, sentenceOf } from './operation.fixture';
import { restartFindings } from './restart';

/*
 * What a target that is stopped and started again under load is told to have done, on made data.
 */

test('a restart: what was cut, what was refused and lost, when it was ready, and who paid for the first request', () => {
  const before = Array.from({ length: 20 }, (_, i) => note({ sent: i * 50 }));
  const cut = note({ sent: 980, end: 60, outcome: 'truncated' });
  const fine = note({ sent: 990 });
  const phase = 'restart-1';
  const meanwhile = [
    note({ phase, sent: 1000, outcome: 'reset', end: 5 }),
    note({ phase, sent: 1050, outcome: 'connect', end: 1 }),
    note({ phase, sent: 3000, outcome: 'connect', end: 1 }),
  ];
  const first = note({ phase, sent: 3050, ttft: 500, end: 520 });
  const beside = [note({ phase, sent: 3300, ttft: 480, end: 500 }), note({ phase, sent: 3150, ttft: 110, end: 130 })];
  const later = Array.from({ length: 40 }, (_, i) => note({ phase, sent: 4000 + i * 50 }));
  const found = restartFindings(
    observed({
      requests: [...before, cut, fine, ...meanwhile, first, ...beside, ...later],
      restarts: [{ stopped_ms: 20, code: null, signal: 'SIGKILL', started_ms: 30 }],
    }),
  );
  assert.match(
    sentenceOf(found, 'under-way-at-the-stop'),
    /and 1 were cut off; of \d+ streams 1; the process ended after 0\.02 s with SIGKILL$/,
  );
  assert.match(sentenceOf(found, 'refused-meanwhile'), /^of 3 requests .* 2 were refused and 1 were lost$/);
  assert.match(sentenceOf(found, 'time-to-ready'), /^ready 2 s after the start at most/);
  assert.match(sentenceOf(found, 'first-requests'), /400 ms more than usual/);
  assert.match(sentenceOf(found, 'stampede'), /^2 of 3 requests/);
  assert.equal(found.find(({ id }) => id === 'settled')!.value, 0);
});

test('GoneBeforeTheNextRequest: what a stop cuts off within the milliseconds before the next request is sent was under way at it', () => {
  const phase = 'restart-1';
  const before = Array.from({ length: 20 }, (_, i) => note({ sent: i * 50, end: 40 }));
  // The phase begins at 1000 ms and asks for the stop, the process is gone at 1003, and the next request is sent at 1008.
  const cut = [note({ sent: 960, end: 43, outcome: 'reset' }), note({ sent: 980, end: 23, outcome: 'reset' })];
  const later = Array.from({ length: 40 }, (_, i) => note({ phase, sent: 1008 + i * 50 }));
  const phases = [
    { phase: 'before', start_s: 0, end_s: 1 },
    { phase, start_s: 1.008, end_s: 3 },
  ] as unknown as Observed['phases'];
  const found = restartFindings(observed({ phases, requests: [...before, ...cut, ...later] }));
  assert.match(
    sentenceOf(found, 'under-way-at-the-stop'),
    /^of 2 requests under way at 1 stops 0 ended .* and 2 were cut off/,
  );
});

/**
 * Three restarts after a time of which `usual` says what a request takes. `first` says what the first one takes then,
 * `beside` those that are sent before it is answered, so many ms after it, and `after` those that are sent just after it.
 */
function threeRestarts(
  usual: (i: number) => number,
  first: (restart: number) => number,
  beside: (restart: number, sent: number) => number,
  after: (restart: number) => number = () => 100,
) {
  const taking = (ttft: number, more: Partial<RequestNote>) => note({ ttft, e2e: ttft, end: ttft, ...more });
  const before = Array.from({ length: 40 }, (_, i) => taking(usual(i), { sent: i * 25 }));
  return [1, 2, 3].flatMap((restart) => {
    const [phase, at] = [`restart-${restart}`, restart * 10_000];
    return [
      ...(restart === 1 ? before : []),
      note({ phase, sent: at, outcome: 'connect', end: 1 }),
      taking(first(restart), { phase, sent: at + 500 }),
      ...[0.05, 0.1, 0.6].map((part) => {
        const sent = part * first(restart);
        return taking(beside(restart, sent), { phase, sent: at + 500 + sent });
      }),
      ...[1.1, 1.3].map((part) => taking(after(restart), { phase, sent: at + 500 + part * first(restart) })),
      ...Array.from({ length: 40 }, (_, i) => taking(usual(i), { phase, sent: at + 3000 + 25 * i })),
    ];
  });
}

test('ABusyStartIsNoStampede: one of three first requests had slow ones beside it, because the process had just begun, and each was told to make its own preparation', () => {
  const told = (first: (restart: number) => number, beside: (restart: number) => number, usual = () => 100) =>
    restartFindings(observed({ requests: threeRestarts(usual, first, beside) }));
  const stampede = (found: ReturnType<typeof told>) => found.find(({ id }) => id === 'stampede')!;
  const once = stampede(
    told(
      (n) => (n === 1 ? 145 : 125),
      (n) => (n === 1 ? 145 : 100),
    ),
  );
  assert.equal(once.value, 1);
  assert.match(once.text, /in most cases nobody else pays$/);
  const always = stampede(
    told(
      () => 500,
      () => 490,
    ),
  );
  assert.equal(always.value, 4);
  assert.match(always.text, /with 3 of 3 first requests: each makes its own preparation$/);
  // Where requests take so different times anyway, 45 ms more are no preparation.
  const varied = restartFindings(
    observed({
      requests: threeRestarts(
        (i) => (i % 5 === 0 ? 150 : 100),
        () => 145,
        () => 145,
      ),
    }),
  );
  assert.match(stampede(varied).text, /^a first request costs so little more than the others/);
});

test('SlowForAll: all requests to a process that had just begun, or that stood in one line, were told to make their own preparation', () => {
  const stampede = (...[first, beside, after]: [number, (sent: number) => number, number]) =>
    restartFindings(
      observed({
        requests: threeRestarts(
          () => 100,
          () => first,
          (_, sent) => beside(sent),
          () => after,
        ),
      }),
    ).find(({ id }) => id === 'stampede')!;
  const line = stampede(500, () => 500, 480);
  assert.equal(line.value, 1);
  assert.match(line.text, /sent after they were answered: the whole target is slow then/);
  // All wait for the one preparation, and are answered when it has ended.
  const waited = stampede(500, (sent) => 500 - sent, 100);
  assert.equal(waited.value, 1);
  assert.match(waited.text, /^3 of 3 first requests .* the later they were sent, the less they took: they waited/);
  assert.equal(stampede(500, () => 490, 100).value, 4);
});

test('a first request that was quicker than those before the stop was told to take -299 ms more than usual', () => {
  const found = restartFindings(
    observed({
      requests: threeRestarts(
        () => 400,
        () => 101,
        () => 101,
      ),
    }),
  );
  assert.equal(
    sentenceOf(found, 'first-requests'),
    'the first request of a model after a start takes no longer than usual (299 ms less, median of 3)',
  );
});

test('what a stop cuts off was counted once more as failed when settled, and a 429 after the start as lost', () => {
  const usual = threeRestarts(
    () => 100,
    () => 100,
    () => 100,
  );
  const [stop] = usual.filter(({ phase }) => phase === 'restart-2');
  const cut = note({ phase: 'restart-1', sent: stop!.sent - 20, end: 25, outcome: 'truncated' });
  const throttled = note({ phase: 'restart-2', sent: stop!.sent + 400, end: 2, outcome: 'http_429', status: 429 });
  const found = restartFindings(observed({ requests: [...usual, cut, throttled].sort((a, b) => a.sent - b.sent) }));
  assert.match(sentenceOf(found, 'under-way-at-the-stop'), /and 1 were cut off/);
  assert.equal(found.find(({ id }) => id === 'settled')!.value, 0);
  assert.match(sentenceOf(found, 'refused-meanwhile'), /4 were refused and 0 were lost$/);
});

test('the phases of a restart that never happened say that no stop was seen', () => {
  const found = restartFindings(
    observed({ requests: Array.from({ length: 50 }, (_, i) => note({ phase: 'restart-1', sent: i * 20 })) }),
  );
  assert.equal(sentenceOf(found, 'time-to-ready').slice(0, 20), 'no stop was seen: no');
});
