import type { TestContext } from 'node:test';
import type { RunRecord } from '../../lib/summary';
import { k6 } from '../programs/k6';
import { startSimulator, type Simulator } from '../programs/simulator';
import { sentenceOf, sound, undisturbed } from './k6';

type Env = Record<string, string>;

export interface FlawedRun {
  record: RunRecord;
  /** The sentence of a finding, of the first with this id; "" where there is none. */
  text(id: string): string;
}

/**
 * A run of a script against a simulator of its own, with these settings on top of its defaults. The gateway's empty 200
 * for each failure (GSAi's own) is off, as it is a flaw that every script of streams finds.
 */
export async function flawedRun(
  t: TestContext,
  script: string,
  {
    flaws = {},
    provider = {},
    deployments = {},
    gateway = {},
    env = {},
    pages = false,
    traces = false,
    evenDisturbed = false,
  }: {
    flaws?: object;
    provider?: object;
    /** Settings of the provider's deployments. */
    deployments?: object;
    /** Settings of the gateway beside its flaws. */
    gateway?: object;
    env?: Env | ((simulator: Simulator) => Promise<Env>);
    /** The gateway's own page is read each second (METRICS_URLS). */
    pages?: boolean;
    /** Its spans are kept at the provider's port (JAEGER_URL). */
    traces?: boolean;
    /** A run that the machine disturbed serves too (then it is INVALID): what it is to show is far larger than that. */
    evenDisturbed?: boolean;
  },
): Promise<FlawedRun> {
  const ports = ['--gateway-port', '0', '--provider-port', '0'];
  const simulator = await startSimulator(traces ? [...ports, '--otlp-url', 'provider'] : ports);
  t.after(() => simulator.stop());
  await simulator.configure({
    provider: { models: provider, deployments },
    gateway: { ...gateway, flaws: { empty_200_on_failure: false, ...flaws } },
  });
  const given = typeof env === 'function' ? await env(simulator) : env;
  const page = new URL('/metrics', simulator.gateway).href;
  const record = sound(
    await (evenDisturbed ? k6 : undisturbed)(`dist/${script}.js`, {
      env: {
        BASE_URL: simulator.gateway,
        PROVIDER_URL: simulator.provider,
        ...('API_KEYS_FILE' in given ? {} : { API_KEY: 'gsai-sim-key' }),
        ...(pages ? { METRICS_URLS: `gateway=${page}`, METRICS_INTERVAL: '1s' } : {}),
        ...(traces ? { JAEGER_URL: new URL(simulator.provider).origin } : {}),
        ...given,
      },
    }),
  );
  return { record, text: (id) => sentenceOf(record, id) };
}
