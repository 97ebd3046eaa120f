import { sleep } from 'k6';
import crypto from 'k6/crypto';
import http from 'k6/http';
import { isScraped, isTraced } from '../findings';
import { note, notes } from '../journal';
import { probe } from '../openai';
import type { Parameters } from '../config';
import type { RequestNote, TraceNote } from '../truth';
import type { Feature } from './test';
import { readPageOf } from './watch';

/** Requests whose way onto the page is watched, and how long at most, s; how often it is looked. */
const [probes, patience, glance] = [3, 30, 0.25];
/** Traces that are read after the load. */
const tracesRead = 200;

const traceOf = (id: string) => crypto.md5(id, 'hex');

/**
 * The pages of the target are read every second in some phases and not at all in the others; in some, every request is
 * traced. After the load it is watched how soon a request is on the page, and the traces are read (JAEGER_URL).
 */
export function monitoring(): Feature {
  return {
    parameters(p) {
      p.pagesEvery = 1;
    },
    plan(draft) {
      draft.scraped = isScraped;
    },
    phaseBegins(phase) {
      note('phase', phase);
    },
    shape(call, id, _, { phase }) {
      if (!isTraced(phase) || (call.kind !== 'chat' && call.kind !== 'embedding')) return call;
      const trace = traceOf(id);
      return { ...call, traceparent: `00-${trace}-${trace.slice(16)}-01` };
    },
    afterwards({ p }) {
      for (let i = 0; i < probes; i++) {
        const seen = refresh(p);
        if (seen) note('refresh', seen);
      }
    },
    observe(evidence, { p }) {
      evidence.refreshes = notes('refresh').kept;
      if (p.jaegerUrl !== undefined) evidence.traces = tracesOf(evidence.requests, p.jaegerUrl);
    },
  };
}

/** Sends a request, and looks at the page until that has counted it; undefined where the page counts no requests. */
function refresh(p: Parameters): { seconds?: number } | undefined {
  const page = p.pages[0]!;
  const first = readPageOf(page, p.pageNames);
  // A page that is not there any more has not counted it.
  if ('failure' in first) return {};
  const before = first.raw.values.target_requests;
  if (before === undefined) return undefined;
  const count = () => {
    const found = readPageOf(page, p.pageNames);
    return 'failure' in found ? undefined : found.raw.values.target_requests;
  };
  probe({ kind: 'models', size: 'list' }, p, 0);
  for (const sent = Date.now(); Date.now() < sent + patience * 1000; sleep(glance))
    if ((count() ?? before) > before) return { seconds: (Date.now() - sent) / 1000 };
  return {};
}

function tracesOf(requests: readonly RequestNote[], jaegerUrl: string): TraceNote[] {
  const traced = requests.filter(({ phase, outcome }) => isTraced(phase) && outcome === 'ok');
  const every = Math.max(1, Math.ceil(traced.length / tracesRead));
  return traced
    .filter((_, i) => i % every === 0)
    .map(({ id, end }): TraceNote => {
      const { status, body } = http.get(`${jaegerUrl}/api/traces/${traceOf(id)}`, { timeout: '5s' });
      const spans = status === 200 && typeof body === 'string' ? spansOf(body) : [];
      const of = (kind: string) => spans.filter((span) => span.kind === kind);
      const [server, calls] = [of('server'), of('client')];
      const serverMs = Math.max(0, ...server.map(({ ms }) => ms));
      return { found: spans.length > 0, server: server.length, calls: calls.length, serverMs, clientMs: end };
    });
}

interface JaegerSpan {
  duration: number;
  tags?: { key: string; value: unknown }[];
}

/** Of Jaeger's answer: what each span is, and how long. */
function spansOf(body: string): { kind: string; ms: number }[] {
  try {
    const { data } = JSON.parse(body) as { data?: { spans: JaegerSpan[] }[] };
    return (data?.[0]?.spans ?? []).map(({ duration, tags = [] }) => ({
      kind: String(tags.find(({ key }) => key === 'span.kind')?.value ?? 'internal'),
      ms: duration / 1000,
    }));
  } catch {
    return [];
  }
}
