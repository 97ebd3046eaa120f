import { randomBytes } from 'node:crypto';
import type { ClientRequest } from 'node:http';
import type { Exchange } from '../http/exchange';
import { isOneOf } from './flaws/kept';
import type { WatchedFlaws } from './flaws/watched';

/*
 * Spans of the gateway, sent as OTLP over HTTP in its JSON encoding (opentelemetry-proto 1.x: ids in hexadecimal,
 * 64-bit integers as text). Made by hand: OpenTelemetry's own exporter is ten packages with versions below 1, for the
 * two kinds of span that are made here.
 */

/** The W3C traceparent of a request, taken apart. */
interface Context {
  readonly trace: string;
  readonly parent: string;
  readonly sampled: boolean;
}

type Attribute = { key: string; value: { stringValue: string } | { intValue: string } };

interface OtlpSpan {
  traceId: string;
  spanId: string;
  parentSpanId: string;
  name: string;
  /** SPAN_KIND_SERVER, SPAN_KIND_CLIENT. */
  kind: 2 | 3;
  startTimeUnixNano: string;
  endTimeUnixNano: string;
  attributes: Attribute[];
  /** STATUS_CODE_UNSET, STATUS_CODE_ERROR. */
  status: { code: 0 | 2 };
}

const flushEvery = 500;
/** Spans that wait at most; more are dropped: a collector that is gone must not fill the gateway's memory. */
const waitingAtMost = 10_000;

/** The request that an exchange belongs to, for the calls to the provider that are made for it. */
const requests = new WeakMap<Exchange, { spans: Spans | null; context: Context; span: string; calls: boolean }>();

/**
 * Collects the gateway's spans and sends them to a collector's address for traces (as http://127.0.0.1:4318/v1/traces).
 */
export class Spans {
  #waiting: OtlpSpan[] = [];
  #sending: Promise<void> = Promise.resolve();
  #told = false;
  readonly #timer: NodeJS.Timeout;

  constructor(private readonly url: string) {
    this.#timer = setInterval(() => void this.flush(), flushEvery).unref();
  }

  add(span: OtlpSpan): void {
    if (this.#waiting.length < waitingAtMost) this.#waiting.push(span);
  }

  /** Sends what waits, one request after the other. A collector that does not take it is told of once on stderr. */
  flush(): Promise<void> {
    this.#sending = this.#sending.then(async () => {
      const spans = this.#waiting;
      if (spans.length === 0) return;
      this.#waiting = [];
      const resource = { attributes: [text('service.name', 'gsai-perf-reference-gateway')] };
      const body = JSON.stringify({
        resourceSpans: [{ resource, scopeSpans: [{ scope: { name: 'gsai-perf' }, spans }] }],
      });
      try {
        const answer = await fetch(this.url, {
          method: 'POST',
          headers: { 'content-type': 'application/json' },
          body,
          signal: AbortSignal.timeout(5_000),
        });
        if (!answer.ok) throw new Error(`status ${answer.status}: ${(await answer.text()).slice(0, 200)}`);
      } catch (error) {
        if (!this.#told)
          process.stderr.write(`simulator: spans cannot be sent to ${this.url}: ${(error as Error).message}\n`);
        this.#told = true;
      }
    });
    return this.#sending;
  }

  async close(): Promise<void> {
    clearInterval(this.#timer);
    await this.flush();
  }
}

/**
 * Notes a request with a traceparent, and makes its span when the answer has ended. The gateway begins no trace of its
 * own.
 */
export function traceRequest(
  exchange: Exchange,
  path: string,
  spans: Spans | null,
  { spans_missing: missing }: WatchedFlaws,
): void {
  const context = contextOf(exchange.request.headers.traceparent);
  if (context === null) return;
  const span = randomBytes(8).toString('hex');
  requests.set(exchange, { spans, context, span, calls: !missing.provider });
  if (spans === null || !context.sampled || isOneOf(exchange.record.seq, missing.share)) return;
  const start = nanos();
  const { request, response, record } = exchange;
  response.once('close', () => {
    const attributes = [
      text('http.request.method', request.method ?? ''),
      text('url.path', path),
      number('http.response.status_code', response.statusCode),
    ];
    if (record.model !== null) attributes.push(text('gen_ai.request.model', record.model));
    const failed = response.statusCode >= 500 || !['ok', 'rejected'].includes(record.outcome);
    spans.add({
      ...ids(context, span, context.parent),
      name: `${request.method} ${path}`,
      kind: 2,
      ...since(start),
      attributes,
      status: { code: failed ? 2 : 0 },
    });
  });
}

/**
 * To be told of a call to the provider before it is sent: passes the trace on, and makes the call's span when it has
 * ended.
 */
export function traceCall(exchange: Exchange, call: ClientRequest): void {
  const known = requests.get(exchange);
  if (known === undefined) return;
  const { spans, context } = known;
  const exported = spans !== null && context.sampled && known.calls;
  // Without a collector nobody would know this gateway's spans: the caller's stays the parent.
  const span = exported ? randomBytes(8).toString('hex') : context.parent;
  call.setHeader('traceparent', `00-${context.trace}-${span}-${context.sampled ? '01' : '00'}`);
  if (!exported) return;
  const start = nanos();
  let status: number | undefined;
  call.once('response', (answer) => {
    status = answer.statusCode;
  });
  call.once('close', () => {
    const attributes = [
      text('http.request.method', call.method),
      text('url.path', call.path),
      text('server.address', call.host),
    ];
    if (status !== undefined) attributes.push(number('http.response.status_code', status));
    spans.add({
      ...ids(context, span, known.span),
      name: `${call.method} ${call.path}`,
      kind: 3,
      ...since(start),
      attributes,
      status: { code: status === 200 ? 0 : 2 },
    });
  });
}

/** Null for no or a malformed header, which W3C has ignored. */
function contextOf(header: string | string[] | undefined): Context | null {
  const found = /^[0-9a-f]{2}-([0-9a-f]{32})-([0-9a-f]{16})-([0-9a-f]{2})(-.*)?$/.exec(String(header ?? ''));
  if (!found || /^0+$/.test(found[1]!) || /^0+$/.test(found[2]!)) return null;
  return { trace: found[1]!, parent: found[2]!, sampled: (Number.parseInt(found[3]!, 16) & 1) === 1 };
}

function ids({ trace }: Context, span: string, parent: string): Pick<OtlpSpan, 'traceId' | 'spanId' | 'parentSpanId'> {
  return { traceId: trace, spanId: span, parentSpanId: parent };
}

/** Unix time in ns, exact to a microsecond. */
function nanos(): string {
  return `${Math.round((performance.timeOrigin + performance.now()) * 1000)}000`;
}

function since(start: string): Pick<OtlpSpan, 'startTimeUnixNano' | 'endTimeUnixNano'> {
  return { startTimeUnixNano: start, endTimeUnixNano: nanos() };
}

function text(key: string, stringValue: string): Attribute {
  return { key, value: { stringValue } };
}

function number(key: string, value: number): Attribute {
  return { key, value: { intValue: String(value) } };
}
