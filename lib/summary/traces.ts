import type { Trace } from 'k6/x/sse';

/** One request whose trace was sampled. Durations are ms, null for what did not happen. */
export interface TraceReport {
  trace_id: string;
  /** The id that the request gave as its parent: no span of this suite's own stands behind it. */
  parent_id: string;
  outcome: string;
  /** When it was sent, seconds since the load began. */
  sent_s: number;
  ttft: number | null;
  e2e: number | null;
  tags: Record<string, string>;
  /** TRACES_URL with the id put in. */
  link?: string;
}

export interface TracesReport {
  /** Share of the requests whose traceparent said sampled, as asked for, and how many that were. */
  share: number;
  sampled: number;
  /** By e2e, of those that ended well; the slowest first. */
  slowest: TraceReport[];
  /** The first few of each outcome. */
  failed: TraceReport[];
}

/** What run.json says of the traces; `url` holds `{id}` where the trace id belongs. */
export function tracesReport(
  told: { sampled: number; slowest: Trace[]; failed: Trace[] },
  share: number,
  url?: string,
): TracesReport {
  const happened = (value: number) => (value < 0 ? null : value);
  const report = ({ id, span, outcome, sent, ttft, e2e, tags }: Trace): TraceReport => ({
    trace_id: id,
    parent_id: span,
    outcome,
    sent_s: sent / 1000,
    ttft: happened(ttft),
    e2e: happened(e2e),
    tags,
    ...(url === undefined ? {} : { link: url.split('{id}').join(id) }),
  });
  return { share, sampled: told.sampled, slowest: told.slowest.map(report), failed: told.failed.map(report) };
}

/** The table's lines: the slowest three, and the first that failed. */
export function traceLines({ traces }: { traces?: TracesReport }): string[] {
  if (!traces) return [];
  const line = (t: TraceReport) =>
    `${t.e2e === null ? '-' : Math.round(t.e2e)} ms${t.outcome === 'ok' ? '' : ` ${t.outcome}`}  ${t.link ?? t.trace_id}`;
  const named = [
    ...traces.slowest.slice(0, 3).map((t) => `slowest ${line(t)}`),
    ...traces.failed.slice(0, 1).map((t) => `failed ${line(t)}`),
  ];
  return [
    `  traces      ${traces.sampled} sampled${named.length > 0 ? '' : ', none ended'}`,
    ...named.map((text) => `              ${text}`),
  ];
}
