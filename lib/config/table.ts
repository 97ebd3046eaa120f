import { limitRows } from './answer-limits';
import type { ParameterRow } from './row';

export const simulatorUrl = 'http://127.0.0.1:8080/api/v1';
/** The simulator's own key: no secret, and sent to the simulator's address only. */
export const simulatorKey = 'gsai-sim-key';
export const simulatedProviderUrl = 'http://127.0.0.1:8090/v1';

/** The table behind `npm run params` and the README. */
export const parameterTable: readonly ParameterRow[] = [
  {
    name: 'BASE_URL',
    default: simulatorUrl,
    allowed: 'http(s) URL',
    meaning: "the gateway, as an OpenAI client's base URL: ends before /chat/completions",
  },
  {
    name: 'API_KEY',
    default: "the simulator's, for the simulator's address only",
    allowed: 'text without spaces, or none',
    meaning: "bearer key (or the secret API_KEY of k6's --secret-source); none sends no Authorization header",
  },
  {
    name: 'API_KEYS_FILE',
    default: '',
    allowed: 'path',
    meaning: 'keys, one a line (one an agency), taken in turn; instead of API_KEY',
  },
  { name: 'MODEL', default: 'claude_3_haiku', allowed: 'text', meaning: 'chat model' },
  {
    name: 'MODELS',
    default: '',
    allowed: 'list, comma between',
    meaning: 'several chat models, taken in turn; instead of MODEL',
  },
  { name: 'EMBEDDING_MODEL', default: 'cohere_english_v3', allowed: 'text', meaning: 'embedding model' },
  {
    name: 'RATE',
    default: "the plan's",
    allowed: 'number above 0',
    meaning: 'requests per second at the highest phase (open model)',
  },
  {
    name: 'VUS',
    default: 'by Little’s law',
    allowed: 'whole number from 1',
    meaning: 'alone: that many users without pause (closed model); with RATE: at most so many in flight',
  },
  {
    name: 'DURATION',
    default: "the plan's",
    allowed: 'like 30s, 5m, 1h30m',
    meaning: 'whole length of the load; the phases keep their proportions',
  },
  { name: 'SCALE', default: '1', allowed: 'number above 0, at most 100', meaning: "share of the plan's load" },
  {
    name: 'TIME_SCALE',
    default: '1',
    allowed: 'number above 0, at most 100',
    meaning: "share of the plan's durations",
  },
  {
    name: 'PROMPT_TOKENS',
    default: 'as the workload has them',
    allowed: 'whole number from 1',
    meaning: 'prompts of about this many tokens only',
  },
  { name: 'MAX_TOKENS', default: 'not sent', allowed: 'whole number from 1', meaning: 'max_tokens of chat requests' },
  { name: 'ARRIVALS', default: 'constant', allowed: 'constant, poisson', meaning: 'how requests are spaced in time' },
  { name: 'SEED', default: '1', allowed: 'whole number from 0', meaning: 'seed of prompts, mix and Poisson arrivals' },
  {
    name: 'OBJECTIVES',
    default: "the script's",
    allowed: 'path of a JSON file',
    meaning: 'objectives to judge by, instead of thresholds/<script>.json',
  },
  { name: 'OUT', default: 'results', allowed: 'path', meaning: 'folder that gets one folder for each run' },
  {
    name: 'PROVIDER_URL',
    default: "the simulator's, when BASE_URL is the simulator's",
    allowed: 'http(s) URL, or none',
    meaning: 'the simulated provider behind the gateway: its truth is read, and faults are set, there',
  },
  {
    name: 'PRICES',
    default: 'data/prices.json: an example',
    allowed: 'path of a JSON file',
    meaning: 'price table by model, of the form of data/prices.json',
  },
  {
    name: 'FAULTS',
    default: 'all',
    allowed: 'list of refuse, 503, hang_before, hang_mid, cut, 429',
    meaning: 'failover: what is made of the primary, in turn',
  },
  {
    name: 'CALIBRATION',
    default: '.cache/calibration.json',
    allowed: 'path, or none',
    meaning: 'what npm run calibrate wrote for this machine: a run looks the error of its own load up in it',
  },
  {
    name: 'MAX_ERROR',
    default: '5',
    allowed: 'number above 0',
    meaning: 'a run whose TTFT or gaps may be off by more than so many percent, by the calibration, is INVALID',
  },
  {
    name: 'TRACES',
    default: 'none',
    allowed: 'none, w3c, w3c:share',
    meaning: 'w3c sends a traceparent with each request; w3c:0.1 marks a tenth of them as sampled',
  },
  {
    name: 'TRACES_URL',
    default: '',
    allowed: 'http(s) URL with {id}',
    meaning: 'where a trace is looked at, as http://localhost:16686/trace/{id}: run.json and the table link to it',
  },
  {
    name: 'METRICS_URLS',
    default: '',
    allowed: 'list of http(s) URLs, or name=URL',
    meaning:
      'Prometheus pages of the target (gateway=http://127.0.0.1:9090/metrics): its CPU, memory, files are read during the run',
  },
  {
    name: 'METRICS_INTERVAL',
    default: '5s',
    allowed: 'from 1s to 60s',
    meaning: 'time between two readings of METRICS_URLS',
  },
  ...limitRows,
];
