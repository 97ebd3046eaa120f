import assert from 'node:assert/strict';
import { test } from 'node:test';
import prices from '../../data/prices.json';
import { parsePrices } from '../cost';
import { phases } from '../load';
import type { Workload } from '../workload';
import { parseObjectives } from '../objectives';
import { cautionsOf, unlimitedAnswers } from './cautions';
import { forecast, type Sending } from './forecast';

/** Each call is a chat of 100 tokens. */
const workload: Workload = {
  kinds: ['chat'],
  next: () => ({ kind: 'chat', size: 'small', messages: [], tokens: 100 }),
};
const sending: Sending = {
  load: phases({ ramp: { rate: 50, in: '10s', for: '0s' }, load: { rate: 50, for: '20s' } }),
  closed: false,
  users: 4,
  workload,
  models: ['claude_3_haiku'],
  embeddingModel: 'cohere_english_v3',
  seed: 1,
  prices: parsePrices(prices, 'data/prices.json'),
  pricesFrom: 'data/prices.json',
};

test('one line says what will be sent: requests, rate, duration, tokens, and about what it costs', () => {
  // 1250 requests: 125,000 tokens in at 0.25 a million, 250,000 out at 1.25.
  assert.equal(
    forecast(sending),
    'this run sends about 1250 requests in 30 s, at most 50 in a second; they have about 125000 tokens in prompts, and 250000 in answers if one has 200 tokens (MAX_TOKENS limits them); that costs about USD 0.344 by data/prices.json',
  );
});

test('a limit of the answers makes the guess of their length needless, and PROMPT_TOKENS that of the prompts', () => {
  const text = forecast({ ...sending, maxTokens: 10, promptTokens: 1000 });
  assert.match(text, /about 1250000 tokens in prompts, and at most 12500 in answers; that costs about USD 0.328/);
});

test('no cost is made up for a model without a price: what is missing is named', () => {
  assert.match(forecast({ ...sending, models: ['gpt-x'] }), /; no price is known for gpt-x$/);
  assert.match(
    forecast({ ...sending, models: ['claude_3_haiku', 'gpt-x'] }),
    /costs about USD 0\.172 by data\/prices\.json, without what has no price: gpt-x$/,
  );
});

test('a closed load cannot say how many requests there will be, and says what 1000 of them are', () => {
  assert.match(
    forecast({ ...sending, closed: true }),
    /as many requests as the target answers to 4 users without pause in 30 s; each 1000 of them have about 100000 tokens/,
  );
});

test('what a load is too small for counts only the requests that an objective is about: streams, a size, a model', () => {
  const objectives = parseObjectives(ttftOfStreams, 'test.json');
  const told = (rate: number, plainShare: number) =>
    cautionsOf(
      {
        load: phases({ load: { rate, for: '10s' } }),
        objectives,
        closed: false,
        workload,
        p: { seed: 1, plainShare, models: ['a', 'b'] },
      },
      10,
    ).join();
  // 400 requests, half of them streams, half of these of each model: 100 of the 132 that a p95 needs.
  assert.match(
    told(40, 0.5),
    /too small to judge "TTFT p95" \(132 requests are needed, and about 100 are sent\): DURATION=14s/,
  );
  assert.equal(told(40, 0), '');
});

test('TalkativeModelsFailed: without MAX_TOKENS a limit of the whole answer is told to depend on how much the model says', () => {
  const objectives = parseObjectives(
    {
      row: 'test',
      objectives: [
        { name: 'response time', metric: 'llm_e2e', stat: 'p95', below: 2000, source: 'test' },
        {
          name: 'response time, chats',
          metric: 'llm_e2e',
          stat: 'p95',
          below: 2000,
          tags: { kind: 'chat' },
          source: 'test',
        },
        { name: 'single', metric: 'llm_e2e', stat: 'p95', below: 200, tags: { size: 'single' }, source: 'test' },
        { name: 'first token', metric: 'llm_ttft', stat: 'p95', below: 500, source: 'test' },
        { name: 'refused', metric: 'llm_e2e', stat: 'p95', below: 10, tags: { phase: 'probes' }, source: 'test' },
        { name: 'short', metric: 'llm_e2e', stat: 'p95', below: 10, tags: { size: 'short' }, source: 'test' },
      ],
    },
    'test.json',
  );
  const about = {
    objectives,
    load: phases({ load: { rate: 50, for: '20s' }, probes: { rate: 5, for: '20s' } }),
    workload: {
      kinds: ['chat'],
      fixed: true,
      next(draws, phase) {
        if (phase === 'probes') return { kind: 'refused', size: 'wrong-path', wanted: [404] };
        if (draws.below(3) === 0) return { kind: 'embedding', size: 'single', texts: [] };
        const [size, maxTokens] = draws.below(2) === 0 ? ['short', 5] : ['small', undefined];
        return { kind: 'chat', size: size as string, messages: [], maxTokens: maxTokens as number | undefined };
      },
    } satisfies Workload,
  };
  assert.deepEqual(unlimitedAnswers({ ...about, p: { seed: 1 } }), [
    'MAX_TOKENS is not given, so "response time", "response time, chats" also depend on how much the model says',
  ]);
  assert.deepEqual(unlimitedAnswers({ ...about, p: { seed: 1, maxTokens: 50 } }), []);
});

const ttftOfStreams = {
  row: 'test',
  objectives: [{ name: 'TTFT p95', metric: 'llm_ttft', stat: 'p95', below: 500, each: 'model', source: 'test' }],
};
