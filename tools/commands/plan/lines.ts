import { readdirSync } from 'node:fs';

/*
 * The scripts in the order of the plan, a line for each: the rows of 7.4 that it belongs to, and the smallest load that
 * can still be judged. A new script needs a line here, and nothing else, to be part of `npm run plan` and of `npm run sweep`.
 */

/** What a script cannot do without, as the parameter that gives it. */
export type Need = 'PROVIDER_URL' | 'METRICS_URLS' | 'RESTART_URL';

export interface Line {
  /** Rows of the plan; `--only` chooses by them. */
  rows: readonly string[];
  /** Parameters of the small scale. */
  small: Readonly<Record<string, string>>;
  /** Without these the script shows nothing. */
  needs?: readonly Need[];
  /**
   * Of the reference gateway: settings that are laid over `orderly`, where the script looks for something that a gateway
   * must have, and parameters that tell the script of them.
   */
  reference?: { gateway?: object; provider?: object; parameters?: Readonly<Record<string, string>> };
  /** So many keys are given to the reference gateway and to the script, in place of one. */
  keys?: number;
  /** The reference gateway's own page is read too (METRICS_URLS). */
  pages?: true;
}

/** Answers of about 140 ms, so that a run of seconds has requests enough. */
const quick = { ttft_ms: 60, tokens_per_second: 400, jitter: 0, output_tokens: 31 };

/** The reference gateway in order: GSAi's empty answers with status 200 are a flaw here. */
export const orderly = {
  provider: { models: { claude_3_haiku: quick, 'gemini-2.0-flash': quick } },
  gateway: { flaws: { empty_200_on_failure: false } },
};

const twoDeployments = {
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
};

/** A model whose documented size is reached within seconds. */
const smallWindow = {
  provider: { models: { claude_3_haiku: { context_limit: 8000 } } },
  parameters: { CONTEXT_WINDOW: '8000', DURATION: '40s' },
};

const load = (RATE: string, DURATION: string, more: Record<string, string> = {}) => ({ RATE, DURATION, ...more });

const table: Readonly<Record<string, Line>> = {
  smoke: { rows: ['7.4'], small: load('60', '6s') },
  // 7.4.1: what one request is like.
  ttft: { rows: ['7.4.1'], small: load('60', '12s') },
  streaming: { rows: ['7.4.1'], small: load('15', '14s') },
  'context-window': { rows: ['7.4.1'], reference: smallWindow, small: load('8', '70s') },
  embeddings: { rows: ['7.4.1'], small: { TIME_SCALE: '0.08' } },
  pipeline: { rows: ['7.4.1', '7.4.2'], small: load('60', '25s') },
  streams: { rows: ['7.4.1'], pages: true, small: { SCALE: '0.02', TIME_SCALE: '0.04', METRICS_INTERVAL: '1s' } },
  sessions: {
    rows: ['7.4.1', '7.4.2'],
    small: { VUS: '16', DURATION: '12s', THINK: '80ms', TOOL_DELAY: '50ms', TURNS: '4-5' },
  },
  overhead: { rows: ['7.4.1'], needs: ['PROVIDER_URL'], small: load('25', '8s', { PROMPT_TOKENS: '50' }) },
  // 7.4.2: requests beside each other.
  mixed: { rows: ['7.4.2'], small: load('80', '38s', { PLAIN_SHARE: '0.6' }) },
  caching: { rows: ['7.4.2'], small: load('70', '14s') },
  contention: { rows: ['7.4.2', '7.4.5'], small: { SCALE: '0.125', TIME_SCALE: '0.05' } },
  interference: { rows: ['7.4.2'], small: { RATE: '80', TIME_SCALE: '0.22' } },
  bulkhead: { rows: ['7.4.2', '7.4.4'], needs: ['PROVIDER_URL'], small: load('80', '22s') },
  // 99 % takes 662 requests, and the normal load is a tenth of the highest for a ninth of the time.
  agencies: { rows: ['7.4.2'], keys: 8, small: load('250', '240s') },
  balance: { rows: ['7.4.2'], small: load('80', '7s') },
  restart: { rows: ['7.4.2'], needs: ['RESTART_URL'], small: load('40', '26s') },
  // 7.4.3: the plan's loads.
  baseline: { rows: ['7.4.3'], small: load('60', '25s', { PLAIN_SHARE: '0.6' }) },
  peak: { rows: ['7.4.3'], small: load('60', '16s', { PLAIN_SHARE: '0.6' }) },
  spike: { rows: ['7.4.3'], small: load('80', '44s') },
  stress: { rows: ['7.4.3'], small: load('60', '70s', { MAX_RATE: '60' }) },
  endurance: { rows: ['7.4.3', '7.4.5'], pages: true, small: load('36', '45s', { METRICS_INTERVAL: '1s' }) },
  // 7.4.4: providers.
  providers: { rows: ['7.4.4'], small: load('60', '15s', { PROMPT_TOKENS: '50' }) },
  failover: { rows: ['7.4.4'], needs: ['PROVIDER_URL'], reference: twoDeployments, small: load('20', '26s') },
  // 7.4.5: what it costs.
  cost: { rows: ['7.4.5'], needs: ['PROVIDER_URL'], small: load('35', '8s') },
  resources: {
    rows: ['7.4.5'],
    needs: ['METRICS_URLS'],
    pages: true,
    small: load('50', '21s', { METRICS_INTERVAL: '1s' }),
  },
  // 7.4.6: the target's own figures, and what it runs on.
  monitoring: {
    rows: ['7.4.6'],
    needs: ['METRICS_URLS'],
    pages: true,
    small: load('40', '32s', { METRICS_INTERVAL: '1s' }),
  },
  fidelity: { rows: ['7.4.6'], pages: true, small: load('20', '8s') },
};

/** The keys of the reference gateway that a script is given, where it wants several. */
export const keysFor = (script: string): string[] =>
  Array.from({ length: lineOf(script).keys ?? 0 }, (_, i) => `gsai-agency-${i + 1}`);

/** Settings of the reference gateway for a script, in the order in which they are laid over its defaults. */
export function settingsFor(script: string): readonly object[] {
  const { reference: { gateway, provider } = {}, keys = 0 } = lineOf(script);
  return [
    orderly,
    { ...(gateway ? { gateway } : {}), ...(provider ? { provider } : {}) },
    ...(keys > 0 ? [{ gateway: { keys: Object.fromEntries(keysFor(script).map((key) => [key, {}])) } }] : []),
  ];
}

/** Every script of scripts/, those of the table in its order. */
export function scriptNames(): string[] {
  const found = readdirSync('scripts')
    .filter((file) => file.endsWith('.ts') && !file.includes('.test.') && !file.includes('.fixture.'))
    .map((file) => file.replace('.ts', ''));
  const known = Object.keys(table);
  return [...known.filter((name) => found.includes(name)), ...found.filter((name) => !known.includes(name)).sort()];
}

/** Scripts that have a line, whether they are there or not. */
export const withLine: readonly string[] = Object.keys(table);

/** The line of a script. One that has none yet runs a short load, so that it is not left out. */
export function lineOf(script: string): Line {
  return table[script] ?? { rows: [], small: load('60', '12s') };
}
