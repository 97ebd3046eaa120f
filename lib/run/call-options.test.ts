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

test('PartsWithoutAUser: of ten parts of a load that 8 VUs play two sent nothing, and nothing said so', () => {
  const scenarios = { load: { preAllocatedVUs: 8 }, monitor: {} };
  const edges = (n: number) => ['0', ...Array.from({ length: n - 1 }, (_, i) => `${i + 1}/${n}`), '1'].join(',');
  const called = (n: number) =>
    calledWrongly({ scenarios, executionSegment: `0:1/${n}`, executionSegmentSequence: edges(n) }, ours);
  assert.match(called(10), /^the load is divided into 10 parts, but 8 VUs .* Divide it into 8 parts at the most/);
  assert.equal(called(8), '');
  assert.match(calledWrongly({ scenarios, executionSegment: '0.9:1' }, ours), /into 10 parts/);
  assert.equal(calledWrongly({ scenarios, executionSegment: '1/2:1', executionSegmentSequence: '' }, ours), '');
});

test('as a run is called: nothing to say', () => {
  for (const scenarios of [load, { ...load, monitor: {} }])
    assert.equal(calledWrongly({ noSetup: null, noTeardown: false, scenarios }, ours), '');
});
