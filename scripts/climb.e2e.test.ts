import assert from 'node:assert/strict';
import { test } from 'node:test';
import { sentenceOf, sound, undisturbed, why } from '../tools/testing/k6';
import { sharedSimulator } from '../tools/testing/shared-simulator';

/*
 * The plan's scripts whose load climbs, spike and stress, shrunk to seconds: against a gateway that holds, and one that
 * does not.
 */
const simulator = sharedSimulator();

const run = (script: string, env: Record<string, string>) =>
  undisturbed(`dist/${script}.js`, { env: { BASE_URL: simulator().gateway, API_KEY: 'gsai-sim-key', ...env } });

test('spike: a gateway in order passes, and is recovered', async () => {
  const record = sound(await run('spike', { RATE: '100', DURATION: '44s' }));
  assert.equal(record.verdict, 'PASS', why(record));
  assert.deepEqual(
    record.phases.map((phase) => phase.phase),
    ['before', 'spike', 'recovery'],
  );
  assert.equal(record.findings.find((finding) => finding.id === 'error-share-spike')?.value, 0);
  assert.notEqual(record.findings.find((finding) => finding.id === 'time-to-recover')?.value, null);
});

test('spike: a quota that the spike exhausts is found, as an error share and as no recovery', async () => {
  await simulator().configure({
    gateway: { flaws: { empty_200_on_failure: false } },
    provider: { models: { claude_3_haiku: { quota: { requests_per_minute: 300 } } } },
  });
  const record = sound(await run('spike', { RATE: '100', DURATION: '44s' }));
  assert.equal(record.verdict, 'FAIL', why(record));
  assert.match(why(record), /target: recovery: phase recovery: not recovered/);
  // All fail from one second on: the spike is judged as the one event that it was.
  assert.match(why(record), /target: errors in the spike: measured [2-9]\d(\.\d+)? %, wanted < 5 %/);
  assert.ok(record.outcomes.some((row) => row.outcome === 'http_429' && row.tags.phase === 'spike'));
});

test('stress: names the step that broke and what gave way, stops climbing, and searches for the rate that holds', async () => {
  await simulator().configure({ gateway: { flaws: { empty_200_on_failure: false, rate_limit: { per_second: 36 } } } });
  const record = sound(await run('stress', { RATE: '60', MAX_RATE: '60', DURATION: '80s' }));
  assert.match(
    record.findings[0]!.text,
    /the target broke in step-[2-6] at \d+\.\d requests\/s; \d+ of its \d+ requests failed with http_429/,
  );
  const broke = Number(/step-(\d)/.exec(record.findings[0]!.text)![1]);
  assert.equal(record.phases.find(({ phase }) => phase === `step-${broke + 1}`)?.start_s ?? -1, -1, 'no higher one');
  assert.ok(record.phases.find(({ phase }) => phase === 'recovery')!.start_s > 0, 'it went on with the recovery');
  const { value, interval } = record.findings.find(({ id }) => id === 'capacity')!;
  assert.ok(value! > 25 && value! < 60, sentenceOf(record, 'capacity'));
  assert.equal(interval![0], value);
  assert.ok(interval![1] > value!, 'a rate that does not hold, above it');
  assert.match(
    sentenceOf(record, 'refusals-in-order'),
    /100 % of what failed beyond the capacity was refused in order/,
  );
});
