import exec from 'k6/execution';
import { environment } from 'k6/x/sse';
import { ParameterError } from '../config';
import { calledWrongly, type Called } from './call-options';

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

/** In setup(), and where there was none in the VUs: ends the run before its first request, with a sentence. */
export function abortIfCalledWrongly(ours: readonly string[]): void {
  const wrong = calledWrongly(exec.test.options as Called, ours);
  if (wrong) exec.test.abort(wrong);
}
