import type { TestContext } from 'node:test';
import { flawedRun } from './flawed-run';

/** A window of 8,000 tokens, so that prompts are small. */
export const smallWindow = { context_limit: 8000, output_tokens: 16, ttft_ms: [60, 90], tokens_per_second: 400 };

/** A run of `context-window` against a gateway with these flaws, in front of a provider with that window. */
export const windowRun = (
  t: TestContext,
  flaws: object,
  provider: object = {},
  { rate = '50', duration = '5s' } = {},
) =>
  flawedRun(t, 'context-window', {
    flaws,
    provider: { claude_3_haiku: { ...smallWindow, ...provider } },
    env: { CONTEXT_WINDOW: '8000', RATE: rate, DURATION: duration },
  });
