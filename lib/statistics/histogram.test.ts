import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { relativeError } from './histogram';

test('OneErrorInTwoLanguages: the bucket error that TypeScript reckons with is the one that Go counts by', () => {
  const go = readFileSync('xk6-sse/internal/ledger/histogram.go', 'utf8');
  assert.equal(Number(/relativeError += ([\d.]+)/.exec(go)?.[1]), relativeError);
});
