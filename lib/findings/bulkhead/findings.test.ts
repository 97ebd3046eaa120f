import assert from 'node:assert/strict';
import { test } from 'node:test';
import bulkhead from '../../../thresholds/bulkhead.json';
import { parseObjectives } from '../../objectives';
import { judgeFinding } from '../../verdict';
import { bulkheadFindings } from './findings';
import { observedOf, type Shared } from './gateway.fixture';

function said(shared: Shared, size: number) {
  const found = bulkheadFindings(observedOf(shared, size));
  const text = (id: string) => found.find((each) => each.id === id)!.text;
  return { found, text, all: found.map((each) => each.text).join('\n') };
}

test('a gateway that shares nothing: no cause is named, and it is said what would not have shown', () => {
  const { text, all } = said('nothing', 1);
  assert.doesNotMatch(all, /share. (some|calls)|is held|stand still/);
  assert.match(
    text('ttft-hung'),
    /there is no sign that the two share anything\. A change of less than [\d.]+ ms would not show, and neither would a pool of 120 places or more, because 120 calls to sick were in flight at once and no more/,
  );
});

test('OnlySurvivorsWereLookedAt: streams that need a place for their key check wait too, and the pool is 15', () => {
  const { text, all } = said('key', 15);
  assert.match(
    all,
    /something is held for as long as a plain call lasts.*While calls waited, 15 plain calls were in flight at the providers, and no more; of streams there were up to \d+\. Streams wait too: each seems to need such a place for a moment, as for the check of its key\. Let it go before the provider is called/,
  );
  assert.doesNotMatch(all, /Streams do not wait|pool of connections|Give each provider its own/);
  assert.match(text('ttft-hung'), /TTFT is 1\d{3} ms longer|got no answer that ended well/);
});

test('a pool that plain calls alone use: streams do not wait, and no sentence says that they do', () => {
  const { text, all } = said('plain', 15);
  assert.match(text('plain-calls-hung'), /15 plain calls were in flight.*\. Streams do not wait\. Let it go/);
  // NoSignBesideAPool: the same phase said that the two share nothing, and that plain calls wait for what both hold.
  assert.match(text('ttft-hung'), /, so its streams feel nothing of what is told below$/);
  assert.doesNotMatch(all, /Streams wait too|Give each provider its own/);
});

test('one pool for all calls is told from one that plain calls hold, with its size', () => {
  const { all } = said('all', 12);
  assert.match(all, /12 calls were in flight at the providers, and no more: so it is one pool of 12 connections/);
  assert.doesNotMatch(all, /as long as a plain call lasts/);
});

/** A run of a gateway that shares nothing, in which each request of these phases reaches its provider so much later. */
function slower(by: Record<string, number>) {
  const { requests, truth = [], ...rest } = observedOf('nothing', 1);
  const late = new Map(requests.map(({ id, phase }, i) => [id, (by[phase] ?? 0) + (i % 7) / 4]));
  const all = bulkheadFindings({
    ...rest,
    requests: requests.map((each) => (each.ttft < 0 ? each : { ...each, ttft: each.ttft + late.get(each.id)! })),
    truth: truth.map((each) => ({ ...each, received_ns: each.received_ns + 1e6 * late.get(each.id!)! })),
  });
  return all.map(({ text }) => text).join('\n');
}

test('APoolOfSixInvented: a gateway that is slower since the first phase was told to have a pool of 6, while 120 calls were in flight in another phase', () => {
  const all = slower({ beside: 52, slow: 52, between: 52, hung: 52, after: 52 });
  assert.match(
    all,
    /nothing that calls to sick hold: in phase hung 1\d\d of these were in flight, and the wait was no lon/,
  );
  assert.doesNotMatch(all, /and no more: so it is one pool|Give each provider its own/);
  assert.doesNotMatch(all, /no sign that the two share anything/, 'while it is told that calls wait');
});

test('NoSignAndTwoThirdsFail: where the other hangs and two thirds of the requests fail, it was told that nothing is shared', () => {
  const observed = observedOf('nothing', 1);
  const requests = observed.requests.map((each, i) =>
    each.phase === 'hung' && each.model === 'well' && i % 3 > 0 ? { ...each, outcome: 'http_5xx' as const } : each,
  );
  const hung = bulkheadFindings({ ...observed, requests }).find(({ id }) => id === 'ttft-hung')!;
  assert.match(hung.text, /, but more of its requests fail than in phase beside$/);
});

test('a change of less than 0.0 ms would not show, where streams were a little quicker', () => {
  const all = slower({ alone: 3 });
  assert.match(all, /shorter .* than in phase alone: there is no sign/);
  assert.doesNotMatch(all, /less than 0\.0 ms would not show/);
});

test('OneAfterTheOther: calls that wait at a lock were told to wait for an event loop, or for a pool of one connection', () => {
  const { all } = said('all', 1);
  assert.match(all, /no more than one call was in flight at the providers: one comes after the other/);
  assert.doesNotMatch(all, /event loop|it is one pool/);
});

test('FailedAtOnceWasToldToWait: a gateway whose database is down refuses all at once, and its calls were told to wait for an event loop', () => {
  const { requests, ...rest } = observedOf('nothing', 1);
  const refused = requests.map((each) => ({
    ...each,
    ...({ outcome: 'http_5xx', status: 503, ttft: -1, e2e: -1, end: 1, chunks: 0, gap: -1, gapMax: -1 } as const),
  }));
  const all = bulkheadFindings({ ...rest, requests: refused, truth: [] })
    .map(({ text }) => text)
    .join('\n');
  assert.match(all, /streams got no answer that ended well \(of \d+\), as in phase alone already/);
  assert.match(
    all,
    /while sick was to hang, of which no request had come to a provider, \d+ of \d+ requests for well failed/,
  );
  assert.doesNotMatch(all, /calls wait|event loop|sick hangs/);
});

test('EachRequestMadeTheNextSlower: a gateway that becomes slower with each request was told to share a pool of 6', () => {
  const { requests, truth = [], ...rest } = observedOf('nothing', 1);
  const late = new Map(requests.map(({ id }, place) => [id, 0.4 * place]));
  const all = bulkheadFindings({
    ...rest,
    requests: requests.map((each) => (each.ttft < 0 ? each : { ...each, ttft: each.ttft + late.get(each.id)! })),
    truth: truth.map((each) => ({ ...each, received_ns: each.received_ns + 1e6 * late.get(each.id!)! })),
  }).map(({ text }) => text);
  assert.match(
    all.join('\n'),
    /in phase alone already its provider was asked later with each request, by 40 ms for each 100 requests.*the target becomes slower with each request that it gets, whatever sick does/,
  );
  assert.doesNotMatch(all.join('\n'), /calls wait for something|one pool/);
});

test('TheLoopWasFree: calls that wait at a lock while streams flow were told that it may be an event loop', () => {
  const waiting = (gapMax: number) => {
    const { requests, truth = [], ...rest } = observedOf('nothing', 1);
    // From phase beside on each request waits 600 ms in the gateway; so long as that its client still gets its answer.
    const late = new Map(requests.map(({ id, phase }) => [id, phase === 'alone' ? 0 : 600]));
    return bulkheadFindings({
      ...rest,
      requests: requests.map((each) => {
        if (each.outcome !== 'ok') return each;
        const { ttft, e2e, end } = each;
        const by = late.get(each.id)!;
        return { ...each, ttft: ttft + by, e2e: e2e + by, end: end + by, gapMax: each.gapMax < 0 ? -1 : gapMax };
      }),
      truth: truth
        .filter(({ id }) => !id || requests.find((each) => each.id === id)!.phase !== 'hung')
        .map((each, i) => ({
          ...each,
          received_ns: each.received_ns + 1e6 * late.get(each.id!)!,
          end_ns: each.end_ns! + 1e6 * late.get(each.id!)! + 1e6 * (i % 5) * 90,
        })),
    })
      .map(({ text }) => text)
      .join('\n');
  };
  const flowing = waiting(12);
  assert.match(flowing, /streams under way went on, so it is neither a pool/);
  assert.doesNotMatch(flowing, /event loop/);
  // Waits are 600 ms: an event loop that has requests wait for so long has chunks wait for a round of them at the least.
  assert.match(waiting(100), /it may be an event loop or a CPU that has no time left/);
});

test('TheRemediesContradicted: a run names one cause, once, and later phases refer to it', () => {
  for (const shared of ['all', 'plain', 'key'] as const) {
    const { all } = said(shared, 12);
    assert.equal(all.match(/Give each provider its own|Let it go before/g)?.length, 1, shared);
  }
});

test('without the provider’s record no number is named, and no cause is claimed that only it could show', () => {
  const { truth: _, ...outside } = observedOf('key', 15);
  const all = bulkheadFindings(outside)
    .map(({ text }) => text)
    .join('\n');
  assert.doesNotMatch(all, /in flight at the providers/);
  assert.match(all, /calls wait for something that both share\. It may be a pool/);
});

test('TheOutageOutlastedTheTrouble: requests that fail although the other provider is well again miss an objective', () => {
  const { findings: limits } = parseObjectives(bulkhead, 'thresholds/bulkhead.json');
  const objective = limits.find(({ finding }) => finding === 'failed-after')!;
  const observed = observedOf('nothing', 1);
  const stateOf = (share: number) => {
    const requests = observed.requests.map((request, i) =>
      request.phase === 'after' && i % 10 < 10 * share ? { ...request, outcome: 'http_5xx' as const } : request,
    );
    const made = bulkheadFindings({ ...observed, requests }).find(({ id }) => id === 'failed-after')!;
    return judgeFinding(objective, made, { elapsed: 80_000, phases: [] }).state;
  };
  assert.equal(stateOf(0.4), 'missed');
  assert.equal(stateOf(0), 'ok');
});
