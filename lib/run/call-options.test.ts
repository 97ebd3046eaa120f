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

test('as a run is called: nothing to say', () => {
  for (const scenarios of [load, { ...load, monitor: {} }])
    assert.equal(calledWrongly({ noSetup: null, noTeardown: false, scenarios }, ours), '');
});
