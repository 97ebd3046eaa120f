import { loadOf, type LoadTold } from '../../../lib/load';
import type { Built } from '../../programs/built';
import { capture, ToolError } from '../../programs/process';

/**
 * The load that a script would make with these parameters, as its own init context works it out; `environment` has more
 * of them, which need not stand in a command line. Throws {@link ToolError} with the script's sentence where it refuses a
 * parameter.
 */
export async function loadOfScript(
  { k6, script: path, shown }: Built,
  script: string,
  given: Readonly<Record<string, string>>,
  environment: NodeJS.ProcessEnv = {},
): Promise<LoadTold> {
  const words = Object.entries(given).flatMap(([name, value]) => ['-e', `${name}=${value}`]);
  const all = Object.keys(environment).length > 0 ? ['--include-system-env-vars'] : [];
  const { code, stdout, stderr } = await capture(k6, ['inspect', ...all, ...words, path(script)], {
    env: { PATH: process.env.PATH, HOME: process.env.HOME, ...environment, K6_AUTO_EXTENSION_RESOLUTION: 'false' },
  });
  if (code !== 0) throw new ToolError(shown(stderr.trim()));
  const { ext } = JSON.parse(stdout) as { ext?: Record<string, LoadTold> };
  const told = ext?.[loadOf];
  if (!told) throw new ToolError(`dist/${script}.js does not tell its load: build it anew (npm run build)`);
  return told;
}
