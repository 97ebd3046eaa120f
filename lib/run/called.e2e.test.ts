import assert from 'node:assert/strict';
import { test } from 'node:test';
import { k6 } from '../../tools/programs/k6';

const hundredths = ['0', ...Array.from({ length: 99 }, (_, i) => `${i + 1}/100`), '1'].join(',');

/** How k6 was called, and what the run says: before the first request, so that nothing has to listen. */
const calls: [string, { args?: string[]; settings?: Record<string, string> }, RegExp][] = [
  [
    '--no-thresholds',
    { args: ['--no-thresholds'] },
    /--no-thresholds \(or K6_NO_THRESHOLDS\) cannot be used: a FAIL is/,
  ],
  ['K6_NO_THRESHOLDS', { settings: { K6_NO_THRESHOLDS: 'true' } }, /--no-thresholds \(or K6_NO_THRESHOLDS\) cannot be/],
  ['--no-teardown', { args: ['--no-teardown'] }, /--no-teardown .*there would be no verdict/],
  ['--no-setup', { args: ['--no-setup'] }, /--no-setup .*tried in the setup/],
  [
    '--vus and --duration',
    { args: ['--vus', '3', '--duration', '2s'] },
    /--vus, --duration, .*Give parameters instead/,
  ],
  ['--stage', { args: ['--stage', '1s:5'] }, /--stage.*Give parameters instead/],
  [
    'a part without a user',
    { args: ['--execution-segment', '99/100:1', '--execution-segment-sequence', hundredths] },
    /the load is divided into 100 parts, but \d+ VUs play it/,
  ],
];

test('ExitCodeSaidNothing: FAIL or INVALID was printed and the exit code was 0; called so, k6 starts no load', async () => {
  const ends = await Promise.all(
    calls.map(([, options]) =>
      k6('dist/smoke.js', { ...options, env: { BASE_URL: 'http://127.0.0.1:1/v1', API_KEY: 'k' } }),
    ),
  );
  ends.forEach(({ code, stdout, stderr, run }, index) => {
    const [name, , sentence] = calls[index]!;
    assert.ok(code !== 0, `${name}: exit code 0`);
    assert.match(stdout + stderr, sentence, name);
    assert.equal(run, undefined, `${name}: a record was written`);
    assert.doesNotMatch(stdout + stderr, /^\s+at .*\(|goroutine /m, name);
  });
});
