import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { simulatorKey } from '../../../lib/config';
import { scratch } from '../../programs/scratch';
import { startSimulator } from '../../programs/simulator';
import { keysFor, lineOf, settingsFor } from './lines';
import { restartable } from './restartable';

/** The reference gateway as the target of scripts at the small scale. */
export interface Reference {
  /** Where it is, and what a script has to be told of it. */
  parameters(script: string): Record<string, string>;
  /** Sets it in order and as the script wants it, with `flaws` laid over that (`gateway` and `provider` of its settings). */
  prepare(script: string, flaws?: readonly object[]): Promise<void>;
  stop(): Promise<void>;
}

/** The simulator's key, or a file of as many as the script wants. */
function keyOf(script: string): Record<string, string> {
  const keys = keysFor(script);
  if (keys.length === 0) return { API_KEY: simulatorKey };
  const file = join((folder ??= scratch()), `${script}.keys`);
  writeFileSync(file, keys.join('\n'));
  return { API_KEYS_FILE: file };
}

let folder: string | undefined;

/** Starts the simulator on free ports. Throws a ToolError. */
export async function startReference(): Promise<Reference> {
  const simulator = await startSimulator();
  const restarted = await restartable(simulator.provider);
  const isRestarted = (script: string) => lineOf(script).needs?.includes('RESTART_URL');
  return {
    parameters(script) {
      const { pages, reference } = lineOf(script);
      return {
        ...{ BASE_URL: simulator.gateway, PROVIDER_URL: simulator.provider },
        ...keyOf(script),
        ...(pages ? { METRICS_URLS: `gateway=${new URL('/metrics', simulator.gateway).href}` } : {}),
        ...(isRestarted(script) ? restarted.parameters : {}),
        ...reference?.parameters,
      };
    },
    async prepare(script, flaws = []) {
      await simulator.reset();
      await restarted.stop();
      const all = [...settingsFor(script), ...flaws];
      for (const settings of all) await simulator.configure(settings);
      if (isRestarted(script)) await restarted.start(all);
    },
    async stop() {
      await restarted.stop();
      await simulator.stop();
    },
  };
}
