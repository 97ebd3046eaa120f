import { environment } from 'k6/x/sse';
import { parseCalibration, type Calibration } from '../calibration';
import { ParameterError } from '../config';

/*
 * Files that parameters name, read in the init context.
 */

/**
 * Reads a file that the user named: a relative path counts from where k6 was started, as on any command line; k6's own
 * `open` counts from the bundle.
 */
export function openFromHere(path: string): string {
  return open(path.startsWith('/') ? path : `${environment().cwd}/${path}`);
}

/** The JSON of a file that a parameter names. Throws {@link ParameterError}. */
export function readJson(parameter: string, path: string): unknown {
  let text: string;
  try {
    text = openFromHere(path);
  } catch {
    throw new ParameterError(`${parameter}=${path} is wrong: no such file can be read`);
  }
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new ParameterError(`${parameter}=${path} is wrong: it is not JSON (${String(error)})`);
  }
}

/** The calibration of this machine. Without one a run counts all the same, and says that its error is not known. */
export function readCalibration(path: string | undefined): Calibration | undefined {
  if (path === 'none') return undefined;
  let text: string;
  try {
    text = path === undefined ? open('../.cache/calibration.json') : openFromHere(path);
  } catch {
    if (path === undefined) return undefined;
    throw new ParameterError(`CALIBRATION=${path} is wrong: no such file can be read; npm run calibrate makes it`);
  }
  const found = parseCalibration(text, environment());
  if (!found && path !== undefined)
    throw new ParameterError(
      `CALIBRATION=${path} is wrong: it is no calibration of this machine (${environment().cpuModel}, ${environment().cpus} cores); npm run calibrate makes one`,
    );
  return found;
}
