import { arrivalRows } from './arrivals';
import { limitRows } from './answer-limits';
import { authRows } from './auth';
import { exchangeRows } from './exchange-rows';
import { operationRows } from './operation';
import { networkRows } from './network';
import type { ParameterRow } from './row';
import { sessionRows } from './sessions';
import { headerRows } from './telling-headers';
import { tlsRows } from './tls';
import { tokenizerRows } from './tokenizers';

export const simulatorUrl = 'http://127.0.0.1:8080/api/v1';
/** The simulator's own key: no secret, and sent to the simulator's address only. */
export const simulatorKey = 'gsai-sim-key';
/** Keys of eight agencies that the simulator knows, for scripts that compare agencies. */
export const simulatorKeys: readonly string[] = Array.from({ length: 8 }, (_, i) =>
  i === 0 ? simulatorKey : `${simulatorKey}-${i + 1}`,
);
/** The reference gateway's own Prometheus page. */
export const simulatorPage = 'http://127.0.0.1:8080/metrics';
export const simulatedProviderUrl = 'http://127.0.0.1:8090/v1';

/** The one table of parameters: `npm run params` prints it, and docs/parameters.md is made from it. */
export const parameterTable: readonly ParameterRow[] = [
  {
    name: 'BASE_URL',
    default: simulatorUrl,
    allowed: 'http(s) URL',
    meaning:
      "the gateway, as an OpenAI client's base URL: ends before /chat/completions; a query, such as ?api-version=2024-10-21, is kept on every route",
  },
  {
    name: 'API_KEY',
    default: "the simulator's, for the simulator's address only",
    allowed: 'text without spaces, or none',
    meaning: "the key (or the secret API_KEY of k6's --secret-source); none sends none",
  },
  {
    name: 'API_KEYS_FILE',
    default: '',
    allowed: 'path',
    meaning:
      'a file with one key on each line (one for each agency); the keys are used in turn, or as often as the weight says that follows a key on its line (`key 8`). Give it in place of API_KEY',
  },
  {
    name: 'TARGET',
    default: 'none',
    allowed: 'path of a JSON file',
    meaning:
      'a file of targets/: what is known of one kind of gateway. Each parameter that is given wins over it; MODEL=@reasoning takes the model that it names so',
  },
  ...authRows,
  { name: 'MODEL', default: 'claude_3_haiku', allowed: 'text', meaning: 'chat model' },
  {
    name: 'MODELS',
    default: '',
    allowed: 'list with commas',
    meaning: 'several chat models, which are asked in turn. Give it in place of MODEL',
  },
  { name: 'EMBEDDING_MODEL', default: 'cohere_english_v3', allowed: 'text', meaning: 'embedding model' },
  {
    name: 'RATE',
    default: "the plan's",
    allowed: 'number above 0',
    meaning: 'requests per second of the highest phase (open load)',
  },
  {
    name: 'VUS',
    default: 'by Little’s law',
    allowed: 'whole number from 1',
    meaning: 'alone: that many users without pause (closed load); with RATE: at most so many requests under way',
  },
  {
    name: 'DURATION',
    default: "the plan's",
    allowed: 'like 30s, 5m, 1h30m',
    meaning: 'the whole length of the load; the phases keep their proportions',
  },
  { name: 'SCALE', default: '1', allowed: 'number above 0, at most 100', meaning: "share of the plan's rates" },
  {
    name: 'TIME_SCALE',
    default: '1',
    allowed: 'number above 0, at most 100',
    meaning: "share of the plan's durations",
  },
  {
    name: 'MAX_RATE',
    default: 'none',
    allowed: 'number above 0, at most 100000',
    meaning: 'stress: requests per second that it does not go beyond, though the target has not broken',
  },
  {
    name: 'PROMPT_TOKENS',
    default: 'as the workload has them',
    allowed: 'whole number from 1',
    meaning: 'all prompts have about this many tokens; exactly so many, where TOKENIZERS says by which count',
  },
  ...tokenizerRows,
  {
    name: 'PLAIN_SHARE',
    default: "the workload's: 0.857 of the chats in the plan's mix",
    allowed: 'number from 0 to 1',
    meaning: 'share of the chats that are asked for whole, not as a stream',
  },
  {
    name: 'CONTEXT_WINDOW',
    default: '200000',
    allowed: 'whole number from 1000',
    meaning: 'context-window: the size that is documented for the model, in tokens of prompt and answer together',
  },
  { name: 'MAX_TOKENS', default: 'not sent', allowed: 'whole number from 1', meaning: 'max_tokens of chat requests' },
  ...exchangeRows,
  ...sessionRows,
  ...tlsRows,
  ...networkRows,
  ...arrivalRows,
  {
    name: 'SEED',
    default: '1',
    allowed: 'whole number from 0',
    meaning: 'the seed from which prompts, mix and arrivals are drawn',
  },
  {
    name: 'OBJECTIVES',
    default: "the script's",
    allowed: 'path of a JSON file',
    meaning: 'objectives to judge by, in place of thresholds/<script>.json',
  },
  {
    name: 'OUT',
    default: 'results',
    allowed: 'path',
    meaning: 'the folder in which each run makes a folder of its own',
  },
  {
    name: 'PROVIDER_URL',
    default: "the simulator's, when BASE_URL is the simulator's",
    allowed: 'http(s) URL, or none',
    meaning: 'the simulated provider behind the gateway: scripts read its record there, and cause faults',
  },
  {
    name: 'PRICES',
    default: 'data/prices.json: an example',
    allowed: 'path of a JSON file',
    meaning: 'a table of prices by model, in the form of data/prices.json',
  },
  {
    name: 'FAULTS',
    default: 'refuse, 503, hang_before, hang_mid, cut, 429',
    allowed: 'list of these and of 500, error_event, slow, half, all-429',
    meaning: 'failover: the faults that are caused, one after another',
  },
  {
    name: 'CALIBRATION',
    default: '.cache/calibration.json',
    allowed: 'path, or none',
    meaning: 'what npm run calibrate wrote for this machine; a run finds the error of its own load in it',
  },
  {
    name: 'MAX_ERROR',
    default: '5',
    allowed: 'number above 0',
    meaning: 'a run is INVALID if, by the calibration, its TTFT or gaps may be wrong by more than so many percent',
  },
  {
    name: 'TRACES',
    default: 'none',
    allowed: 'none, w3c, w3c:share',
    meaning: 'w3c sends a traceparent with each request; w3c:0.1 marks a tenth of them as sampled',
  },
  {
    name: 'REQUESTS',
    default: 'none',
    allowed: 'none, all, sample, failed',
    meaning:
      'writes requests.jsonl beside run.json: a line for each request, for about 20,000 drawn from all, or for those that failed',
  },
  {
    name: 'TRACES_URL',
    default: '',
    allowed: 'http(s) URL with {id}',
    meaning:
      'the address at which a trace can be seen, such as http://localhost:16686/trace/{id}; run.json and the table link to it',
  },
  {
    name: 'GRAFANA_URL',
    default: '',
    allowed: 'http(s) URL',
    meaning:
      "the address of the Grafana that has this project's dashboards, such as http://localhost:3000; the table and the report link to this run there. With the address of one, such as http://localhost:3000/d/gsai-perf-prometheus-overview, they link to that one",
  },
  {
    name: 'BASE_URLS',
    default: '',
    allowed: 'list of http(s) URLs',
    meaning:
      'instances behind the balancer of BASE_URL, which balance asks directly too, each with the same path as BASE_URL',
  },
  ...headerRows,
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
    meaning: 'the time between two readings of METRICS_URLS',
  },
  {
    name: 'METRICS_MAP',
    default: '',
    allowed: 'list of target_name=name',
    meaning:
      'names that the pages of METRICS_URLS have for what is read of them, such as target_connections=my_pool_in_use; docs/measuring.md lists ours',
  },
  {
    name: 'START_AFTER',
    default: 'as soon as the target was tried',
    allowed: 'from 1s to 120s',
    meaning:
      'the load begins so long after the run was started: so the runners of one load begin together, however long the target took to be tried',
  },
  ...operationRows,
  ...limitRows,
];
