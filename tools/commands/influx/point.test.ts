import assert from 'node:assert/strict';
import { test } from 'node:test';
import { identifier, line, quoted } from './point';

test('names with spaces, commas and equals signs are escaped in the line protocol, empty tags left out', () => {
  assert.equal(
    line({
      measurement: 'a b',
      tags: { model: 'x, y=z', size: '', kind: 'chat' },
      value: 1.5e-7,
      time: 1_700_000_000_000_000_001n,
    }),
    'a\\ b,kind=chat,model=x\\,\\ y\\=z value=1.5e-7 1700000000000000001',
  );
});

test('a run_id broke out of the InfluxQL string: a backslash before its quote undid the escape', () => {
  assert.equal(quoted("x\\' OR 1=1; DROP DATABASE k6 --"), "'x\\\\\\' OR 1=1; DROP DATABASE k6 --'");
  assert.equal(quoted("a'b\nc"), "'a\\'b?c'");
  assert.equal(identifier('k6" ON "x\\'), '"k6\\" ON \\"x\\\\"');
});

test('a line break in a tag began another point of the line protocol, and a backslash at its end joined two tags', () => {
  const point = { measurement: 'm', value: 1, time: 1n };
  assert.equal(
    line({ ...point, tags: { a: 'x\nllm_verdict value=1', b: 'y\\' } }),
    'm,a=x?llm_verdict\\ value\\=1,b=y? value=1 1',
  );
});
