import { readFileSync, statSync } from 'node:fs';
import { basename } from 'node:path';
import { parameterTable } from '../../../lib/config';
import { ToolError } from '../../programs/process';

/** etcd takes no larger object; some room is left for the manifest's own words. */
const configMapAtMost = 1_000_000;

/** Files of this machine that parameters name: they go to the cluster with the manifest. */
export interface Carried {
  /** Name in the ConfigMap -> content. */
  files: Record<string, string>;
  /** Parameter -> path in the runners. */
  parameters: Record<string, string>;
}

/**
 * The files that parameters name by a path, as OBJECTIVES and PRICES do. Throws {@link ToolError} where one is missing or
 * all together are too large.
 */
export function carried(given: Readonly<Record<string, string>>, folder: string): Carried {
  const files: Record<string, string> = {};
  const parameters: Record<string, string> = {};
  for (const { name, allowed } of parameterTable) {
    const path = given[name];
    if (path === undefined || path === 'none' || !/\bpath\b/.test(allowed)) continue;
    if (!statSync(path, { throwIfNoEntry: false })?.isFile())
      throw new ToolError(`${name}=${path} is wrong: there is no such file here`);
    const as = `${name.toLowerCase().replaceAll('_', '-')}-${basename(path).replace(/[^\w.-]/g, '-')}`;
    files[as] = readFileSync(path, 'utf8');
    parameters[name] = `${folder}/${as}`;
  }
  const size = Object.values(files).reduce((sum, text) => sum + Buffer.byteLength(text), 0);
  if (size > configMapAtMost)
    throw new ToolError(
      `the files of ${Object.keys(parameters).join(', ')} have ${(size / 1e6).toFixed(1)} MB together, and a ConfigMap holds 1 MB: put them into the image`,
    );
  return { files, parameters };
}
