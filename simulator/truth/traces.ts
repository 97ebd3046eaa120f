import { isFields } from '../settings/merge';

/*
 * A collector of traces: takes spans as OTLP over HTTP in JSON (opentelemetry-proto 1.x), and gives a trace back as
 * Jaeger's query service does (GET /api/traces/<id>), so that what reads Jaeger can read this.
 */

interface Span {
  traceID: string;
  spanID: string;
  operationName: string;
  references: { refType: 'CHILD_OF'; traceID: string; spanID: string }[];
  /** Unix time, microseconds. */
  startTime: number;
  /** Microseconds. */
  duration: number;
  tags: { key: string; type: string; value: unknown }[];
  processID: 'p1';
}

/** Traces that are kept: the oldest goes first. */
const tracesAtMost = 20_000;
/** As the numbers of OTLP name them. */
const kinds = ['unspecified', 'internal', 'server', 'client', 'producer', 'consumer'];

const listOf = (value: unknown): Record<string, unknown>[] => (Array.isArray(value) ? value.filter(isFields) : []);
const microseconds = (nanos: unknown): number => Math.round(Number(nanos) / 1000);

/** The spans that were exported to this port, by trace, as many as there is room for. */
export class Traces {
  readonly #traces = new Map<string, Span[]>();

  /** Takes an export. What is not of its form is passed over. */
  take(body: unknown): void {
    for (const resource of listOf(isFields(body) ? body.resourceSpans : []))
      for (const scope of listOf(resource.scopeSpans)) for (const span of listOf(scope.spans)) this.#add(span);
  }

  /** Jaeger's answer for a trace; null where there is no such trace. */
  find(id: string): { data: { traceID: string; spans: Span[] }[] } | null {
    const spans = this.#traces.get(id);
    return spans === undefined ? null : { data: [{ traceID: id, spans }] };
  }

  #add(span: Record<string, unknown>): void {
    const { traceId, spanId, parentSpanId, name, kind, startTimeUnixNano: start, endTimeUnixNano: end } = span;
    const traceID = String(traceId);
    const parent = String(parentSpanId ?? '');
    const known = this.#traces.get(traceID) ?? [];
    known.push({
      traceID,
      spanID: String(spanId),
      operationName: String(name),
      references: parent === '' ? [] : [{ refType: 'CHILD_OF', traceID, spanID: parent }],
      startTime: microseconds(start),
      duration: microseconds(end) - microseconds(start),
      tags: [{ key: 'span.kind', type: 'string', value: kinds[Number(kind)] ?? kinds[0] }],
      processID: 'p1',
    });
    this.#traces.set(traceID, known);
    const [oldest] = this.#traces.keys();
    if (this.#traces.size > tracesAtMost && oldest !== undefined) this.#traces.delete(oldest);
  }
}
