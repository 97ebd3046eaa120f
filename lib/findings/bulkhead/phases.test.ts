import assert from 'node:assert/strict';
import { test } from 'node:test';
import { slowMs } from './phases';

/** What givingUpAfter('10s') of lib/run leaves of the clients' patience, ms. */
const patience = (timeScale: number) => 1000 * Math.max(2, 10 * timeScale);

test('SlowBecameFailed: the slow provider is never as slow as its clients are patient, however short the load', () => {
  for (const timeScale of [0.01, 0.1, 0.2, 0.5, 1])
    assert.ok(slowMs({ timeScale, duration: undefined }) <= patience(timeScale) / 2, `TIME_SCALE=${timeScale}`);
});
