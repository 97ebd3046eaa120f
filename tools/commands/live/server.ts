import { execFileSync } from 'node:child_process';
import { createServer, type Server, type ServerResponse } from 'node:http';
import { readFileSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import { cannotListen } from '../../../simulator/http/bind';
import { foreign } from '../../../simulator/http/local';
import { ToolError } from '../../programs/process';
import type { LiveState } from '../../../lib/report';
import { Feed } from './feed';

/** The page's port, if it is free. */
const usualPort = 5665;
/** ms between two pushes; less often where the run's slots of time are wider. */
const pushEvery = 2000;

/** The live page of one run. */
export interface Live {
  url: string;
  /** Tells every open page how k6 ended, and closes the server. The pages keep what they show. */
  end(code: number): Promise<void>;
}

/** Binds the usual port, or any free one; `port` binds that one alone. */
async function bind(server: Server, port?: number): Promise<number> {
  const ports = port === undefined ? [usualPort, 0] : [port];
  let failed = '';
  for (const wanted of ports) {
    const error = await new Promise<Error | undefined>((resolve) => {
      server.once('error', resolve);
      server.listen(wanted, '127.0.0.1', () => resolve(undefined));
    });
    if (error === undefined) return (server.address() as AddressInfo).port;
    failed = cannotListen(error, '127.0.0.1', wanted);
  }
  throw new ToolError(`The live page cannot be served. ${failed}`);
}

function page(): Buffer {
  try {
    return readFileSync('dist/live-page.html');
  } catch {
    execFileSync(process.execPath, ['esbuild.config.mjs'], { stdio: 'inherit' });
    return readFileSync('dist/live-page.html');
  }
}

const event = (told: LiveState) => `data: ${JSON.stringify(told)}\n\n`;

/**
 * Serves the page of a run that writes into `file`. k6 knows nothing of it: what is pushed is made here, once for all
 * pages that are seen, and not at all while none is. `what` is the title until the run has said its own. Throws
 * {@link ToolError}.
 */
export async function startLive(file: string, what: string, port?: number): Promise<Live> {
  const feed = new Feed(file, what);
  const html = page();
  /** Pages that are seen, and pages that are hidden and wait for the end. */
  const pages = { '/events': new Set<ServerResponse>(), '/end': new Set<ServerResponse>() };
  const server = createServer((asked, answer) => {
    // A page of another site could read along, also under a name that it has led here (DNS rebinding).
    const why = foreign(asked.headers, '127.0.0.1');
    const path = (asked.url ?? '/').split('?')[0]!;
    if (why || (asked.method !== 'GET' && asked.method !== 'HEAD'))
      answer.writeHead(why ? 403 : 405, { 'content-type': 'text/plain' }).end(`${why || 'this page is only read'}\n`);
    else if (path === '/')
      answer.writeHead(200, { 'content-type': 'text/html; charset=utf-8', 'cache-control': 'no-store' }).end(html);
    else if (path === '/events' || path === '/end') {
      answer.writeHead(200, { 'content-type': 'text/event-stream', 'cache-control': 'no-store' }).flushHeaders();
      pages[path].add(answer);
      answer.once('close', () => pages[path].delete(answer));
      if (path === '/events') answer.write(event(feed.now()));
    } else answer.writeHead(404, { 'content-type': 'text/plain' }).end('there is one page here: /\n');
  });
  const url = `http://127.0.0.1:${await bind(server, port)}`;
  let pushed = Date.now();
  const timer = setInterval(() => {
    const seen = pages['/events'];
    if (seen.size === 0 || Date.now() - pushed < 1000 * feed.slotSeconds) return;
    pushed = Date.now();
    const text = event(feed.now());
    // A page that does not read is told nothing more until it has.
    for (const answer of seen) if (!answer.writableNeedDrain) answer.write(text);
  }, pushEvery);
  return {
    url,
    async end(code) {
      clearInterval(timer);
      const text = event(feed.end(code));
      feed.close();
      const all = [...pages['/events'], ...pages['/end']];
      // Ended in order: a connection that is cut is an error on the page's console.
      await Promise.all(
        all.map((answer) => new Promise<void>((resolve) => answer.once('close', resolve).end(text, () => resolve()))),
      );
      server.close();
      server.closeIdleConnections();
      setTimeout(() => server.closeAllConnections(), 1000).unref(); // a page that does not read
    },
  };
}
