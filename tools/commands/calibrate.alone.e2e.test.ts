import assert from 'node:assert/strict';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { calibrate } from './calibrate';
import { k6 } from '../programs/k6';
import { scratch } from '../programs/scratch';
import { startSimulator, type Simulator } from '../programs/simulator';

const file = join(scratch(), 'calibration.json');
let simulator: Simulator;
before(async () => {
  simulator = await startSimulator();
  await calibrate({ seconds: 1, streams: [30] }, file);
});
after(() => simulator.stop());

const smoke = (env: Record<string, string>) =>
  k6('dist/smoke.js', {
    env: {
      BASE_URL: simulator.gateway,
      API_KEY: 'gsai-sim-key',
      CALIBRATION: file,
      MAX_ERROR: '100',
      DURATION: '5s',
      ...env,
    },
  });

test('a run looks its load up in the calibration and tells how far its figures may be off', async () => {
  const { run, stdout, stderr } = await smoke({ RATE: '30' });
  assert.ok(run, stderr);
  assert.equal(run.verdict, 'PASS', JSON.stringify(run.reasons));
  assert.equal(run.instrument.error?.streams, 30);
  assert.ok(run.instrument.error.ttft_p95 >= 0);
  assert.match(stdout, /accuracy +± [\d.e-]+ % TTFT p95, .* at 30 streams/);
});

test('a run beyond what was calibrated is INVALID and says so', async () => {
  const { run, code } = await smoke({ VUS: '60' });
  assert.equal(code, 110);
  assert.equal(run?.verdict, 'INVALID');
  assert.match(
    run.reasons.map(({ text }) => text).join('\n'),
    /the load \(60 streams at a time .*\) is beyond what the calibration of/,
  );
});

test('a run whose error by the calibration is above MAX_ERROR is INVALID', async () => {
  const { run } = await smoke({ RATE: '30', MAX_ERROR: '0.000001' });
  assert.equal(run?.verdict, 'INVALID');
  assert.match(
    run.reasons.map(({ text }) => text).join('\n'),
    /may be .* % wrong, as the calibration of .* measured, and MAX_ERROR allows 0\.0 %/,
  );
});

test("a calibration that is none, or another machine's, stops the run before the first request when it was asked for", async () => {
  const { code, stderr } = await smoke({ CALIBRATION: 'package.json' });
  assert.equal(code, 104);
  assert.match(stderr, /CALIBRATION=package\.json is wrong: it is no calibration of this machine .*npm run calibrate/);
});
