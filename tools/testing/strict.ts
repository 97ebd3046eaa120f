import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { createServer as createSecureServer, type ServerOptions } from 'node:https';
import type { AddressInfo } from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';

/*
 * A gateway that insists: each request is shown to a rule, which says what is wrong with it. Everything that is right is
 * answered in OpenAI's form.
 */

/** What a rule is shown of a request. */
export interface Asked {
  method: string;
  /** Path without query, from the base URL's end: "/chat/completions". */
  route: string;
  query: URLSearchParams;
  headers: IncomingMessage['headers'];
  body: Record<string, unknown>;
  request: IncomingMessage;
}

/** Why a request is refused. */
export type Refused = [status: number, message: string] | undefined;

export interface Strict {
  /** Base URL without query. */
  base: string;
  /** All that was asked, in order. */
  asked: Asked[];
  /** The refusals that were given, in order. */
  refused: string[];
  close(): void;
}

interface Settings {
  rule: (asked: Asked) => Refused;
  /** What stands before each route; default /v1. */
  prefix?: string;
  tls?: ServerOptions;
  /** Until a chat's first byte, ms. */
  first?: number;
  /** Between the three words of a stream, ms. */
  gap?: number;
  /** Answers what the rule let pass, in place of OpenAI's form; false: it did not. */
  answer?: (asked: Asked, response: ServerResponse) => boolean;
}

export async function strictGateway(settings: Settings): Promise<Strict> {
  const { rule, tls, prefix = '/v1' } = settings;
  const strict: Strict = { base: '', asked: [], refused: [], close: () => undefined };
  const handle = (request: IncomingMessage, response: ServerResponse): void => {
    let text = '';
    request.setEncoding('utf8').on('data', (chunk: string) => (text += chunk));
    request.on('end', () => {
      const url = new URL(request.url ?? '', 'http://x');
      const route = url.pathname.startsWith(prefix) ? url.pathname.slice(prefix.length) : url.pathname;
      const { method = '', headers } = request;
      const body = (text.startsWith('{') ? JSON.parse(text) : {}) as Record<string, unknown>;
      const asked: Asked = { method, route, query: url.searchParams, headers, body, request };
      strict.asked.push(asked);
      const refused = rule(asked);
      if (refused) {
        strict.refused.push(`${route}: ${refused[1]}`);
        sendJson(response, refused[0], { error: { message: refused[1] } });
      } else if (!settings.answer?.(asked, response)) void answer(asked, response, settings);
    });
  };
  const server = tls ? createSecureServer(tls, handle) : createServer(handle);
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  strict.base = `${tls ? 'https' : 'http'}://127.0.0.1:${(server.address() as AddressInfo).port}${prefix}`;
  strict.close = () => {
    server.close();
    server.closeAllConnections();
  };
  return strict;
}

export function sendJson(response: ServerResponse, status: number, body: unknown): void {
  response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
}

const usage = { prompt_tokens: 7, completion_tokens: 3, total_tokens: 10 };

async function answer({ route, body }: Asked, response: ServerResponse, { first = 0, gap = 1 }: Settings) {
  if (route.endsWith('/models')) return sendJson(response, 200, { data: [{ id: 'one' }] });
  if (route.endsWith('/embeddings')) {
    const texts = Array.isArray(body.input) ? body.input : [body.input];
    const data = texts.map((_, index) => ({ index, embedding: [0.5, 0.25] }));
    return sendJson(response, 200, { data, usage: { prompt_tokens: 3 } });
  }
  if (!route.endsWith('/chat/completions')) return sendJson(response, 404, { error: { message: 'no such route' } });
  if (first > 0) await pause(first);
  if (body.stream !== true) {
    const message = { role: 'assistant', content: 'one two three' };
    return sendJson(response, 200, { choices: [{ message, finish_reason: 'stop' }], usage });
  }
  response.writeHead(200, { 'content-type': 'text/event-stream' });
  const say = (event: object) => response.write(`data: ${JSON.stringify(event)}\n\n`);
  for (const word of ['one ', 'two ', 'three']) {
    say({ choices: [{ delta: { content: word }, finish_reason: null }] });
    await pause(gap);
  }
  say({ choices: [{ delta: {}, finish_reason: 'stop' }] });
  const asksUsage = (body.stream_options as { include_usage?: boolean } | undefined)?.include_usage === true;
  if (asksUsage) say({ choices: [], usage });
  response.end('data: [DONE]\n\n');
}
