import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { isMetricName } from '../../lib/metrics';

test('every panel of the live page asks for a metric of the table', () => {
  const queries = [...readFileSync('.dashboard.json', 'utf8').matchAll(/"query": "([^"]*)"/g)].map(
    (found) => found[1]!,
  );
  assert.ok(queries.length > 15);
  for (const query of queries) {
    const name = /^\w*/.exec(query)![0];
    assert.ok(name === '' || isMetricName(name), `${query}: ${name} is no metric`);
  }
});
