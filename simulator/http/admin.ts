import { ConfigError } from '../settings/check';
import { blockEventLoop } from '../time/block';
import { readBody, Refusal } from './exchange';
import { foreign, isJson } from './local';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { isFields } from '../settings/merge';
import { metricsPage } from './process-metrics';
import type { ConfigStore } from '../settings/store';
import type { Traces } from '../truth/traces';
import type { Choice, Truth } from '../truth/truth';

/** What the admin routes of one port may look at and change. */
export interface Controlled {
  readonly store: ConfigStore;
  readonly truth: Truth;
  readonly traces: Traces;
  /** What GET /metrics says beside the process's own figures. */
  readonly page?: (process: string) => Promise<string>;
}

const MAX_STALL_MS = 600_000;
const ROUTES = ['/truth', '/lateness', '/config', '/config/reset', '/stall', '/metrics', '/v1/traces'];
/** Jaeger's route of a trace. */
const TRACE = /^\/api\/traces\/([0-9a-f]{1,32})$/;

/** Whether a path, without its query, is that of an admin route. */
export function isControl(path: string): boolean {
  return ROUTES.includes(path) || TRACE.test(path);
}

/**
 * Whoever knows this may give orders from anywhere, in the header x-simulator-token: for a simulator that is called by a
 * name with dots in it.
 */
const token = process.env.SIMULATOR_TOKEN ?? '';

/** Why an admin request is not heeded, with the status; undefined where it is. */
function refusalOf({ method, headers }: IncomingMessage, path: string, host: string): Refusal | undefined {
  if (path === '/metrics' && method === 'GET') return undefined; // tells of the process alone
  if (token !== '' && headers['x-simulator-token'] === token) return undefined;
  const why = foreign(headers, host);
  if (why)
    return new Refusal(403, {
      error: `${why}. Or give the environment variable SIMULATOR_TOKEN to the simulator, and the same in the header x-simulator-token; see simulator/README.md.`,
    });
  if ((method === 'POST' || method === 'PATCH' || method === 'PUT') && !isJson(headers))
    return new Refusal(415, {
      error: `${method} ${path} wants the header content-type: application/json, so that no web page can send it unasked.`,
    });
  return undefined;
}

/** Answers an admin route. These are not under the API's base path, need no key and leave no trace in the truth. */
export async function control(
  request: IncomingMessage,
  response: ServerResponse,
  { store, truth, traces, page }: Controlled,
  host: string,
): Promise<void> {
  const url = new URL(request.url ?? '/', 'http://simulator');
  const answer = (status: number, body: unknown): void => {
    response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
  };
  try {
    const refused = refusalOf(request, url.pathname, host);
    if (refused) throw refused;
    const trace = TRACE.exec(url.pathname)?.[1];
    if (trace !== undefined && request.method === 'GET') {
      const found = traces.find(trace);
      return answer(found ? 200 : 404, found ?? { data: null, errors: [{ code: 404, msg: 'trace not found' }] });
    }
    switch (`${request.method} ${url.pathname}`) {
      case 'GET /truth':
        return await sendTruth(response, truth, choiceOf(url));
      case 'DELETE /truth':
        truth.clear();
        return answer(200, { cleared: true });
      case 'GET /lateness':
        return answer(200, truth.lateness.report());
      case 'GET /config':
        return answer(200, store.current);
      case 'PATCH /config':
        await store.patch(parse(await readBody(request)));
        return answer(200, store.current);
      case 'POST /config/reset':
        await store.reset();
        return answer(200, store.current);
      case 'POST /v1/traces':
        traces.take(parse(await readBody(request)));
        return answer(200, {});
      case 'POST /stall': {
        const ms = stallOf(parse(await readBody(request)));
        // Answered when it is over, as everything else is then.
        blockEventLoop(ms);
        return answer(200, { stalled_ms: ms });
      }
      case 'GET /metrics': {
        const { contentType, text } = await metricsPage();
        response.writeHead(200, { 'content-type': contentType }).end((await page?.(text)) ?? text);
        return;
      }
      default:
        return answer(405, { error: `${request.method} ${url.pathname} is not a route; see simulator/README.md.` });
    }
  } catch (error) {
    if (error instanceof ConfigError) return answer(400, { error: error.message });
    if (error instanceof Refusal) return answer(error.status, error.body);
    if (!response.destroyed) throw error;
  }
}

function parse(body: string): unknown {
  try {
    return JSON.parse(body);
  } catch (error) {
    throw new ConfigError(`The body is not JSON: ${(error as Error).message}`);
  }
}

function choiceOf({ searchParams }: URL): Choice {
  const whole = (name: string): number | null => {
    const given = searchParams.get(name);
    if (given !== null && !/^\d+$/.test(given))
      throw new ConfigError(`${name} is "${given}", but must be a whole number from 0 on.`);
    return given === null ? null : Number(given);
  };
  return {
    limit: whole('limit') ?? Infinity,
    id: searchParams.get('id'),
    prefix: searchParams.get('prefix'),
    after: whole('after'),
  };
}

function stallOf(body: unknown): number {
  const ms = isFields(body) ? body.ms : undefined;
  if (typeof ms === 'number' && ms >= 0 && ms <= MAX_STALL_MS) return ms;
  throw new ConfigError(`ms is ${JSON.stringify(ms) ?? 'absent'}, but must be a number from 0 to ${MAX_STALL_MS}.`);
}

async function sendTruth(response: ServerResponse, truth: Truth, choice: Choice): Promise<void> {
  response.writeHead(200, { 'content-type': 'application/json' });
  for (const part of truth.report(choice)) {
    response.write(part);
    await new Promise((resolve) => setImmediate(resolve));
    if (response.destroyed) return;
  }
  response.end();
}
