import type { RequestNote } from './note';

/** One request as the simulated provider saw it (simulator/truth.ts); times in ns of its own monotonic clock. */
export interface TruthRecord {
  seq: number;
  id: string | null;
  model: string | null;
  /** The API and the region that the call came in on; "-": no region was named. */
  wire: string | null;
  region: string | null;
  received_ns: number;
  first_byte_ns: number | null;
  content_ns: number[];
  end_ns: number | null;
  status: number | null;
  fault: string | null;
  prompt_tokens: number | null;
  /** Of them, what its cache knew, and what the cache of any deployment of the model did; null: it is no matter of a cache. */
  cached_tokens?: number | null;
  cached_anywhere_tokens?: number | null;
  /** Tokens of the prompt that are the directive's. */
  directive_tokens?: number;
  completion_tokens: number;
  client_gone_ns: number | null;
  outcome: string;
}

/** One call of the gateway to a provider, on the clock of the load's schedule, ms. */
export interface Attempt {
  /** As `provider.deployments` names it: `<wire>/<region>/<model>`. */
  deployment: string;
  received: number;
  /** Received to first content; -1: none. */
  ttft: number;
  /** When its answer ended, or its caller left; -1: not known. */
  end: number;
  ok: boolean;
  fault: string | null;
  chunks: number;
  promptTokens: number;
  outputTokens: number;
  /** Answered with 200: a provider bills it. */
  billed: boolean;
}

/** The name of the deployment that a call went to: `wire/region/model`, with `*` for what is not known. */
export function deploymentOf({ wire, region, model }: TruthRecord): string {
  return `${wire ?? '*'}/${region ?? '*'}/${model ?? '*'}`;
}

const endOf = ({ end_ns: end, client_gone_ns: gone }: TruthRecord) => end ?? gone;

/** The provider calls that each request caused, in order. `offset` is from {@link alignment}. */
export function attemptsOf(
  requests: readonly RequestNote[],
  truth: readonly TruthRecord[],
  offset: number,
): Map<string, Attempt[]> {
  const byId = new Map<string, Attempt[]>(requests.map(({ id }) => [id, []]));
  for (const record of [...truth].sort((a, b) => a.received_ns - b.received_ns)) {
    const list = record.id === null ? undefined : byId.get(record.id);
    if (!list) continue;
    const first = record.content_ns[0];
    list.push({
      deployment: deploymentOf(record),
      received: record.received_ns / 1e6 - offset,
      ttft: first === undefined ? -1 : (first - record.received_ns) / 1e6,
      end: endOf(record) === null ? -1 : endOf(record)! / 1e6 - offset,
      ok: record.outcome === 'ok',
      fault: record.fault,
      chunks: record.content_ns.length,
      promptTokens: record.prompt_tokens ?? 0,
      outputTokens: record.completion_tokens,
      billed: record.status === 200,
    });
  }
  return byId;
}

/**
 * The provider's clock minus the schedule's, ms: the least (received - sent) of all requests, so that the shortest way
 * through the gateway counts as none. Undefined when no request reached the provider.
 */
export function alignment(requests: readonly RequestNote[], truth: readonly TruthRecord[]): number | undefined {
  const sent = new Map(requests.map((request) => [request.id, request.sent]));
  let least: number | undefined;
  for (const record of truth) {
    const at = record.id === null ? undefined : sent.get(record.id);
    if (at === undefined) continue;
    const difference = record.received_ns / 1e6 - at;
    if (least === undefined || difference < least) least = difference;
  }
  return least;
}
