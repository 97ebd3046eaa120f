import assert from 'node:assert/strict';
import { test } from 'node:test';
import { countTokens } from 'gpt-tokenizer/encoding/o200k_base';
import { DirectiveError, directiveText, parseDirective } from './directive';

test('no directive leaves everything to the model', () => {
  assert.deepEqual(parseDirective('Tell me about [[brackets]] and sim.'), { at: 'provider' });
});

test('all settings are read', () => {
  const read = parseDirective(
    'Hi [[sim id=abc ttft=200 rate=50 tokens=100 jitter=0 chunk=1 fault=cut after=5 delay=3000 at=gateway echo=1 overhead=5 overhead_chunk=0.5]] there',
  );
  assert.deepEqual(read, {
    id: 'abc',
    ttft_ms: 200,
    tokens_per_second: 50,
    tokens: 100,
    jitter: 0,
    tokens_per_chunk: 1,
    fault: { name: 'cut', after: 5, delay_ms: 3000 },
    at: 'gateway',
    echo: true,
    overhead_ms: 5,
    overhead_chunk_ms: 0.5,
  });
});

test('what a directive adds to a prompt can be taken off again, to the token', () => {
  for (const text of ['Is it open on Monday?', 'A sentence.', 'word', 'Costs 3 500 (approx)', 'é ü']) {
    const whole = `${text} [[sim id=mabc12-17 echo=1 tokens=100]]`;
    assert.equal(countTokens(whole) - countTokens(directiveText(whole)), countTokens(text), whole);
  }
  assert.equal(directiveText('no directive'), '');
});

test('a line break between the settings is a blank', () => {
  assert.equal(parseDirective('[[sim ttft=1\ntokens=2]]').tokens, 2);
});

const malformed: [string, RegExp][] = [
  ['[[sim ttft=fast]]', /ttft is "fast", but must be a number from 0 to 3600000 \(ms\)/],
  ['[[sim ttft=]]', /ttft is ""/],
  ['[[sim ttft=-1]]', /ttft is "-1"/],
  ['[[sim tokens=1.5]]', /tokens is "1.5", but must be a whole number/],
  ['[[sim tokens=0]]', /from 1 to/],
  ['[[sim jitter=2]]', /jitter is "2"/],
  ['[[sim speed=3]]', /"speed" is not a name; the names are id, ttft/],
  ['[[sim fault=explode]]', /fault is "explode", but must be one of 429, 500/],
  ['[[sim at=home]]', /at is "home", but must be provider or gateway/],
  ['[[sim ttft]]', /"ttft" has no value; write ttft=value/],
  ['[[sim ttft=1 ttft=2]]', /"ttft" is given twice/],
  ['[[sim ttft=1', /is not closed/],
  ['[[sim ttft=1]] [[sim ttft=2]]', /more than one/],
];

for (const [text, sentence] of malformed) {
  test(`refuses ${text}`, () => {
    assert.throws(
      () => parseDirective(text),
      (error: Error) => error instanceof DirectiveError && sentence.test(error.message),
    );
  });
}
