import type { TestContext } from 'node:test';
import type { RunRecord } from '../../lib/summary';
import { startSimulator } from '../programs/simulator';
import { sound, undisturbed } from './k6';

export interface FlawedRun {
  record: RunRecord;
  /** The sentence of a finding, of the first with this id; "" where there is none. */
  text(id: string): string;
}

/** Settings of the simulator, and parameters of the run. */
interface FlawedOptions {
  flaws?: object;
  provider?: object;
  env?: Record<string, string>;
  /** The gateway's own page is read (METRICS_URLS). */
  pages?: boolean;
  /** Its spans are kept at the provider's port (JAEGER_URL). */
  traces?: boolean;
}

/**
 * A run of a script against a simulator of its own, with these settings on top of its defaults. The gateway's empty 200
 * for each failure (GSAi's own) is off, as it is a flaw that every script of streams finds.
 */
export async function flawedRun(
  t: TestContext,
  script: string,
  { flaws = {}, provider = {}, env = {}, pages = false, traces = false }: FlawedOptions,
): Promise<FlawedRun> {
  const ports = ['--gateway-port', '0', '--provider-port', '0'];
  const simulator = await startSimulator(traces ? [...ports, '--otlp-url', 'provider'] : ports);
  t.after(() => simulator.stop());
  await simulator.configure({
    provider: { models: provider },
    gateway: { flaws: { empty_200_on_failure: false, ...flaws } },
  });
  const page = new URL('/metrics', simulator.gateway).href;
  const record = sound(
    await undisturbed(`dist/${script}.js`, {
      env: {
        BASE_URL: simulator.gateway,
        PROVIDER_URL: simulator.provider,
        API_KEY: 'gsai-sim-key',
        ...(pages ? { METRICS_URLS: `gateway=${page}`, METRICS_INTERVAL: '1s' } : {}),
        ...(traces ? { JAEGER_URL: new URL(simulator.provider).origin } : {}),
        ...env,
      },
    }),
  );
  return { record, text: (id) => record.findings.find((each) => each.id === id)?.text ?? '' };
}
