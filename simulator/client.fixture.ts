import * as http from 'node:http';
import type { TruthRecord } from './truth/truth';
import type { LatenessReport } from './time/lateness';

/** What a raw client saw of one answer. */
export interface Seen {
  readonly status: number;
  readonly headers: http.IncomingHttpHeaders;
  readonly body: string;
  /** The payloads of the `data:` lines. */
  readonly data: string[];
  /** The answer ended in order; false: it was cut. */
  readonly complete: boolean;
  /** Error code of the connection, as ECONNRESET, when there was no answer at all or it was reset. */
  readonly error: string | null;
  /** Reads of the body that the socket delivered. */
  readonly reads: number;
}

/** A request under way, for tests that leave it, or look at what has come so far. */
export interface Flight {
  readonly seen: Promise<Seen>;
  body(): string;
  leave(): void;
}

const KEY = 'gsai-sim-key';

/** Starts a request; every one on a connection of its own. `key` null: no Authorization header. */
export function start(
  url: string,
  body?: unknown,
  options: { method?: string; key?: string | null; headers?: Record<string, string> } = {},
): Flight {
  const { method = body === undefined ? 'GET' : 'POST', key = KEY, headers = {} } = options;
  let text = '';
  let reads = 0;
  const request = http.request(url, {
    method,
    agent: false,
    headers: {
      ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      ...(key === null ? {} : { authorization: `Bearer ${key}` }),
      ...headers,
    },
  });
  const seen = new Promise<Seen>((resolve) => {
    let response: http.IncomingMessage | null = null;
    let failure: string | null = null;
    const end = (): void =>
      resolve({
        status: response?.statusCode ?? 0,
        headers: response?.headers ?? {},
        body: text,
        data: text
          .split('\n')
          .filter((line) => line.startsWith('data: '))
          .map((line) => line.slice(6)),
        complete: response?.complete ?? false,
        error: failure,
        reads,
      });
    request.on('error', (error: NodeJS.ErrnoException) => {
      failure = error.code ?? error.message;
      if (response === null) end();
    });
    request.on('response', (answer) => {
      response = answer;
      answer.setEncoding('utf8');
      answer.on('data', (part: string) => {
        text += part;
        reads += 1;
      });
      answer.on('error', (error: NodeJS.ErrnoException) => (failure = error.code ?? error.message));
      answer.on('close', end);
    });
  });
  request.end(body === undefined ? undefined : typeof body === 'string' ? body : JSON.stringify(body));
  return { seen, body: () => text, leave: () => void request.destroy() };
}

export function call(...args: Parameters<typeof start>): Promise<Seen> {
  return start(...args).seen;
}

export interface TruthAnswer {
  readonly clock: string;
  readonly dropped: number;
  readonly lateness: LatenessReport;
  readonly requests: TruthRecord[];
}

/** GET of an admin route of the port that `baseUrl` is on. */
export async function admin<T>(baseUrl: string, path: string): Promise<T> {
  return JSON.parse((await call(new URL(path, baseUrl).href)).body) as T;
}

export async function configure(baseUrl: string, patch: unknown): Promise<Seen> {
  return call(new URL('/config', baseUrl).href, patch, { method: 'PATCH' });
}

export async function resetConfig(baseUrl: string): Promise<void> {
  await call(new URL('/config/reset', baseUrl).href, '');
}

/** Asks until the answer is there. Never judges by time: a test that hangs is stopped by the runner. */
export async function until<T>(ask: () => Promise<T | undefined> | T | undefined): Promise<T> {
  for (;;) {
    const answer = await ask();
    if (answer !== undefined) return answer;
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}

/** The truth of the request with this id, once it fits. */
export function truthOf(
  baseUrl: string,
  id: string,
  fits: (record: TruthRecord) => boolean = (record) => record.end_ns !== null,
): Promise<TruthRecord> {
  return until(async () => (await admin<TruthAnswer>(baseUrl, `/truth?id=${id}`)).requests.find(fits));
}

/** A chat body whose user message carries a directive. Fast, unless the directive says otherwise. */
export function chatBody(directive: string, more: Record<string, unknown> = {}): Record<string, unknown> {
  return {
    model: 'claude_3_haiku',
    stream: true,
    messages: [{ role: 'user', content: `Hello. ${directive === '' ? '' : `[[sim ${directive}]]`}` }],
    ...more,
  };
}
