import { existsSync, readdirSync, readFileSync } from 'node:fs';

/*
 * How `npm run plan` and `npm run sweep` run the scripts: in which order, and with the smallest load that can still be
 * judged. A script has a line here only where it needs another load than the usual one, or something beside it; one without
 * a line comes after those of the table. The rows of the plan that it belongs to are those that its objectives name.
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

/** A line as it stands in the table: the rows are not repeated there. */
type OwnLine = Omit<Line, 'rows'>;

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

const table: Readonly<Record<string, OwnLine>> = {
  smoke: { small: load('60', '6s') },
  // 7.4.1: what one request is like.
  ttft: { small: load('60', '12s') },
  streaming: { small: load('15', '14s') },
  'context-window': { reference: smallWindow, small: load('8', '70s') },
  embeddings: { small: { TIME_SCALE: '0.08' } },
  pipeline: { small: load('60', '25s') },
  streams: { pages: true, small: { SCALE: '0.02', TIME_SCALE: '0.04', METRICS_INTERVAL: '1s' } },
  sessions: {
    small: { VUS: '16', DURATION: '12s', THINK: '80ms', TOOL_DELAY: '50ms', TURNS: '4-5' },
  },
  overhead: { needs: ['PROVIDER_URL'], small: load('25', '8s', { PROMPT_TOKENS: '50' }) },
  // 7.4.2: requests beside each other.
  mixed: { small: load('80', '38s', { PLAIN_SHARE: '0.6' }) },
  caching: { small: load('70', '14s') },
  contention: { small: { SCALE: '0.125', TIME_SCALE: '0.05' } },
  interference: { small: { RATE: '80', TIME_SCALE: '0.22' } },
  bulkhead: { needs: ['PROVIDER_URL'], small: load('80', '22s') },
  // 99 % takes 662 requests, and the normal load is a tenth of the highest for a ninth of the time.
  agencies: { keys: 8, small: load('250', '240s') },
  balance: { small: load('80', '7s') },
  restart: { needs: ['RESTART_URL'], small: load('40', '26s') },
  // 7.4.3: the plan's loads.
  baseline: { small: load('60', '25s', { PLAIN_SHARE: '0.6' }) },
  peak: { small: load('60', '16s', { PLAIN_SHARE: '0.6' }) },
  spike: { small: load('80', '44s') },
  stress: { small: load('60', '70s', { MAX_RATE: '60' }) },
  endurance: { pages: true, small: load('36', '45s', { METRICS_INTERVAL: '1s' }) },
  // 7.4.4: providers.
  providers: { small: load('60', '15s', { PROMPT_TOKENS: '50' }) },
  failover: { needs: ['PROVIDER_URL'], reference: twoDeployments, small: load('20', '26s') },
  // 7.4.5: what it costs.
  cost: { needs: ['PROVIDER_URL'], small: load('35', '8s') },
  resources: {
    needs: ['METRICS_URLS'],
    pages: true,
    small: load('50', '21s', { METRICS_INTERVAL: '1s' }),
  },
  // 7.4.6: the target's own figures, and what it runs on.
  monitoring: {
    needs: ['METRICS_URLS'],
    pages: true,
    small: load('40', '32s', { METRICS_INTERVAL: '1s' }),
  },
  fidelity: { pages: true, small: load('20', '8s') },
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

/** Scripts that have a line of their own, whether they are there or not. */
export const withLine: readonly string[] = Object.keys(table);

/** The rows of the plan that the objectives of a script name as their source. */
function rowsOf(script: string): readonly string[] {
  const file = `thresholds/${script}.json`;
  if (!existsSync(file)) return [];
  const { row } = JSON.parse(readFileSync(file, 'utf8')) as { row: string };
  return [...new Set(row.match(/7\.4(\.\d)?/g))].sort();
}

/** How a script is run. One that has no line of its own has a load that suits most. */
export function lineOf(script: string): Line {
  return { rows: rowsOf(script), ...(table[script] ?? { small: load('60', '12s') }) };
}
