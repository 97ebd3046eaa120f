import type { TestContext } from 'node:test';
import type { RunRecord } from '../../lib/summary';
import { startSimulator } from '../programs/simulator';
import { sound, undisturbed } from './k6';

interface Settings {
  flaws?: object;
  /** Of the provider's models, by their names. */
  provider?: object;
  /** Of the gateway's claude_3_haiku. */
  model?: object;
  env?: Record<string, string>;
}

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
  { flaws = {}, provider = {}, model = {}, env = {} }: Settings,
): Promise<FlawedRun> {
  const simulator = await startSimulator();
  t.after(() => simulator.stop());
  await simulator.configure({
    provider: { models: provider },
    gateway: { models: { claude_3_haiku: model }, flaws: { empty_200_on_failure: false, ...flaws } },
  });
  const record = sound(
    await undisturbed(`dist/${script}.js`, {
      env: { BASE_URL: simulator.gateway, PROVIDER_URL: simulator.provider, API_KEY: 'gsai-sim-key', ...env },
    }),
  );
  return { record, text: (id) => record.findings.find((each) => each.id === id)?.text ?? '' };
}
