import assert from 'node:assert/strict';
import { test } from 'node:test';
import { said, sample } from '../summary/failures.fixture';
import { addFailures } from './failures';

test('what several runners were told is added up: the same text but for its numbers is one', () => {
  const added = addFailures([
    said({ unlisted: 2, holds: { count: 3, least: 2, most: 4, first: 5, last: 9, held: 4000 } }),
    said({
      samples: [
        sample({ text: 'Rate limit reached for req 99', first: 3, count: 7 }),
        sample({ form: 'other', count: 1 }),
      ],
      holds: { count: 1, least: 1, most: 1, first: 2, last: 2, held: 1000 },
    }),
    undefined, // a part of an older run
  ]);
  assert.equal(added.unlisted, 2);
  assert.deepEqual(
    added.samples.map(({ text, count, first, groups }) => [text, count, first, groups[0]!.count]),
    [
      ['Rate limit reached for req 99', 5250, 3, 10_486],
      ['Rate limit reached for req 17', 1, 1200, 5243],
    ],
  );
  assert.deepEqual(added.holds, { count: 4, least: 1, most: 4, first: 2, last: 9, held: 4000 });
});
