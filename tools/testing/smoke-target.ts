import { simulatorKey } from '../../lib/config';
import { sharedSimulator } from './shared-simulator';

/** A key that the simulated gateway knows. */
export const key = simulatorKey;

/** Enough requests for every objective of smoke.json (132 for 5 % errors), in a few seconds. */
export const short = { RATE: '60', DURATION: '4s' };

/** One simulator for all tests of a file, and the parameters that aim a script at its gateway. */
export function smokeTarget() {
  const simulator = sharedSimulator();
  return { simulator, gateway: () => ({ BASE_URL: simulator().gateway, API_KEY: key }) };
}
