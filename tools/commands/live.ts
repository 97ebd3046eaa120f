import { createServer, request, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { createServer as listen, type AddressInfo } from 'node:net';
import { once } from 'node:events';
import { foreign } from '../../simulator/http/local';
import { buildK6, bundle } from '../build/build';
import { runCommand } from '../programs/command';
import { run, ToolError } from '../programs/process';

const help = `npm run live -- dist/spike.js -e BASE_URL=… -e API_KEY=…

bin/k6 run with a page on 127.0.0.1 that shows the run while it goes on: k6's own web dashboard with the panels of
.dashboard.json, and at its foot what runs and how it ended. Everything after -- goes to k6. The page's port is 5665, or any free
one when that is taken. Exit code: that of k6.`;

/** Where k6's own dashboard is by default. */
const usualPort = 5665;

const verdicts: Record<number, string> = { 0: 'PASS', 99: 'FAIL', 110: 'INVALID' };

/** Runs in the page: a line at the foot of k6's dashboard, which itself does not say that a run has ended. */
const banner = `<div id="gsai-run" role="status" style="position:fixed;left:0;right:0;bottom:0;z-index:1000;padding:6px 16px;font:14px sans-serif;color:#fff;background:#555">…</div>
<script>
(() => {
  const line = document.getElementById('gsai-run');
  const colours = { running: '#3b4a9c', PASS: '#1b7a3d', FAIL: '#b3261e', INVALID: '#8a5a00', other: '#555' };
  const say = ({ state, text }) => {
    line.dataset.state = state;
    line.textContent = text;
    line.style.background = colours[state] || colours.other;
  };
  const source = new EventSource('/run');
  source.onmessage = (event) => {
    const told = JSON.parse(event.data);
    say(told);
    if (told.state !== 'running') source.close();
  };
  source.onerror = () => {
    if (source.readyState !== EventSource.CLOSED) say({ state: 'lost', text: 'The run cannot be reached: it was stopped, or this page was opened after its end.' });
  };
})();
</script>`;

/**
 * Runs before k6's own script. The dashboard of k6 2.2 goes blank when a chart gets a series that was not there when
 * the chart was first drawn (the first TTFT, the first request that fails): it takes Object.entries of what it
 * remembers of that series, which is undefined. With no entries instead it goes on as it means to.
 */
const mend = '<script>{ const entries = Object.entries; Object.entries = (of) => entries(of ?? {}); }</script>';

interface Told {
  /** running, a verdict, or "other": k6 ended without one. */
  state: string;
  text: string;
}

/** The live page of one run. */
export interface Live {
  url: string;
  /** For `bin/k6 run`. */
  args: string[];
  /** Tells every open page how k6 ended, and closes the server. The pages keep what they show. */
  end(code: number): Promise<void>;
}

async function freePort(): Promise<number> {
  const server = listen().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
}

/** Binds the usual port, or any free one; `port` binds that one alone. */
async function bind(server: Server, port?: number): Promise<number> {
  for (const wanted of port === undefined ? [usualPort, 0] : [port]) {
    const bound = await new Promise<boolean>((resolve) => {
      server.once('error', () => resolve(false));
      server.listen(wanted, '127.0.0.1', () => resolve(true));
    });
    if (bound) return (server.address() as AddressInfo).port;
  }
  throw new ToolError(`the live page cannot be served: port ${port ?? usualPort} of 127.0.0.1 is taken`);
}

/**
 * Starts the page of a run: a server in front of k6's web dashboard. It is there because k6 waits at its end, table and
 * all, until every browser has closed the dashboard, because the dashboard does not say that the run has ended, and to
 * mend its page. `what` is the line that the page shows. Throws {@link ToolError}.
 */
export async function startLive(what: string, port?: number): Promise<Live> {
  const k6 = await freePort();
  let told: Told = { state: 'running', text: `Running: ${what}` };
  const watchers = new Set<ServerResponse>();
  const streams = new Set<ServerResponse>();
  const server = createServer((asked, answer) => {
    // A page of another site could read along, also under a name that it has led here (DNS rebinding).
    const why = foreign(asked.headers, '127.0.0.1');
    if (why || (asked.method !== 'GET' && asked.method !== 'HEAD')) {
      answer.writeHead(why ? 403 : 405, { 'content-type': 'text/plain' }).end(`${why || 'this page is only read'}\n`);
      return;
    }
    const path = (asked.url ?? '/').split('?')[0];
    if (path === '/run') {
      answer.writeHead(200, { 'content-type': 'text/event-stream', 'cache-control': 'no-store' }).write(event(told));
      watchers.add(answer);
      answer.once('close', () => watchers.delete(answer));
      return;
    }
    const upstream = request({
      host: '127.0.0.1',
      port: k6,
      path: asked.url,
      headers: { accept: asked.headers.accept ?? '*/*' },
    });
    upstream.once('error', () => notYet(answer));
    answer.once('close', () => upstream.destroy());
    upstream.once('response', (from) => {
      if (path === '/events') {
        streams.add(answer);
        answer.once('close', () => streams.delete(answer));
        passEvents(from, answer);
      } else if (path === '/ui/') void passPage(from, answer);
      else from.pipe(answer.writeHead(from.statusCode ?? 502, from.headers));
    });
    upstream.end();
  });
  const url = `http://127.0.0.1:${await bind(server, port)}`;
  return {
    url,
    args: ['--out', `web-dashboard=host=127.0.0.1&port=${k6}&period=1s&tag=outcome`],
    async end(code) {
      const verdict = verdicts[code];
      told = { state: verdict ?? 'other', text: `The run has ended: ${verdict ?? `k6's exit code ${code}`}. ${what}` };
      for (const watcher of watchers) watcher.write(event(told));
      // Ended in order: a connection that is cut is an error on the page's console.
      await Promise.all(
        [...watchers, ...streams].map(
          (answer) => new Promise<void>((resolve) => answer.once('close', resolve).end(resolve)),
        ),
      );
      server.close();
      server.closeAllConnections();
    },
  };
}

function event(told: Told): string {
  return `data: ${JSON.stringify(told)}\n\n`;
}

function notYet(answer: ServerResponse): void {
  if (answer.headersSent) return void answer.end();
  answer
    .writeHead(503, { 'content-type': 'text/html', 'cache-control': 'no-store' })
    .end('<meta http-equiv="refresh" content="1"><p>k6 is starting; this page loads itself again.</p>');
}

/**
 * k6's events up to its `stop`, after which k6 is let go; the browser's connection stays, so that it does not ask
 * again.
 */
function passEvents(from: IncomingMessage, answer: ServerResponse): void {
  answer.writeHead(200, { 'content-type': 'text/event-stream', 'cache-control': 'no-store' }).flushHeaders();
  let rest = '';
  let stopped = false;
  from.setEncoding('utf8');
  from.on('data', (text: string) => {
    answer.write(text);
    const lines = (rest + text).split('\n');
    rest = lines.pop()!;
    for (const line of lines) {
      stopped ||= /^event: ?stop$/.test(line);
      if (stopped && line === '') from.destroy();
    }
  });
  from.on('error', () => undefined);
}

async function passPage(from: IncomingMessage, answer: ServerResponse): Promise<void> {
  const parts: Buffer[] = [];
  for await (const part of from) parts.push(part as Buffer);
  const page = Buffer.concat(parts)
    .toString('utf8')
    .replace('<head>', `<head>${mend}`)
    .replace('</body>', `${banner}</body>`);
  answer
    .writeHead(from.statusCode ?? 502, { 'content-type': 'text/html; charset=utf-8', 'cache-control': 'no-store' })
    .end(page);
}

/** Runs k6 with a live page and returns its exit code; says on stdout where the page is. */
export async function runLive(args: readonly string[], what: string): Promise<number> {
  const live = await startLive(what);
  process.stdout.write(`\nlive: ${live.url}\n`);
  let code = 1;
  try {
    code = await run('bin/k6', ['run', ...live.args, ...args], {
      env: { ...process.env, K6_AUTO_EXTENSION_RESOLUTION: 'false' },
    });
    return code;
  } finally {
    await live.end(code);
  }
}

async function main(args: readonly string[]): Promise<number> {
  const script = args.find((arg) => /\.[jt]s$/.test(arg));
  if (script === undefined) throw new ToolError('no script is named, as dist/spike.js; see --help');
  await buildK6();
  await bundle();
  process.on('SIGINT', () => {}); // k6 gets it too, saves what there is, and ends
  return runLive(args, script);
}

if (require.main === module) void runCommand(help, main, true);
