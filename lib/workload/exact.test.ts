import assert from 'node:assert/strict';
import { test } from 'node:test';
import words from '../../data/words.json';
import { encodings } from '../../tools/commands/data/words';
import { exactPrompt } from './exact';

test('a prompt has exactly as many tokens as were asked for, in every public tokenizer, from 1 token to 30,000', () => {
  for (const tokens of [1, 2, 7, 8, 12, 13, 14, 15, 100, 999, 4096, 4110, 4111, 8192, 30_000])
    for (const own of ['a-1', 'a-2', 'another'])
      for (const [name, encode] of Object.entries(encodings))
        if (tokens < 9000 || name === 'o200k_base')
          assert.equal(encode(exactPrompt(tokens, own)).length, tokens, `${tokens} ${own} ${name}`);
});

test('no two of 20,000 prompts begin alike, and the same request has the same prompt', () => {
  const begins = new Set(Array.from({ length: 20_000 }, (_, i) => exactPrompt(20, `m3x-${i}`).split(' ', 5).join(' ')));
  assert.equal(begins.size, 20_000);
  assert.equal(exactPrompt(500, 'same'), exactPrompt(500, 'same'));
});

test('there are as many words as bits can choose, and none of them twice', () => {
  assert.ok(words.length >= 256 && Number.isInteger(Math.log2(words.length)));
  assert.equal(new Set(words).size, words.length);
});
