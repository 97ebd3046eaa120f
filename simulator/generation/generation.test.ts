import assert from 'node:assert/strict';
import { test } from 'node:test';
import { countTokens } from 'gpt-tokenizer/encoding/o200k_base';
import { countTokens as countCl100k } from 'gpt-tokenizer/encoding/cl100k_base';
import { defaultConfig } from '../settings/config';
import type { ProviderModel } from '../settings/types';
import { parseDirective } from './directive';
import { chooseFault, echoOf, planGeneration, textFrom } from './generation';
import { seededRandom } from './random';
import { words } from './text';
import { promptTokens, tokensOf } from './tokens';

const model = defaultConfig().provider.models.claude_3_haiku as ProviderModel;
const plan = (directive: string, maxTokens: number | null = null, change: Partial<ProviderModel> = {}, seed = 1) =>
  planGeneration({ ...model, ...change }, parseDirective(directive), 1000, maxTokens, seededRandom(seed, 1));
const sum = (values: readonly number[]) => values.reduce((a, b) => a + b, 0);

test('the rate from the first to the last chunk is the set one, whatever the chunk size', () => {
  for (const chunk of [1, 3, 4, 7]) {
    const { tokens, sizes, dues } = plan(`[[sim ttft=200 rate=50 tokens=60 jitter=0 chunk=${chunk}]]`);
    assert.equal(sum(sizes), 60);
    assert.equal(dues[0], 200e6);
    const seconds = ((dues[dues.length - 1] ?? 0) - (dues[0] ?? 0)) / 1e9;
    assert.ok(Math.abs((tokens - 1) / seconds - 50) < 1e-6);
  }
});

test('an echo is in the first chunk, counted to the token and never cut, and leaves the times alone', () => {
  const directive = parseDirective('[[sim id=r1-7 echo=1 ttft=200 rate=50 tokens=60 jitter=0 chunk=3]]');
  const echo = echoOf(directive, 42);
  assert.equal(echo, 'r1-7.42 ');
  for (const cap of [null, 20, 2]) {
    const echoed = planGeneration(model, directive, 1000, cap, seededRandom(1, 1), echo);
    let [text, sent] = ['', 0];
    for (const size of echoed.sizes) {
      text += textFrom(echoed, 5, sent, size);
      sent += size;
    }
    assert.equal(countTokens(text), echoed.tokens, text);
    assert.match(text, /^r1-7\.42 \S/);
    assert.equal(text, textFrom(echoed, 5, 0, echoed.tokens), 'the same as a whole');
    assert.equal(echoed.dues[0], 200e6);
    if (cap === 20) assert.equal(echoed.tokens, 20);
  }
  assert.equal(echoOf(parseDirective('[[sim id=r1-7]]'), 42), '', 'only where it is asked for');
});

test('jitter moves chunks around their deadlines, in order, and leaves the first alone', () => {
  const even = plan('[[sim ttft=200 rate=50 tokens=90 jitter=0 chunk=1]]').dues;
  const jittered = plan('[[sim ttft=200 rate=50 tokens=90 jitter=1 chunk=1]]').dues;
  assert.equal(jittered[0], even[0]);
  assert.ok(jittered.every((due, index) => Math.abs(due - (even[index] ?? 0)) <= 10e6 + 1));
  assert.ok(jittered.every((due, index) => index === 0 || due >= (jittered[index - 1] ?? 0)));
  assert.notDeepEqual(jittered, even);
});

test('max_tokens cuts the answer and says length', () => {
  assert.deepEqual([plan('[[sim tokens=60]]', 10).tokens, plan('[[sim tokens=60]]', 10).finish_reason], [10, 'length']);
  assert.equal(plan('[[sim tokens=10]]', 10).finish_reason, 'stop');
});

test('the same seed draws the same plan, a drawn length is whole chunks', () => {
  assert.deepEqual(plan(''), plan(''));
  assert.notDeepEqual(plan(''), plan('', null, {}, 2));
  for (let seed = 0; seed < 50; seed += 1)
    assert.ok(
      plan('', null, {}, seed)
        .sizes.slice(1)
        .every((size) => size === model.tokens_per_chunk),
    );
});

test('a longer prompt costs time to the first token', () => {
  assert.equal(plan('', null, { ttft_ms: 100, ttft_per_1k_prompt_tokens_ms: 40 }).dues[0], 140e6);
});

test('failure_share gives that share of the requests the failure, a fault at the gateway gives the provider none', () => {
  const often = { ...model, failure_share: 0.3, failure: '503' as const };
  const faults = Array.from({ length: 1000 }, (_, index) =>
    chooseFault(often, { at: 'provider' }, seededRandom(1, index)),
  );
  const share = faults.filter((fault) => fault?.name === '503').length / 1000;
  assert.ok(share > 0.25 && share < 0.35, `share ${share}`);
  assert.equal(chooseFault(model, parseDirective('[[sim fault=cut at=gateway]]'), seededRandom(1, 1)), null);
});

test('n words are n tokens, in chunks and as a whole, in two encodings', () => {
  for (const from of [0, 50, 115, 900]) {
    const pieces = [words(from, 1, true), words(from + 1, 200, false)];
    assert.equal(countTokens(pieces.join('')), 201);
    assert.equal(countCl100k(pieces.join('')), 201);
    assert.equal(words(from, 201, true), pieces.join(''));
  }
});

test('prompt tokens: contents and the template, special tokens as plain text', async () => {
  assert.equal(await promptTokens(['hello', 'hello world']), 3 + 4 + 1 + 4 + 2);
  assert.ok((await tokensOf('a<|endoftext|>b')) > 3);
});

test('a long text counted in pieces has exactly the tokens of the whole', async () => {
  const parts = [
    'the plan',
    "don't  stop",
    'Wörter, 東京!',
    '3.14 x',
    'CamelCase words',
    '\n\n  - item',
    'e-mail a@b.c',
    'tail. ',
    'iPhone naïve',
  ];
  const random = seededRandom(3, 0);
  for (let round = 0; round < 20; round += 1) {
    let text = '';
    while (text.length < 12_000) text += `${parts[Math.floor(random() * parts.length)]}${random() < 0.8 ? ' ' : ''}`;
    assert.equal(await tokensOf(text), countTokens(text));
  }
});
