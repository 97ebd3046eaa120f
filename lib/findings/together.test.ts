import assert from 'node:assert/strict';
import { test } from 'node:test';
import { note } from '../truth/join.fixture';
import type { RequestNote } from '../truth';
import { cacheBlock, cachingFindings } from './caching';
import { failoverFindings } from './failover/findings';
import type { Observed } from './observed';
import { pipelineFindings } from './pipeline';

/*
 * Findings about what comes at the same time, on made data: look-ups that come together, lists that change, deployments
 * that all throttle.
 */
const observed = (requests: RequestNote[]) => ({ requests, timeline: [], phases: [] }) as Partial<Observed> as Observed;
const told = (found: readonly { id: string; text: string; value: number | null }[], id: string) =>
  found.find((each) => each.id === id) ?? { text: '', value: null };

/** Blocks whose key is new to all of them, 10 ms apart; `others` says what those take that come during a look-up of 80 ms. */
function blocks(others: (after: number) => number): RequestNote[] {
  const usual = Array.from({ length: 40 }, (_, i) =>
    note({ index: i, sent: i * 100, e2e: 3 }, { kind: 'refused', size: 'one-wrong-key' }),
  );
  const together = Array.from({ length: 10 * cacheBlock }, (_, i) => {
    const within = i % cacheBlock;
    const e2e = within === 0 ? 83 : others(10 * within);
    const sent = 10_000 + Math.floor(i / cacheBlock) * 1000 + 10 * within;
    return note({ index: 40 + i, sent, e2e }, { kind: 'refused', size: 'new-key-together' });
  });
  return [...usual, ...together];
}

test('a stampede is told from requests that wait for the look-up that is under way, and from those that do not wait', () => {
  const of = (others: (after: number) => number) => told(cachingFindings(observed(blocks(others))), 'key-stampede');
  assert.equal(of(() => 83).value, 1);
  assert.match(of(() => 83).text, /^a stampede: 70 of 70 requests .* \(80\.0 ms each\)/);
  assert.equal(of((after) => 83 - after).value, 0, 'they end with the first one');
  assert.equal(of(() => 3).value, 0);
});

test('NoLookUpNoStampede: a new key cost no more than a known one beyond chance, and a third of its requests were told to make a look-up of 81 ms of their own', () => {
  // The target stands still at times: what a request takes has nothing to do with its key.
  const pairs = Array.from({ length: 60 * cacheBlock }, (_, i) => {
    const [block, size] = [Math.floor(i / cacheBlock), Math.floor(i / cacheBlock) % 2 ? 'new-keys' : 'one-wrong-key'];
    const e2e = (block * 7) % 11 < 6 ? 3 : 160;
    return note({ index: 1000 * cacheBlock + i, sent: 50_000 + i * 100, e2e }, { kind: 'refused', size });
  });
  const found = cachingFindings(observed([...pairs, ...blocks(() => 83)]));
  assert.equal(told(found, 'key-stampede').value, 0);
  assert.match(told(found, 'key-stampede').text, /^a new key costs no more than a known one, so there is nothing/);
  assert.doesNotMatch(found.map(({ text }) => text).join(), /-0\.0/);
});

test('ManyMsMoreOrNone: where a new key seems to cost 20 ms and may cost nothing, it was told to cost no more, and a stampede passed', () => {
  const pairs = Array.from({ length: 60 * cacheBlock }, (_, i) => {
    const block = Math.floor(i / cacheBlock);
    const e2e = block % 2 ? [3, 43, 83][((block - 1) / 2) % 3]! : 3;
    const size = block % 2 ? 'new-keys' : 'one-wrong-key';
    return note({ index: 1000 * cacheBlock + i, sent: 50_000 + i * 100, e2e }, { kind: 'refused', size });
  });
  const { value, text } = told(cachingFindings(observed([...pairs, ...blocks(() => 83)])), 'key-stampede');
  assert.equal(value, null);
  assert.match(text, /^whether a new key costs more than a known one is not known: 20\.0 ms \[0\.0, 40\.0\]/);
});

test('where prompts take between 60 and 500 ms whatever is kept, it was told that nothing is kept', () => {
  const all = Array.from({ length: 30 * cacheBlock }, (_, i) => {
    const block = Math.floor(i / cacheBlock);
    const size = block % 2 ? 'same-prefix' : 'new-prompts';
    return note({ index: i, sent: i * 100, ttft: 60 + ((block * 7) % 11) * 40, e2e: 600 }, { kind: 'chat', size });
  });
  const text = told(cachingFindings(observed(all)), 'prefix-cache').text;
  assert.match(text, /^whether a prompt whose beginning was just sent gets its first token sooner is not known/);
  const steady = all.map((each) => ({ ...each, ttft: 60 }));
  assert.match(told(cachingFindings(observed(steady)), 'prefix-cache').text, /no beginning of a prompt is kept$/);
});

test('old lists after the first new one are counted, and a change at one moment is none', () => {
  const lists = (of: (i: number) => number, key: (i: number) => number = () => 1) =>
    told(
      pipelineFindings(
        observed(
          Array.from({ length: 40 }, (_, i) =>
            note({ index: i, sent: i * 100, e2e: 3 }, { kind: 'models', size: 'list', list: of(i), key: key(i) }),
          ),
        ),
      ),
      'list-changes',
    );
  const late = lists((i) => (i < 20 || (i < 30 && i % 2 === 1) ? 1 : 2));
  assert.equal(late.value, 0.9);
  assert.match(late.text, /: of 19 lists after the first new one 5 were old, for 0\.9 s: those who serve it/);
  assert.match(lists((i) => (i < 20 ? 1 : 2)).text, /and no old one came after the first new one$/);
  assert.match(lists(() => 1).text, /^all 40 lists of the models are the same$/);
  // Keys that may use different models: the run said that old lists came for four seconds.
  const [ofTwo, both] = [
    (i: number) => i % 2,
    lists(
      (i) => i % 2,
      (i) => i % 2,
    ),
  ];
  assert.equal(both.value, 0);
  assert.match(both.text, /^all 40 lists of the models are the same, of each key$/);
  assert.match(
    lists((i) => ofTwo(i) + (i < 20 || i % 8 === 0 ? 0 : 2), ofTwo).text,
    /of 18 lists .* 2 were old, for 1\.2 s/,
  );
});

test('requests for which every deployment throttled are not counted as failed: nobody could have answered them', () => {
  const of = (phase: string, outcome: RequestNote['outcome'], from: number) =>
    Array.from({ length: 20 }, (_, i) => note({ phase, outcome, index: from + i, sent: (from + i) * 50 }, {}));
  const found = failoverFindings(
    observed([...of('before', 'ok', 0), ...of('all-429', 'http_429', 20), ...of('after-all-429', 'ok', 40)]),
  );
  assert.match(told(found, 'requests-failed').text, /^0 of 40 requests failed; those while every deployment throttled/);
  const other = failoverFindings(observed([...of('before', 'ok', 0), ...of('503', 'http_5xx', 20)]));
  assert.equal(told(other, 'requests-failed').value, 0.5);
});
