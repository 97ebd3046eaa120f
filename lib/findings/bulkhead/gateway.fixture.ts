import { random } from '../../statistics';
import type { RequestNote, TruthRecord } from '../../truth';
import type { Observed } from '../observed';

/*
 * What a run of `bulkhead` would have noted of a gateway with a pool, reckoned without one: requests come at even times,
 * wait in their order for a place, and give up when their client does.
 */

/** `all`: each call holds a place to its end; `plain`: plain calls alone; `key`: these, and streams for a moment. */
export type Shared = 'nothing' | 'all' | 'plain' | 'key';

const patience = 2000;
const seconds = 12;
/** Requests a second, and the share of them that the healthy model gets. */
const phases = [
  { phase: 'alone', rate: 20, well: 1 },
  { phase: 'beside', rate: 40, well: 1 / 2 },
  { phase: 'slow', rate: 40, well: 1 / 2 },
  { phase: 'between', rate: 40, well: 1 / 2 },
  { phase: 'hung', rate: 80, well: 1 / 4 },
  { phase: 'after', rate: 40, well: 1 / 2 },
] as const;
const [first, answer] = [40, 120];

export function observedOf(shared: Shared, size: number): Observed {
  const free = Array<number>(size).fill(0);
  const requests: RequestNote[] = [];
  const truth: TruthRecord[] = [];
  phases.forEach(({ phase, rate, well }, p) => {
    for (let i = 0; i < rate * seconds; i++) {
      const sent = 1000 * (p * seconds + i / rate);
      const healthy = i % Math.round(1 / well) === 0;
      const plain = random(p, i).next() < 0.5;
      const slow = !healthy && phase === 'slow' ? 400 : 0;
      const holds = shared === 'all' || ((shared === 'plain' || shared === 'key') && plain);
      const needs = holds || shared === 'key';
      const place = free.indexOf(Math.min(...free));
      const start = needs ? Math.max(sent, free[place]!) + 1 : sent + 1;
      const hangs = !healthy && phase === 'hung';
      const asked = start < sent + patience;
      const ends = hangs || !asked ? sent + patience : start + slow + answer;
      const ok = asked && !hangs && ends <= sent + patience;
      if (holds && asked) free[place] = Math.min(ends, sent + patience);
      const id = `r${requests.length}`;
      requests.push(note({ id, phase, sent, plain, ok, ttft: start + slow + first - sent, end: ends - sent, healthy }));
      if (asked) truth.push(call(id, start, ok ? start + slow + first : null, Math.min(ends, sent + patience)));
    }
  });
  return { phases: [], timeline: [], requests, truth };
}

interface Made {
  id: string;
  phase: string;
  sent: number;
  plain: boolean;
  ok: boolean;
  ttft: number;
  end: number;
  healthy: boolean;
}

function note({ id, phase, sent, plain, ok, ttft, end, healthy }: Made): RequestNote {
  return {
    id,
    index: 0,
    phase,
    model: healthy ? 'well' : 'sick',
    sent,
    ttft: ok ? ttft : -1,
    e2e: ok ? end : -1,
    end: Math.min(end, patience),
    outcome: ok ? 'ok' : 'timeout_first',
    status: ok ? 200 : 0,
    chunks: ok ? 9 : 0,
    words: 9,
    gap: ok && !plain ? 10 : -1,
    gapMax: ok && !plain ? 12 : -1,
    ...(plain ? { plain } : {}),
  };
}

const ns = (ms: number) => Math.round(ms * 1e6);

function call(id: string, received: number, content: number | null, end: number): TruthRecord {
  return {
    seq: 0,
    id,
    model: 'm',
    wire: 'openai',
    region: '-',
    received_ns: ns(received),
    first_byte_ns: content === null ? null : ns(content),
    content_ns: content === null ? [] : [ns(content)],
    end_ns: ns(end),
    status: 200,
    fault: null,
    prompt_tokens: 1,
    completion_tokens: 1,
    client_gone_ns: null,
    outcome: 'ok',
  };
}
