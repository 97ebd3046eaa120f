import exec from 'k6/execution';
import { environment } from 'k6/x/sse';
import { ParameterError } from '../config';

/*
 * The exit code says the verdict, so what would keep k6 from saying it is refused before the first request: thresholds
 * that nobody looks at (FAIL is a crossed threshold), a teardown that is left out (it judges), a setup that is left out
 * (it tries the target), and a load of k6's own in the place of the script's.
 */

/** In the init context. Throws a {@link ParameterError}. */
export function refuseNoThresholds(): void {
  if (environment().noThresholds)
    throw new ParameterError(
      '--no-thresholds (or K6_NO_THRESHOLDS) cannot be used: a FAIL is told by a threshold of k6, so the exit code would be 0 whatever came out. Leave it out',
    );
}

/** What k6 was told, of its consolidated options. */
export interface Called {
  noSetup?: boolean | null;
  noTeardown?: boolean | null;
  scenarios?: Record<string, unknown> | null;
}

/** Why a run that was called so cannot tell its verdict, and what to do; "" when it can. */
export function calledWrongly({ noSetup, noTeardown, scenarios }: Called, ours: readonly string[]): string {
  if (noTeardown)
    return '--no-teardown (or K6_NO_TEARDOWN) cannot be used: the run is judged in its teardown, so there would be no verdict. Leave it out';
  if (noSetup)
    return '--no-setup (or K6_NO_SETUP) cannot be used: the target is tried in the setup before it is loaded. Leave it out';
  const foreign = Object.keys(scenarios ?? {}).some((name) => !ours.includes(name));
  if (foreign)
    return "k6's own options of load (--vus, --duration, --iterations, --stage, -u, -d, -i, -s, or K6_VUS and so on) would replace the load of this script. Give parameters instead: -e VUS=10 -e DURATION=30s, or -e RATE=50";
  return '';
}

/** In setup(), and where there was none in the VUs: ends the run before its first request, with a sentence. */
export function abortIfCalledWrongly(ours: readonly string[]): void {
  const wrong = calledWrongly(exec.test.options as Called, ours);
  if (wrong) exec.test.abort(wrong);
}
