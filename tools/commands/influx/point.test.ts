import assert from 'node:assert/strict';
import { test } from 'node:test';
import { line } from './point';

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
