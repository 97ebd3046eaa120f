import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { get } from 'node:http';
import { test } from 'node:test';
import { isMetricName } from '../../lib/metrics';
import { startLive } from './live';

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

test('any web page could read the live page, under a name that it had led to this machine', async () => {
  const live = await startLive('a test', 0);
  const ask = (headers: Record<string, string>) =>
    new Promise<number>((resolve, reject) => {
      get(`${live.url}/run`, { headers }, (answer) => {
        resolve(answer.statusCode!);
        answer.destroy();
      }).once('error', reject);
    });
  try {
    assert.equal(await ask({}), 200);
    assert.equal(await ask({ origin: live.url }), 200);
    assert.equal(await ask({ host: 'evil.example' }), 403);
    assert.equal(await ask({ origin: 'https://evil.example' }), 403);
    assert.equal(await ask({ 'sec-fetch-site': 'cross-site' }), 403);
  } finally {
    await live.end(0);
  }
});
