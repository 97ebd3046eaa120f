import * as http from 'node:http';
import type { Kind } from '../config';
import { blockEventLoop } from '../control';
import { nowNs } from '../clock';
import { ClientGone, readBody, type Exchange } from '../http';
import { isFields, type Fields } from '../merge';
import type { Port } from '../port';
import type { ProviderStatus } from './errors';
import { leak } from './flaws';
import { traceCall } from './spans';

/** The provider as the gateway sees it: its base URL (ending in /v1) and one pool of kept connections. */
export interface Upstream {
  readonly baseUrl: URL;
  readonly agent: http.Agent;
}

export function connectTo(providerUrl: string): Upstream {
  return { baseUrl: new URL(providerUrl.replace(/\/*$/, '/')), agent: new http.Agent({ keepAlive: true, maxSockets: Infinity, noDelay: true }) };
}

/** The provider did not answer as it should. */
export class ProviderFailure extends Error {
  constructor(readonly status: ProviderStatus) {
    super(`the provider failed with ${status ?? 'no answer'}`);
  }
}

/**
 * Asks the provider, with the flaws that belong to a call (CPU on the event loop, a leak, retries), and drops the call when the client
 * leaves. Resolves with an answer of status 200. Rejects with a ProviderFailure, or with ClientGone.
 */
export async function callProvider(exchange: Exchange, port: Port, upstream: Upstream, route: string, kind: Kind, body: string): Promise<http.IncomingMessage> {
  const { event_loop_block_ms: block, internal_retries: retries, leak_mb_per_call: leakMb } = port.store.current.gateway.flaws;
  for (let attempt = 1; ; attempt += 1) {
    if (block[kind] > 0) blockEventLoop(block[kind]);
    if (leakMb > 0) leak(leakMb);
    exchange.record.provider_calls += 1;
    exchange.record.provider_call_ns = nowNs();
    try {
      return await once(exchange, port, upstream, route, body);
    } catch (error) {
      const again = error instanceof ProviderFailure && (error.status === null || error.status === 429 || error.status >= 500);
      if (!again || attempt >= retries.attempts) throw error;
      await port.pacer.sleep(retries.delay_ms);
    }
  }
}

function once(exchange: Exchange, port: Port, upstream: Upstream, route: string, body: string): Promise<http.IncomingMessage> {
  const { response } = exchange;
  const url = new URL(route, upstream.baseUrl);
  return new Promise((resolve, reject) => {
    if (response.destroyed) return reject(new ClientGone());
    const call = http.request(url, {
      method: 'POST',
      agent: upstream.agent,
      headers: {
        'content-type': 'application/json',
        'content-length': Buffer.byteLength(body),
        authorization: 'Bearer gateway',
        'x-request-id': exchange.record.id ?? '',
      },
    });
    traceCall(exchange, call);
    let answered: http.IncomingMessage | null = null;
    const hangUp = (): void => {
      // Also emitted after a good end; a call that is complete keeps its connection.
      if (!answered?.complete && !port.store.current.gateway.flaws.keep_provider_call_after_hangup) call.destroy();
      reject(new ClientGone());
    };
    response.once('close', hangUp);
    call.once('close', () => response.removeListener('close', hangUp));
    call.once('response', (answer) => {
      answered = answer;
      answer.on('error', () => undefined); // a cut: `close` comes too, and `complete` tells
      if (answer.statusCode === 200) return resolve(answer);
      answer.resume();
      reject(new ProviderFailure(answer.statusCode ?? null));
    });
    // Also emitted after the answer has begun, when nobody waits for it any more; the answer's own `close` tells then.
    call.on('error', () => reject(response.destroyed ? new ClientGone() : new ProviderFailure(null)));
    call.end(body);
  });
}

/** A whole answer, as `parse` makes it of the text. Rejects with a ProviderFailure when it is cut or cannot be parsed. */
export async function readAnswer<T>(answer: http.IncomingMessage, parse: (text: string) => T): Promise<T> {
  try {
    return parse(await readBody(answer));
  } catch {
    throw new ProviderFailure(null);
  }
}

/** A JSON object. Throws on anything else. */
export function parseFields(text: string): Fields {
  const value: unknown = JSON.parse(text);
  if (!isFields(value)) throw new SyntaxError('not an object');
  return value;
}
