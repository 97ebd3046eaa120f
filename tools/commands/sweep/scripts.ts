import { readdirSync } from 'node:fs';

/*
 * The scripts at a small scale, with the settings of the simulator that make a gateway in order of it.
 */

export interface Trial {
  env: Readonly<Record<string, string>>;
  /** Laid over the settings that all scripts have. */
  settings?: { gateway?: object; provider?: object };
  /** The gateway's own page is read too (METRICS_URLS). */
  pages?: true;
}

/** Answers of about 140 ms, so that a run of seconds has requests enough. */
const quick = { ttft_ms: 60, tokens_per_second: 400, jitter: 0, output_tokens: 31 };

/** A gateway in order: GSAi's empty answers with status 200 are a flaw here. */
export const orderly = {
  provider: { models: { claude_3_haiku: quick, 'gemini-2.0-flash': quick } },
  gateway: { flaws: { empty_200_on_failure: false } },
};

/** What a script has that no line is about. */
const usual: Trial = { env: { RATE: '60', DURATION: '12s' } };

const trials: Readonly<Record<string, Trial>> = {
  smoke: { env: { RATE: '60', DURATION: '6s' } },
  baseline: { env: { RATE: '60', DURATION: '25s', PLAIN_SHARE: '0.6' } },
  peak: { env: { RATE: '60', DURATION: '16s', PLAIN_SHARE: '0.6' } },
  mixed: { env: { RATE: '80', DURATION: '38s', PLAIN_SHARE: '0.6' } },
  ttft: { env: { RATE: '60', DURATION: '12s' } },
  overhead: { env: { RATE: '25', DURATION: '8s', PROMPT_TOKENS: '50' } },
  providers: { env: { RATE: '60', DURATION: '15s', PROMPT_TOKENS: '50' } },
  cost: { env: { RATE: '35', DURATION: '8s' } },
  bulkhead: { env: { RATE: '80', DURATION: '22s' } },
  contention: { env: { KINDS: 'chat', SCALE: '0.0625', TIME_SCALE: '0.05' } },
  'context-window': { env: { CONTEXT_WINDOW: '8000', RATE: '8', DURATION: '20s' } },
  sessions: { env: { VUS: '16', DURATION: '10s', THINK: '80ms', TOOL_DELAY: '50ms', TURNS: '4-5' } },
  spike: { env: { RATE: '80', DURATION: '44s' } },
  stress: { env: { RATE: '60', DURATION: '34s' } },
  endurance: { env: { RATE: '36', DURATION: '22s', METRICS_INTERVAL: '1s' }, pages: true },
  failover: {
    env: { RATE: '20', DURATION: '26s' },
    settings: {
      gateway: {
        models: {
          claude_3_haiku: {
            deployments: [
              { provider_model: 'claude_3_haiku', region: 'eu' },
              { provider_model: 'claude_3_haiku', region: 'us', weight: 0 },
            ],
          },
        },
        failover: { on: true, first_byte_ms: 300, idle_ms: 150, breaker: { failures: 3, probe_ms: 450 } },
      },
    },
  },
};

/** All scripts that there are, in the order of the table: the quickest first. */
export function scriptNames(): string[] {
  const found = readdirSync('scripts')
    .filter((file) => file.endsWith('.ts') && !file.includes('.test.') && !file.includes('.fixture.'))
    .map((file) => file.replace('.ts', ''));
  const known = Object.keys(trials);
  return [...known.filter((name) => found.includes(name)), ...found.filter((name) => !known.includes(name)).sort()];
}

export function trialOf(script: string): Trial {
  return trials[script] ?? usual;
}
