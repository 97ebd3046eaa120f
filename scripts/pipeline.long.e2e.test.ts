import assert from 'node:assert/strict';
import { test } from 'node:test';
import { flawedRun } from '../tools/testing/flawed-run';
import { why } from '../tools/testing/k6';

test('a gateway in order passes, and no look-up is invented', async (t) => {
  const { record, text } = await flawedRun(t, 'pipeline', { env: { RATE: '60', DURATION: '25s' } });
  assert.equal(record.verdict, 'PASS', why(record));
  assert.match(text('key-look-up'), /^the look-up of a key does not show/);
});

test('errors that are slow to make are told from slow middleware: only refusals cost it', async (t) => {
  const { record, text } = await flawedRun(t, 'pipeline', {
    flaws: { error_ms: 15 },
    env: { RATE: '30', DURATION: '14s' },
  });
  assert.equal(record.verdict, 'FAIL', why(record));
  assert.match(text('refusals'), /^a refusal takes 1\d\.\d ms, .*making the error costs 1[4-9]\.\d ms/);
});

test('a session of the database that takes nine milliseconds is within the look-up of a key, and too long for what comes before the work', async (t) => {
  const { record, text } = await flawedRun(t, 'pipeline', {
    evenDisturbed: true,
    flaws: { auth: { session_ms: 9 } },
    env: { RATE: '30', DURATION: '14s' },
  });
  assert.notEqual(record.verdict, 'PASS', why(record));
  assert.match(
    text('key-look-up'),
    /^the look-up of a key takes (9|1\d)\.\d ms .*; a session of the database is in it$/,
  );
  assert.match(why(record), /target: session and authentication: measured (9|1\d)/);
  assert.doesNotMatch(why(record), /target: look-up of a key/);
});

test('a log that is formatted for each KB is found by the bodies: what a large one costs grows with its size', async (t) => {
  const { record, text } = await flawedRun(t, 'pipeline', {
    evenDisturbed: true,
    flaws: { log: { ms_per_kb: 0.1 } },
    env: { RATE: '14', DURATION: '20s' },
  });
  assert.match(
    text('body-growth'),
    /^a refused body of 1,024 KB costs 1\d\d ms, .*: 0\.1\d\d ms for each KB/,
    why(record),
  );
});

test('a model that is not known costs its look-up too, and the stage is told with its time', async (t) => {
  const { record } = await flawedRun(t, 'pipeline', {
    evenDisturbed: true,
    flaws: { cache: { model_miss_ms: 35, size: 1 } },
    env: { RATE: '30', DURATION: '14s' },
  });
  const rows = record.findings.find(({ id }) => id === 'stages')!.table!.rows;
  const model = rows.find(([stage]) => stage === 'look-up of the model');
  assert.match(model?.[2] ?? '', /^3[5-9]\.\d ms$/, JSON.stringify(rows));
});

test('a model that is registered in the middle of the load: lists that are old after the first new one are told with how many and for how long', async (t) => {
  const run = (staleS: number) =>
    flawedRun(t, 'pipeline', {
      evenDisturbed: true,
      flaws: { model_list_stale_s: staleS },
      env: async ({ configure }) => {
        const model = { name: 'New', capability: 'chat', kind: 'bedrock', provider_model: 'claude_3_haiku' };
        setTimeout(() => void configure({ gateway: { models: { 'new-model': model } } }), 5000);
        return { RATE: '60', DURATION: '12s' };
      },
    });
  const stale = await run(3);
  assert.match(
    stale.text('list-changes'),
    /^the list of the models changed .*: of \d+ lists after the first new one [1-9]\d* were old, for [23]\.\d s/,
  );
  assert.match(why(stale.record), /target: old lists after a change, seconds: measured [23]/);
  assert.match((await run(0)).text('list-changes'), /and no old one came after the first new one$/);
});
