import { stream, type StreamRecord } from 'k6/x/sse';
import type { Parameters } from '../config';
import { request } from '../openai';
import type { ClockOffset } from '../summary';
import type { Call, Workload } from '../workload';
import { ServerClock } from './clock';
import { detail, isErrorIn200, isWrongPath, refusal, type Asked } from './refusal';
import { wrongScheme } from './wrong-scheme';

export interface Preflight {
  /** Why the target cannot be tested, and what to do; "" when it can. */
  refused: string;
  /** How long the slowest of the probes took, seconds; 0 when none ended well. */
  seconds: number;
  /** How far the target's clock is ahead of ours; null when it told none. */
  clock: ClockOffset | null;
  /** What is to be known beside that. */
  notes: string[];
}

/**
 * One request of each kind and model before the load. It stops a run that could only measure its own misconfiguration:
 * no connection, a refused key, an unknown model, a page instead of an API. A target that is merely failing or slow
 * (429, 5xx, time-outs, empty answers) is let through: to find that out is what the load is for.
 */
export function preflight(workload: Workload, p: Parameters): Preflight {
  let slowest = 0;
  const clock = new ServerClock();
  const probe = (call: Call, turn: number): StreamRecord => {
    const { url, params } = request(call, p, turn);
    const sent = Date.now();
    const record = stream(url, { ...params, probe: true, timeouts: patience(p) });
    clock.heard(record.headers.date, sent, Date.now());
    return record;
  };
  const list = probe({ kind: 'models', size: 'list' }, 0);
  const offered = modelIds(list);
  const notes: string[] = [];
  const refusedScheme = wrongScheme(list, p.baseUrl, askBarely);
  if (refusedScheme) return { refused: refusedScheme, seconds: 0, notes, clock: clock.offset() };
  if (list.remarks.includes('address that did not answer'))
    notes.push(
      "the target's name has several addresses, and the first that was tried did not answer: the others are tried then, which makes connecting slower",
    );
  // Not every gateway has a model list: a 404 counts only where the load asks for it, and where the rest of the paths
  // is there. A list that may not be read says
  // nothing about a key that works for the rest, which the other probes show.
  const hidden = (list.status === 401 || list.status === 403) && workload.kinds.some((kind) => kind !== 'models');
  const asked = workload.kinds.includes('models');
  if (hidden)
    notes.push(
      `the key may not read the model list (${list.status}: ${detail(list)})${asked ? ': the load asks for it, and those requests will fail' : ''}`,
    );
  else if (list.status !== 404) {
    const refused = refusal(list, p, { kind: 'models', model: '', offered });
    if (refused) return { refused, seconds: 0, notes, clock: clock.offset() };
  }
  const tries: { call: Call; model: string; turn: number }[] = [];
  if (workload.kinds.includes('chat')) {
    const call: Call = {
      kind: 'chat',
      size: 'probe',
      messages: [{ role: 'user', content: 'Say in one short paragraph what a public library is for.' }],
    };
    tries.push(...p.models.map((model, turn) => ({ call, model, turn })));
  }
  if (workload.kinds.includes('embedding'))
    tries.push({
      call: { kind: 'embedding', size: 'probe', texts: ['Office hours of the permit desk'] },
      model: p.embeddingModel,
      turn: 0,
    });
  for (const { call, model, turn } of tries) {
    const record = probe(call, turn);
    const asked: Asked = { kind: call.kind, model, offered };
    const refused = refusal(record, p, asked);
    if (refused) {
      const wrongBase = isWrongPath(record, asked) || isErrorIn200(record);
      const better = wrongBase ? answeringBase(call, p, turn) : '';
      return { refused: `${refused}${better}`, seconds: 0, notes, clock: clock.offset() };
    }
    if (record.outcome === 'ok') slowest = Math.max(slowest, record.e2e / 1000);
  }
  const refused = asked && list.status === 404 ? refusal(list, p, { kind: 'models', model: '', offered }) : '';
  return { refused, seconds: slowest, notes, clock: clock.offset() };
}

/** What an OpenAI client's base URL mostly ends with. */
const usualEnds = ['/v1', '/api/v1'];

/** A longer BASE_URL at which the target takes the same request, as the rest of a sentence; "" where there is none. */
function answeringBase(call: Call, p: Parameters, turn: number): string {
  for (const end of usualEnds) {
    const baseUrl = `${p.baseUrl}${end}`;
    const { url, params } = request(call, { ...p, baseUrl }, turn);
    const answer = stream(url, { ...params, probe: true, timeouts: { first: 10_000, idle: 10_000, total: 30_000 } });
    if (answer.outcome === 'ok') return `. BASE_URL=${baseUrl} answers`;
  }
  return '';
}

/** How long a probe is waited for, ms: as long as the user said a request may take, where anything was said. */
function patience({ timeouts, timeoutsGiven }: Parameters): Parameters['timeouts'] {
  return timeoutsGiven.length > 0 ? timeouts : { first: 10_000, idle: 10_000, total: 30_000 };
}

/** The longest that all probes together may take, seconds. */
export function probesSeconds(workload: Workload, p: Parameters): number {
  const chats = workload.kinds.includes('chat') ? p.models.length : 0;
  return Math.ceil(((2 + chats) * patience(p).total) / 1000);
}

/** Asks an address for anything at all, without a key. */
const askBarely = (url: string): StreamRecord =>
  stream(url, {
    method: 'GET',
    expect: 'json',
    probe: true,
    apart: true,
    timeouts: { first: 5_000, idle: 5_000, total: 5_000 },
  });

/** Characters of a model's name that are shown. */
const longestName = 100;

/** Ids of a model list: OpenAI's envelope or GSAi's bare array. */
function modelIds({ status, body }: StreamRecord): string[] {
  if (status !== 200) return [];
  try {
    const parsed = JSON.parse(body) as { data?: unknown } | unknown[];
    const items = Array.isArray(parsed) ? parsed : Array.isArray(parsed.data) ? parsed.data : [];
    return items.flatMap((item: { id?: unknown } | null) =>
      typeof item?.id === 'string' ? [item.id.slice(0, longestName)] : [],
    );
  } catch {
    return [];
  }
}
