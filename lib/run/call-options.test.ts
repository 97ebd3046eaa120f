import assert from 'node:assert/strict';
import { test } from 'node:test';
import { calledWrongly } from './call-options';

const ours = ['load', 'monitor'];
const load = { load: {} };

test('ExitCodeSaidNothing: without teardown or setup, or with a load of k6 its own, the run is refused with a sentence', () => {
  assert.match(calledWrongly({ noTeardown: true, scenarios: load }, ours), /--no-teardown .*there would be no verdict/);
  assert.match(calledWrongly({ noSetup: true, scenarios: load }, ours), /--no-setup .*tried in the setup/);
  assert.match(calledWrongly({ scenarios: { default: {} } }, ours), /--vus, --duration, .*Give parameters instead/);
});

test("HeldBackByRps: k6's throttle was told as the target's slowness, so it is refused with the parameter to use", () => {
  assert.match(calledWrongly({ scenarios: load, rps: 20 }, ours), /^--rps \(or K6_RPS, .*: -e RATE=20$/);
  for (const rps of [undefined, null, 0]) assert.equal(calledWrongly({ scenarios: load, rps }, ours), '');
});

test('as a run is called: nothing to say', () => {
  for (const scenarios of [load, { ...load, monitor: {} }])
    assert.equal(calledWrongly({ noSetup: null, noTeardown: false, scenarios }, ours), '');
});
