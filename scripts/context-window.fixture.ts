import type { TestContext } from 'node:test';
import { startSimulator } from '../tools/programs/simulator';
import { sound, undisturbed } from '../tools/testing/k6';

/** Small, so that prompts are small. */
const window = 8000;
const model = { context_limit: window, output_tokens: 16, ttft_ms: [60, 90], tokens_per_second: 400 };

/** A run of context-window with a window of 8,000 tokens, against the reference gateway with these flaws. */
export async function windowRun(
  t: TestContext,
  flaws: object,
  provider: object = {},
  { rate = '50', duration = '5s' } = {},
) {
  const simulator = await startSimulator();
  t.after(() => simulator.stop());
  await simulator.configure({
    provider: { models: { claude_3_haiku: { ...model, ...provider } } },
    // With it on, GSAi's own, every refusal of a stream is an empty 200.
    gateway: { flaws: { empty_200_on_failure: false, ...flaws } },
  });
  const record = sound(
    await undisturbed('dist/context-window.js', {
      env: {
        BASE_URL: simulator.gateway,
        PROVIDER_URL: simulator.provider,
        API_KEY: 'gsai-sim-key',
        CONTEXT_WINDOW: String(window),
        RATE: rate,
        DURATION: duration,
      },
    }),
  );
  return { record, text: (id: string) => record.findings.find((each) => each.id === id)?.text ?? '' };
}
