import assert from 'node:assert/strict';
import { test } from 'node:test';
import { metrics } from './table';

test('every metric of the table says what it means', () => {
  for (const [name, metric] of Object.entries(metrics)) {
    assert.match(name, /^(llm|target)_[a-z0-9_]+$/);
    assert.ok(metric.meaning.length > 10);
  }
});
