import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Observed, ProbeNote } from '../observed';
import { limitFindings } from './limit';
import { searchLimit } from './search-limit';

/** A target that takes prompts of up to `limit` tokens. */
function target(limit: number, refusal: Partial<ProbeNote> = {}) {
  return (tokens: number): ProbeNote =>
    tokens <= limit
      ? { model: 'm', tokens, outcome: 'ok', status: 200, ms: 300, promptTokens: tokens, said: '' }
      : {
          model: 'm',
          tokens,
          outcome: 'http_4xx',
          status: 400,
          ms: 9,
          promptTokens: -1,
          said: "This model's maximum context length is ...",
          ...refusal,
        };
}
const search = (ask: (tokens: number) => ProbeNote, documented = 200_000, works = 150_000) =>
  searchLimit({ documented, answer: 32, works, ask, mayGoOn: () => true });
const texts = (probes: ProbeNote[]) =>
  limitFindings({ probes } as Partial<Observed> as Observed).map(({ text }) => text);

test('a model that keeps what is documented needs two probes, and one token over its limit is told as refused', () => {
  const probes = search(target(200_000));
  assert.deepEqual(
    probes.map(({ tokens }) => tokens),
    [199_968, 200_001],
  );
  assert.deepEqual(texts(probes), [
    'm: the largest prompt that works has 199,968 tokens, 100 % of the 199,968 that are documented',
    'm: a prompt of 200,001 tokens is refused with status 400 after 9 ms, which says why',
  ]);
});

test('a limit below what is documented is found within a thousandth, by halves', () => {
  const probes = search(target(131_072), 200_000, 120_000);
  const works = Math.max(...probes.filter(({ outcome }) => outcome === 'ok').map(({ tokens }) => tokens));
  assert.ok(works <= 131_072 && works > 0.998 * 131_072, String(works));
  assert.ok(probes.length <= 14, String(probes.length));
  assert.match(
    texts(probes)[0]!,
    /the largest prompt that works has 13\d,\d{3} tokens, 65\.\d % of the 199,968 that are documented/,
  );
});

test('a limit above what is documented is looked for up to twice the size, and none is told as none', () => {
  assert.match(texts(search(target(300_000)))[0]!, /has (299|300),\d{3} tokens, 150 %/);
  assert.match(texts(search(target(Infinity)))[1]!, /no limit was met, up to 400,000 tokens every prompt works/);
});

test('a failure of the server near the limit is tried again; a refusal and a silence are not', () => {
  let calls = 0;
  const flaky = (tokens: number) => {
    calls++;
    return calls === 1 ? target(0, { outcome: 'http_5xx', status: 503 })(tokens) : target(200_000)(tokens);
  };
  assert.match(texts(search(flaky))[0]!, /^m: the largest prompt that works has 199,968/);
  const silent = search(target(200_000, { outcome: 'timeout_first', status: 0, ms: 10_000 }));
  assert.equal(silent.length, 2);
  assert.match(texts(silent)[1]!, /a prompt of 200,001 tokens hangs: no answer within 10 s/);
});

test('an answer to a part of the prompt is not taken for one that works, as the usage tells', () => {
  const cut = (tokens: number): ProbeNote => ({ ...target(Infinity)(tokens), promptTokens: Math.min(tokens, 8000) });
  assert.match(texts(search(cut, 8000, 7000))[1]!, /is answered, with [\d,]+ of its tokens dropped/);
});

test('a target of which no prompt works was told to refuse one over the limit badly, with a prompt that is within it', () => {
  const none = search(target(0, { outcome: 'http_429', status: 429, said: 'slow down' }), 4000, 0);
  const [, over] = limitFindings({ probes: none } as Partial<Observed> as Observed);
  assert.deepEqual([over!.value, over!.missed], [null, undefined]);
  assert.match(over!.text, /^m: what a prompt over the limit gets is not known: every prompt gets the same/);
});

test('a target that hangs with every prompt was asked for each half, a time-out long each', () => {
  const hangs = search(target(0, { outcome: 'timeout_first', status: 0, ms: 30_000 }), 4000, 0);
  assert.deepEqual(
    hangs.map(({ tokens }) => tokens),
    [3968, 31],
  );
  const small = search(target(600), 4000, 0);
  const works = Math.max(...small.filter(({ outcome }) => outcome === 'ok').map(({ tokens }) => tokens));
  assert.ok(works > 560 && works <= 600, `a limit of 600 is found all the same: ${works}`);
});
