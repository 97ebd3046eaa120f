import assert from 'node:assert/strict';
import { test } from 'node:test';
import { random } from '../statistics';
import { ceilingOf, heldAfter, limitsOf, scalability, throughput, type Ladder, type Rung } from '.';

/*
 * Ladders made by formula: what N in flight meet in each kind of target, with 3 % of noise.
 */
const numbers = [1, 2, 4, 8, 16, 32, 64, 128, 256, 512];
const seconds = 10;
let draws = 0;
const noisy = (value: number) => value * (0.97 + 0.06 * random(5, draws++).next());

interface Target {
  /** ms that the provider takes. */
  service: number;
  places?: number;
  after?: number;
  /** ms of one core that each request takes. */
  cpu?: number;
  /** CPU grows by such a share for each in flight. */
  growth?: number;
  limit?: number;
  perSecond?: number;
  /** ms for which each request has something to itself. */
  turn?: number;
}

function ladder(
  kind: string,
  { service, places = Infinity, after = 0, cpu = 0, growth = 0, limit, perSecond, turn = 0 }: Target,
): Ladder {
  const rungs = numbers.map((inFlight): Rung => {
    const work = cpu * (1 + growth * inFlight);
    const busy = Math.max(0, inFlight * work - service);
    const pool = Math.max(0, (inFlight * (service + after)) / places - service);
    const turns = Math.max(0, inFlight * turn - service);
    const mean = noisy(service + Math.max(busy, pool, turns));
    const most = limit !== undefined ? (Math.min(inFlight, limit) * 1000) / service : Infinity;
    const rate = Math.min((inFlight * 1000) / mean, most, perSecond ?? Infinity);
    const refused = rate < ((inFlight * 1000) / mean) * 0.97;
    return {
      inFlight,
      seconds,
      ok: Math.round(rate * (seconds + mean / 1000)),
      failed: refused ? { http_5xx: Math.round((inFlight - (rate * mean) / 1000) * 4 * seconds) } : {},
      mean,
      bystander: noisy(1 + busy),
    };
  });
  return { kind, rungs };
}

const found = (...ladders: Ladder[]) => limitsOf(ladders.map((each) => ceilingOf(each)!));
const near = (value: number, wanted: number, share = 0.06) =>
  assert.ok(Math.abs(value - wanted) <= share * wanted, `${value}, wanted ${wanted}`);

test('a pool of 15 that plain calls hold: their ceilings are 15 whatever they take, streams have none', () => {
  const [stream, plain, embedding] = found(
    ladder('stream', { service: 300 }),
    ladder('plain', { service: 300, places: 15 }),
    ladder('embedding', { service: 60, places: 15 }),
  );
  assert.deepEqual(
    [stream, plain, embedding].map((each) => each!.nature),
    ['none', 'held', 'held'],
  );
  near(plain!.served, 15);
  near(embedding!.served, 15);
  assert.ok(plain!.between[0] > 13.5 && plain!.between[1] < 16.5);
  near(plain!.rate, 50);
});

test('a place that is held after the request: the line through two kinds tells places and time', () => {
  const limits = found(
    ladder('plain', { service: 300, places: 20, after: 200 }),
    ladder('embedding', { service: 50, places: 20, after: 200 }),
  );
  const { places, after } = heldAfter(limits)!;
  near(places, 20, 0.3);
  near(after, 200, 0.3);
  assert.equal(
    heldAfter(found(ladder('plain', { service: 300, places: 15 }), ladder('embedding', { service: 60, places: 15 }))),
    undefined,
  );
});

test('one core that each request needs: all stop at their rate, and what needs nothing else waits with them', () => {
  const [stream, list] = found(ladder('stream', { service: 300, cpu: 5 }), ladder('list', { service: 6, cpu: 5 }));
  assert.deepEqual([stream!.nature, list!.nature], ['busy', 'busy']);
  near(stream!.rate, 200);
  near(list!.rate, 200);
});

test('a target that answers fewer the more come collapses, and is not called busy', () => {
  const [stream] = found(ladder('stream', { service: 300, cpu: 2, growth: 0.01 }));
  assert.equal(stream!.nature, 'collapse');
  assert.ok(stream!.kept < 0.7);
  assert.ok(stream!.law!.kappa > 0);
});

test('a limit of 40 at once with refusal is told from one of 40 a second by kinds that take different times', () => {
  const limited = found(ladder('plain', { service: 300, limit: 40 }), ladder('embedding', { service: 60, limit: 40 }));
  assert.deepEqual(
    limited.map(({ nature }) => nature),
    ['limit', 'limit'],
  );
  near(limited[0]!.served, 40, 0.1);
  assert.equal(limited[0]!.refusal, 'http_5xx');
  const metered = found(
    ladder('plain', { service: 300, perSecond: 40 }),
    ladder('embedding', { service: 60, perSecond: 40 }),
  );
  assert.deepEqual(
    metered.map(({ nature }) => nature),
    ['rate', 'rate'],
  );
  near(metered[1]!.rate, 40, 0.1);
});

test('PlacesThatNeverComeBack: a target that answers fewer the more it refuses has no limit of the rate, it is used up', () => {
  const rung = (inFlight: number, ok: number, http_5xx: number): Rung => ({
    ...{ inFlight, seconds: 0.5, ok, failed: { http_5xx }, mean: ok === 0 ? NaN : 290, bystander: 1 },
  });
  // As set 1 of `npm run plan:proof` met it: 16 connections to a database, of which a request in two keeps one for good.
  const rungs = [rung(1, 1, 0), rung(2, 2, 0), rung(4, 4, 0), rung(8, 8, 0), rung(16, 17, 2), rung(32, 2, 30)];
  for (const last of [rung(64, 3, 32), rung(64, 0, 32)]) {
    const [stream] = found({ kind: 'stream', rungs: [...rungs, last] });
    assert.equal(stream!.nature, 'used up');
    assert.deepEqual(stream!.refused, [8, 16]);
  }
});

test('EachInItsTurn: a process that serves all who wait a little each is busy, though a bystander waits for one round alone', () => {
  // Embeddings and model lists of LiteLLM, whose one core was full: at 64 in flight a bystander waits a fifth as long.
  const rung = (inFlight: number, mean: number, bystander: number): Rung => ({
    ...{ inFlight, seconds: 0.5, ok: inFlight, failed: {}, mean, bystander },
  });
  const rungs = [rung(2, 70, NaN), rung(4, 90, NaN), rung(8, 120, 6.8), rung(16, 170, 19.7), rung(32, 300, 52.7)];
  const embeddings = { kind: 'embedding', rungs: [...rungs, rung(64, 560, 69.3)] };
  assert.equal(limitsOf([ceilingOf(embeddings, 4.3)!])[0]!.nature, 'busy');
  // A pool of 8, whose bystanders do not wait, is held all the same.
  const free = embeddings.rungs.map((each) => ({ ...each, bystander: 5 }));
  assert.equal(limitsOf([ceilingOf({ kind: 'embedding', rungs: free }, 4.3)!])[0]!.nature, 'held');
});

test('a lock a key: only the ladder of one key waits, and the process is free', () => {
  const ceilings = [ladder('plain', { service: 100 }), ladder('one key', { service: 100, turn: 50 })].map(
    (each) => ceilingOf(each)!,
  );
  const [plain, one] = limitsOf(ceilings, { kind: 'one key', as: 'plain' });
  assert.deepEqual([plain!.nature, one!.nature], ['none', 'key']);
  near(1000 / one!.rate, 50);
});

test('something that each request needs for a moment, one after another, is neither a pool nor a busy process', () => {
  const limits = found(ladder('plain', { service: 300, turn: 10 }), ladder('embedding', { service: 60, turn: 10 }));
  assert.deepEqual(
    limits.map(({ nature }) => nature),
    ['turns', 'turns'],
  );
  near(limits[0]!.rate, 100);
});

test('the universal scalability law: its parameters are found again, and no knee where throughput does not fall', () => {
  const law = { lambda: 3, sigma: 0.02, kappa: 0.0005 };
  const points = numbers.map((inFlight) => ({ inFlight, rate: throughput(law, inFlight) }));
  const fitted = scalability(points)!;
  near(fitted.lambda, 3, 0.001);
  near(fitted.sigma, 0.02, 0.001);
  near(fitted.kappa, 0.0005, 0.001);
  near(fitted.knee, Math.sqrt(0.98 / 0.0005), 0.001);
  near(fitted.peak, throughput(law, fitted.knee), 0.001);
  const straight = scalability(numbers.map((inFlight) => ({ inFlight, rate: 3 * inFlight })))!;
  assert.deepEqual([straight.sigma, straight.kappa, straight.knee, straight.peak], [0, 0, Infinity, Infinity]);
  const flat = scalability(
    numbers.map((inFlight) => ({ inFlight, rate: noisy(inFlight / (1 + 0.1 * (inFlight - 1))) })),
  )!;
  near(flat.peak, 10, 0.1);
  assert.equal(scalability(points.slice(0, 3)), undefined, 'three numbers cannot tell three parameters');
});

test('a ladder of which no rung was answered has no ceiling', () => {
  assert.equal(
    ceilingOf({
      kind: 'plain',
      rungs: [{ inFlight: 1, seconds, ok: 0, failed: { reset: 40 }, mean: NaN, bystander: NaN }],
    }),
    undefined,
  );
});

test('ThreeThatStalled: three plain calls one after the other that a provider stalled were told to be a limit of 294 a second, one at a time', () => {
  const rung = (inFlight: number, mean: number): Rung => ({
    ...{ inFlight, seconds: 0.5, ok: Math.round((inFlight * 500) / mean) + 1, failed: {}, mean, bystander: 1 },
  });
  const rungs = [rung(1, 540), ...[2, 4, 8, 16, 32, 64].map((n) => rung(n, 215))];
  assert.equal(found({ kind: 'plain', rungs })[0]!.nature, 'none');
});

test('AQuarterOfAMillisecond: requests that take no time at all vary more than they wait, and have no ceiling', () => {
  const rung = (inFlight: number, mean: number): Rung => ({
    ...{ inFlight, seconds, ok: 4000 * seconds, failed: {}, mean, bystander: mean },
  });
  const ceiling = ceilingOf({ kind: 'refused', rungs: [rung(1, 0.16), rung(2, 0.17), rung(4, 0.41), rung(8, 0.4)] })!;
  assert.equal(limitsOf([ceiling])[0]!.nature, 'none');
  near(ceiling.answered, 4000);
});
