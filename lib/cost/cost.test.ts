import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { row } from '../measurements/snapshot.fixture';
import { costOf, parsePrices } from './prices';
import { costReport } from './report';

const example: unknown = JSON.parse(readFileSync('data/prices.json', 'utf8'));
const prices = parsePrices(example, 'data/prices.json');

test('a request costs its input and its output tokens, each at its own price', () => {
  assert.deepEqual(costOf(prices.get('claude_3_haiku'), 1000, 200), { input: 0.00025, total: 0.0005 });
  assert.deepEqual(
    costOf(prices.get('cohere_english_v3'), 1000, -1),
    { input: 0.0001, total: 0.0001 },
    'an embedding has no output',
  );
});

test('what is not known has no cost, not none', () => {
  assert.equal(costOf(prices.get('a model without a price'), 1000, 200), undefined);
  assert.equal(costOf(prices.get('claude_3_haiku'), -1, 200), undefined);
  assert.equal(costOf(prices.get('claude_3_haiku'), 1000, -1), undefined);
});

test('prompt tokens from a cache cost their own price where the table has one, and the usual one where not', () => {
  const price = { provider: 'p', input: 10, output: 20, source: 's', date: 'd' };
  assert.deepEqual(costOf({ ...price, cached: 1 }, 1000, 0, 900), { input: 0.0019, total: 0.0019 });
  assert.deepEqual(costOf(price, 1000, 0, 900), { input: 0.01, total: 0.01 });
  assert.deepEqual(costOf({ ...price, cached: 1 }, 1000, 0, -1), { input: 0.01, total: 0.01 }, 'the usage did not say');
  assert.deepEqual(
    costOf({ ...price, cached: 1 }, 1000, 0, 5000),
    { input: 0.001, total: 0.001 },
    'no more than there are',
  );
});

const good = { provider: 'p', input: 1, output: 2, source: 's', date: 'd' };
const wrong: [value: unknown, sentence: RegExp][] = [
  [[], /prices in x\.json are wrong: an object with "models"/],
  [{ currency: 'EUR', per_tokens: 1_000_000, models: {} }, /"currency" must be USD/],
  [{ currency: 'USD', per_tokens: 1000, models: {} }, /"per_tokens" must be 1000000/],
  [
    { currency: 'USD', per_tokens: 1_000_000, models: { m: { ...good, input: '1' } } },
    /m: "input" must be a number from 0 on/,
  ],
  [
    { currency: 'USD', per_tokens: 1_000_000, models: { m: { ...good, cached: -1 } } },
    /m: "cached" must be a number from 0 on/,
  ],
  [{ currency: 'USD', per_tokens: 1_000_000, models: { m: { ...good, source: '' } } }, /m has no "source"/],
];
for (const [value, sentence] of wrong)
  test(`a price table is refused: ${sentence.source}`, () =>
    assert.throws(() => parsePrices(value, 'x.json'), sentence));

test('costs add up by model and by agency, and requests without one are counted', () => {
  const rows = [
    row('llm_cost_usd', { model: 'a', agency: '1' }, [0.5, 0.5]),
    row('llm_cost_input_usd', { model: 'a', agency: '1' }, [0.1, 0.1]),
    row('llm_cost_usd', { model: 'b', agency: '2' }, [2]),
    row('llm_cost_input_usd', { model: 'b', agency: '2' }, [1]),
  ];
  const outcomes = [
    { tags: { kind: 'chat' }, outcome: 'ok' as const, count: 5 },
    { tags: { kind: 'models' }, outcome: 'ok' as const, count: 9 },
  ];
  const report = costReport({ rows, outcomes }, { file: 'f', models: { a: good, c: good } })!;
  assert.deepEqual([report.requests, report.unpriced, report.total], [3, 2, 3]);
  assert.deepEqual(report.by_model, [
    { name: 'a', requests: 2, input: 0.2, output: 0.8, total: 1, mean: 0.5 },
    { name: 'b', requests: 1, input: 1, output: 1, total: 2, mean: 2 },
  ]);
  assert.deepEqual(
    report.by_agency.map(({ name, total }) => [name, total]),
    [
      ['1', 1],
      ['2', 2],
    ],
  );
  assert.deepEqual(Object.keys(report.prices.models), ['a']);
  assert.equal(costReport({ rows: [], outcomes }, { file: 'f', models: {} }), null);
});
