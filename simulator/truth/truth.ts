import { createHash } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Wire } from '../settings/wire';
import type { FaultName } from '../faults/faults';
import { Lateness } from '../time/lateness';
import { nowNs } from '../time/clock';

/**
 * `open` in flight; `ok` answered as a good server would; `fault` misbehaved as told; `rejected` refused by a rule of
 * its own (4xx, a full pool); `failed` the gateway's call to the provider did; `client_gone` the client left first.
 */
export type Outcome = 'open' | 'ok' | 'fault' | 'rejected' | 'failed' | 'client_gone';

/**
 * One request as the server saw it. All times are CLOCK_MONOTONIC in ns; a write is stamped just before it is handed to
 * the socket.
 */
export interface TruthRecord {
  readonly seq: number;
  /**
   * The directive's id, else the header x-request-id; the gateway passes its own on, so its call and the provider's
   * have the same.
   */
  id: string | null;
  readonly path: string;
  /** The header, as it came. */
  readonly traceparent: string | null;
  model: string | null;
  /** Provider: the API and the region that the call came in on, as in `provider.deployments`. */
  wire: Wire | null;
  region: string | null;
  stream: boolean;
  readonly received_ns: number;
  /** The headers. */
  first_byte_ns: number | null;
  /** One for each chunk with content. */
  content_ns: number[];
  usage_ns: number | null;
  end_ns: number | null;
  status: number | null;
  fault: FaultName | null;
  /**
   * Provider: what the API calls the error that it sent: `rate_limit_exceeded`, `ThrottlingException`, `UNAVAILABLE`.
   */
  error: string | null;
  prompt_tokens: number | null;
  /** Of them, what the provider's cache knew; null: the prompt was too short for it, or there is none. */
  cached_tokens: number | null;
  /** What the call has written to it. */
  cache_written_tokens: number | null;
  /** What the cache of some deployment of this model knew; null: as above, or the prompt marks nothing that is to be kept. */
  cached_anywhere_tokens: number | null;
  /** Of the prompt's tokens, those of the directive and the space before it: exact for a directive that ends its text. */
  directive_tokens: number;
  /** Written to the client until now, or until it left. */
  completion_tokens: number;
  /**
   * Provider: what the call costs. The prompt as soon as the model begins; the answer's tokens up to now, or those that
   * were due when the client left. 0 for a call that was refused before. The gateway bills nothing: null.
   */
  billed_prompt_tokens: number | null;
  billed_completion_tokens: number | null;
  /** SHA-256 (hex) of the JSON of `messages` (embeddings: of `input`) as received. */
  prompt_sha: string | null;
  client_gone_ns: number | null;
  outcome: Outcome;
  /** The gateway's calls to the provider, retries included, and when the last one began. */
  provider_calls: number;
  provider_call_ns: number | null;
}

/** SHA-256 of a prompt's JSON, in hexadecimal: two prompts that are alike have the same. */
export function promptSha(prompt: unknown): string {
  return createHash('sha256')
    .update(JSON.stringify(prompt) ?? '')
    .digest('hex');
}

/** Notes that the answer is complete. `now` is the time of its last write. */
export function settle(record: TruthRecord, now: number): void {
  record.end_ns = now;
  if (record.outcome === 'open') record.outcome = (record.status ?? 0) < 400 ? 'ok' : 'rejected';
}

/** Which requests of the truth are wanted: all that fit. */
export interface Choice {
  readonly limit: number;
  readonly id: string | null;
  /** Beginning of the id. */
  readonly prefix: string | null;
  /**
   * Only records with a higher number, and then `limit` keeps the oldest, so that a reader can go on from page to page.
   */
  readonly after: number | null;
}

/** What one port knows of the requests that it served: a ring of the latest `limit`. */
export class Truth {
  readonly lateness = new Lateness();
  #records: TruthRecord[] = [];
  #seq = 0;
  #dropped = 0;

  constructor(private readonly limit: () => number) {}

  /** Notes a request, with the times and the end that its connection tells. To be called first thing. */
  open(request: IncomingMessage, response: ServerResponse): TruthRecord {
    const id = request.headers['x-request-id'];
    const record: TruthRecord = {
      seq: ++this.#seq,
      id: typeof id === 'string' ? id : null,
      path: (request.url ?? '').split('?', 1)[0] ?? '',
      traceparent: String(request.headers.traceparent ?? '') || null,
      model: null,
      wire: null,
      region: null,
      stream: false,
      received_ns: nowNs(),
      first_byte_ns: null,
      content_ns: [],
      usage_ns: null,
      end_ns: null,
      status: null,
      fault: null,
      error: null,
      prompt_tokens: null,
      cached_tokens: null,
      cache_written_tokens: null,
      cached_anywhere_tokens: null,
      directive_tokens: 0,
      completion_tokens: 0,
      billed_prompt_tokens: null,
      billed_completion_tokens: null,
      prompt_sha: null,
      client_gone_ns: null,
      outcome: 'open',
      provider_calls: 0,
      provider_call_ns: null,
    };
    this.#records.push(record);
    // Cut in large steps: shift() on each request would move 20,000 entries each time.
    if (this.#records.length >= 2 * this.limit()) this.#trim();
    response.once('close', () => {
      if (record.end_ns !== null) return;
      record.client_gone_ns = nowNs();
      record.outcome = record.fault === null ? 'client_gone' : 'fault';
    });
    return record;
  }

  clear(): void {
    this.#records = [];
    this.#dropped = 0;
    this.lateness.clear();
  }

  /**
   * The answer of GET /truth, in pieces, so that 20,000 requests do not hold up the event loop. Without `after`,
   * `limit` keeps the newest.
   */
  *report({ limit, id, prefix, after }: Choice): Generator<string> {
    this.#trim();
    const chosen = this.#records.filter(
      (record) =>
        (id === null || record.id === id) &&
        (prefix === null || record.id?.startsWith(prefix)) &&
        record.seq > (after ?? 0),
    );
    const kept =
      after !== null ? chosen.slice(0, limit) : limit < chosen.length ? chosen.slice(chosen.length - limit) : chosen;
    const head = { clock: 'monotonic ns', dropped: this.#dropped, lateness: this.lateness.report() };
    yield `${JSON.stringify(head).slice(0, -1)},"requests":[`;
    for (let index = 0; index < kept.length; index += 100) {
      const part = kept.slice(index, index + 100).map((record) => JSON.stringify(record));
      yield (index === 0 ? '' : ',') + part.join(',');
    }
    yield ']}';
  }

  #trim(): void {
    const over = this.#records.length - this.limit();
    if (over <= 0) return;
    this.#records.splice(0, over);
    this.#dropped += over;
  }
}
