import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ofThisSchema } from './older';

test('a record of schema 1 is read as one of today: met, missed and too little evidence become states', () => {
  const objectives = [true, false, null].map((ok) => ({ name: `${ok}`, ok, reason: '' }));
  const read = ofThisSchema({
    schema: 1,
    verdict: 'FAIL',
    objectives,
    findings: [{ name: 'TTFT, beside', value: 5 }],
  } as never)!;
  assert.equal(read.schema, 2);
  assert.deepEqual(
    read.objectives!.map((each) => each.state),
    ['ok', 'missed', 'too few'],
  );
  assert.deepEqual(read.findings, [{ id: 'ttft-beside', value: 5 }]);
  assert.ok(read.objectives!.every((each) => !('ok' in each)));
});

test('a record of this schema is taken as it is, one of another not at all', () => {
  const record = { schema: 2, objectives: [] };
  assert.equal(ofThisSchema(record), record);
  for (const foreign of [{ schema: 3 }, {}, null, 'text' as never]) assert.equal(ofThisSchema(foreign), undefined);
});
