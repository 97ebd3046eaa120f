import assert from 'node:assert/strict';
import { test } from 'node:test';
import { flawedRun } from '../tools/testing/flawed-run';
import { why } from '../tools/testing/k6';

test('a slow look-up of keys, slow middleware, and parsing that grows faster than the body are told apart and named', async (t) => {
  const { record, text } = await flawedRun(t, 'pipeline', {
    flaws: {
      auth: { lookup_ms: 45 },
      log: { block_ms: 6 },
      body_block: { ms_per_kb: 0.0001, power: 2 },
    },
    env: { RATE: '14', DURATION: '11s' },
  });
  assert.equal(record.verdict, 'FAIL', why(record));
  assert.match(
    text('key-look-up'),
    /^the look-up of a key takes [45]\d\.\d ms \[[\d.]+, \d+(\.\d)?\]: a refused key is answered so much later/,
  );
  assert.match(why(record), /look-up of a key: (too close to say: )?measured [45]\d/);
  assert.match(
    text('every-request'),
    /^every request, also one that is refused, costs ([6-9]|1\d)\.\d ms before anything is looked at/,
  );
  assert.match(
    text('body-growth'),
    /^a refused body of 1,024 KB costs \d{3} ms, .*it grows faster than the size \(power [12]\.\d\d/,
  );
  assert.ok(record.findings.find(({ id }) => id === 'stages')!.table!.rows.length >= 5);
});
