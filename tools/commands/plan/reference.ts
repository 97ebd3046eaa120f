import { simulatorKey } from '../../../lib/config';
import { startSimulator } from '../../programs/simulator';
import { lineOf, settingsFor } from './lines';

/** The reference gateway as the target of scripts at the small scale. */
export interface Reference {
  /** Where it is, and what a script has to be told of it. */
  parameters(script: string): Record<string, string>;
  /** Sets it in order and as the script wants it, with `flaws` laid over that (`gateway` and `provider` of its settings). */
  prepare(script: string, flaws?: readonly object[]): Promise<void>;
  stop(): Promise<void>;
}

export async function startReference(): Promise<Reference> {
  const simulator = await startSimulator();
  return {
    parameters(script) {
      const { pages, reference } = lineOf(script);
      return {
        ...{ BASE_URL: simulator.gateway, PROVIDER_URL: simulator.provider, API_KEY: simulatorKey },
        ...(pages ? { METRICS_URLS: `gateway=${new URL('/metrics', simulator.gateway).href}` } : {}),
        ...reference?.parameters,
      };
    },
    async prepare(script, flaws = []) {
      await simulator.reset();
      for (const settings of [...settingsFor(script), ...flaws]) await simulator.configure(settings);
    },
    stop: () => simulator.stop(),
  };
}
