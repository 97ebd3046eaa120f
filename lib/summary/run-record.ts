import type { Credentials, Told } from 'k6/x/sse';
import { isFields, type Fields, type Parameters } from '../config';
import type { CostReport } from '../cost';
import type { Load } from '../load';
import type { Finding, MetricReport, PhaseReport, TimelinePoint } from '../measurements';
import type { MetricName, Tags } from '../metrics';
import type { ResourceReport } from '../monitor';
import type { Judgement } from '../verdict';
import type { FailureReport } from './failures';
import type { InstrumentReport } from './instrument';
import type { OutputReport } from './outputs';
import type { MergedRun, PartReport } from './part';
import type { RequestsReport } from './requests';
import type { TracesReport } from './traces';

/** run.json: the source of truth of a run. Schema: `run.schema.json`; a test compares the two. */
export interface RunRecord {
  schema: 2;
  run_id: string;
  script: string;
  row: string;
  profile: { phases: Load; arrivals: string; vus: number; allowed_s: number };
  /** ISO 8601, UTC: when the load began (or the run, when no load did). */
  started_at: string;
  duration_s: number;
  verdict: Judgement['verdict'];
  reasons: Judgement['reasons'];
  objectives: Judgement['objectives'];
  findings: Finding[];
  /** What the run said about itself: the VUs that it worked out, contradictions of the plan. */
  notes: string[];
  /** What was told of answers beside their outcomes; absent when there was nothing. */
  remarks?: Told[];
  /** What the target said of requests that failed; absent when none failed. */
  failures?: FailureReport;
  /** `resent`: requests that went out a second time, each counted once among the started; absent when there were none. */
  counts: { started: number; finished: number; failed: number; interrupted: number; resent?: number };
  outcomes: { outcome: string; tags: Tags; count: number }[];
  phases: PhaseReport[];
  metrics: Partial<Record<MetricName, MetricReport[]>>;
  timeline: TimelinePoint[];
  instrument: InstrumentReport;
  environment: Environment;
  /** With METRICS_URLS only: what each page of the target said. */
  resources?: ResourceReport[];
  /** With REQUESTS only: the file of single requests. */
  requests?: RequestsReport;
  /** With TRACES=w3c only. */
  traces?: TracesReport;
  /** Outputs of k6 (--out) that could not keep everything; absent when none complained. */
  outputs?: OutputReport[];
  /** null: no model of the run has a price. */
  cost: CostReport | null;
  /** Of a run that is one part of a load only. */
  part?: PartReport;
  /** Of a record that npm run merge made only: the parts that it was added up of. */
  merged_from?: MergedRun[];
}

export interface Environment {
  hostname: string;
  os: string;
  kernel: string;
  arch: string;
  cpu_model: string;
  cpus: number;
  memory_bytes: number;
  k6: string;
  go: string;
  project: string;
  commit: string;
  target: string;
  /** The proxy through which it was asked, without its login; absent when there was none. */
  proxy?: { address: string; login: boolean; from: string };
  /** Every parameter; keys only by their number. */
  parameters: Record<string, unknown>;
}

/** Names under which secrets are sent in headers and bodies. */
const secretNames = /auth|key|token|secret|password|cookie|credential|signature/i;
/** Fields of bodies that such a name means nothing else of. */
const countsOfTokens = /tokens|token_ids|logit|cache_key/i;

/** A value without what stands under a name of secrets. */
function redacted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(redacted);
  if (!isFields(value)) return value;
  return Object.fromEntries(
    Object.entries(value).map(([name, inner]) => [
      name,
      inner !== null && secretNames.test(name) && !countsOfTokens.test(name) ? '(not recorded)' : redacted(inner),
    ]),
  );
}

/** The texts that stand under a name of secrets, which a target may repeat. */
export function secretValues(value: unknown): string[] {
  if (Array.isArray(value)) return value.flatMap(secretValues);
  if (!isFields(value)) return [];
  return Object.entries(value).flatMap(([name, inner]) =>
    typeof inner === 'string' && secretNames.test(name) && !countsOfTokens.test(name) ? [inner] : secretValues(inner),
  );
}

/** Where what authenticates comes from. */
function shown({ file, command, oauth, sigv4 }: Credentials): Fields {
  return {
    file,
    command: command?.[0],
    oauth: oauth && { url: oauth.url, scopes: oauth.scopes, audience: oauth.audience },
    sigv4: sigv4 && { region: sigv4.region, service: sigv4.service },
  };
}

/** Parameters for the record: without the keys, and without what else is secret. */
export function safeParameters(p: Parameters): Fields {
  const { apiKeys, tls, headers, body, embeddingBody, credentials, timeoutsGiven: _, proxy, ...rest } = p;
  const { pem: __, ...files } = tls;
  return {
    ...rest,
    apiKeys: apiKeys.length,
    ...(credentials ? { credentials: shown(credentials) } : {}),
    tls: files,
    ...(proxy === undefined ? {} : { proxy: proxy.replace(/\/\/.*@/, '//') }),
    headers: redacted(headers),
    body: redacted(body),
    embeddingBody: redacted(embeddingBody),
  };
}
