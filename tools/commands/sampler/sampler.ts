import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { totalmem } from 'node:os';
import { Counter, Gauge, Registry } from 'prom-client';
import { cannotListen } from '../../../simulator/http/bind';
import { foreign } from '../../../simulator/http/local';
import { runCommand } from '../../programs/command';
import { capture, ToolError } from '../../programs/process';
import { Watched } from './sampled';
import { Started } from './started';

const help = `npm run sampler -- --pid N [--children] [--port 9099] [--host 127.0.0.1]
npm run sampler -- --container NAME [--port 9099] [--host 127.0.0.1]
npm run sampler -- [--children] [--port 9099] [--host 127.0.0.1] --start COMMAND ARGUMENT ...

Serves CPU, memory, threads, open files and sockets of a process of this machine as a Prometheus page, under the names that
Prometheus' own clients use, for a target without a page of its own: METRICS_URLS=name=http://127.0.0.1:9099/metrics.
Linux only. Ends with ctrl-C (exit 0), or, exit 1, when the process has ended.

  --pid N            the process
  --children         and all that it started; memory that they share counts once for each
  --container NAME   the first process of a container and its children, by docker inspect; also its limits of CPU and memory
  --start COMMAND ...  starts this command (the last option) and looks at it. POST /restart stops it by SIGTERM and starts it
                     again, GET /restart tells when: RESTART_URL=http://127.0.0.1:9099/restart of the script restart
  --port N           9099; 0: any free one
  --host ADDRESS     127.0.0.1: open to this machine only`;

interface Options {
  pid?: number;
  container?: string;
  command?: readonly string[];
  children: boolean;
  port: number;
  host: string;
}

function options(args: readonly string[]): Options {
  const found: Options = { children: false, port: 9099, host: '127.0.0.1' };
  for (let i = 0; i < args.length; i++) {
    const name = args[i]!;
    if (name === '--start') {
      found.command = args.slice(i + 1);
      if (found.command.length === 0) throw new ToolError('--start needs a command; see --help');
      break;
    }
    if (name === '--children') {
      found.children = true;
      continue;
    }
    if (!['--pid', '--container', '--port', '--host'].includes(name))
      throw new ToolError(`${name} is no option of sampler; see --help`);
    const value = args[++i];
    if (value === undefined || value === '') throw new ToolError(`${name} needs a value; see --help`);
    if (name === '--container') found.container = value;
    else if (name === '--host') found.host = value;
    else if (!/^\d{1,9}$/.test(value) || (name === '--port' ? Number(value) > 65_535 : Number(value) < 1))
      throw new ToolError(
        `${name} is "${value}", but must be a whole number ${name === '--port' ? 'from 0 to 65535' : 'from 1'}`,
      );
    else found[name === '--port' ? 'port' : 'pid'] = Number(value);
  }
  if ([found.pid, found.container, found.command].filter((each) => each !== undefined).length !== 1)
    throw new ToolError('one of --pid, --container and --start is wanted; see --help');
  return found;
}

/** What docker says of a running container. Limits are 0 where there is none. */
async function container(name: string): Promise<{ pid: number; cpus: number; memory: number }> {
  const { code, stdout, stderr } = await capture('docker', [
    'inspect',
    '--type',
    'container',
    '--format',
    '{{.State.Pid}} {{.HostConfig.NanoCpus}} {{.HostConfig.Memory}}',
    name,
  ]);
  const [pid, nano, memory] = stdout.trim().split(' ').map(Number);
  if (code !== 0)
    throw new ToolError(`the container ${name} cannot be looked at: ${stderr.trim() || `docker ended with ${code}`}`);
  if (!pid) throw new ToolError(`the container ${name} does not run`);
  return { pid, cpus: (nano ?? 0) / 1e9, memory: memory ?? 0 };
}

function watched(pid: number, { children, container }: Options): Watched {
  try {
    return new Watched(pid, children || container !== undefined);
  } catch (error) {
    throw new ToolError(
      `${(error as Error).message}${container !== undefined ? ' (Docker Desktop runs containers in a machine of its own: run the sampler there)' : ''}`,
    );
  }
}

/** The page; its values are read when it is asked for; undefined when the process is no more. */
function pageOf(
  target: () => Watched,
  limits: { cpus: number; memory: number },
): { text(): Promise<string | undefined>; contentType: string } {
  const registers = [new Registry()];
  const cpu = new Counter({ name: 'process_cpu_seconds_total', help: 'CPU time, user and system, seconds', registers });
  const gauge = (name: string, text: string) => new Gauge({ name, help: text, registers });
  const memory = gauge('process_resident_memory_bytes', 'Resident memory');
  const threads = gauge('process_threads', 'Threads');
  const started = gauge('process_start_time_seconds', 'Start of the process, Unix time');
  gauge('process_cpu_limit_cores', 'CPUs that it may use').set(limits.cpus);
  gauge('process_memory_limit_bytes', 'Memory that it may use').set(limits.memory);
  const serving = target().servingThreads();
  if (serving !== undefined) gauge('process_serving_threads', 'Threads that run its code').set(serving);
  const first = target().read();
  const files = first?.files === undefined ? undefined : gauge('process_open_fds', 'Open file descriptors');
  const sockets = files && gauge('process_open_sockets', 'Open sockets');
  return {
    contentType: registers[0]!.contentType,
    async text() {
      const now = target().read();
      if (now === undefined) return undefined;
      cpu.reset();
      cpu.inc(now.cpuSeconds);
      memory.set(now.rssBytes);
      threads.set(now.threads);
      started.set(now.startedAt);
      files?.set(now.files ?? Number.NaN);
      sockets?.set(now.sockets ?? Number.NaN);
      return registers[0]!.metrics();
    },
  };
}

async function main(args: readonly string[]): Promise<number> {
  const given = options(args);
  const { pid, container: name, children, port, host } = given;
  if (process.platform !== 'linux') throw new ToolError('the sampler reads /proc, which only Linux has');
  const started = given.command && new Started(given.command);
  const found =
    name === undefined ? { pid: pid ?? (await started!.start()), cpus: 0, memory: 0 } : await container(name);
  let target = watched(found.pid, given);
  const page = pageOf(() => target, { cpus: found.cpus || target.cpus(), memory: found.memory || totalmem() });

  let end: (code: number) => void;
  const ended = new Promise<number>((resolve) => {
    end = resolve;
  });
  const gone = `process ${found.pid} has ended`;
  const server = createServer((request, response) => {
    const why = foreign(request.headers, host);
    if (why) {
      response.writeHead(403, { 'content-type': 'text/plain' }).end(`${why}\n`);
      return;
    }
    const path = request.url?.split('?')[0];
    if (started && path === '/restart') {
      if (request.method === 'POST') started.restart();
      response
        .writeHead(request.method === 'POST' ? 202 : 200, { 'content-type': 'application/json' })
        .end(JSON.stringify({ restarts: started.restarts }));
      return;
    }
    if (path !== '/metrics') {
      response.writeHead(404, { 'content-type': 'text/plain' }).end('the page is /metrics\n');
      return;
    }
    page.text().then(
      (text) => {
        if (text !== undefined) response.writeHead(200, { 'content-type': page.contentType }).end(text);
        else if (started) response.writeHead(503, { 'content-type': 'text/plain' }).end('it is being started\n');
        else
          response.writeHead(503, { 'content-type': 'text/plain', connection: 'close' }).end(`${gone}\n`, () => end(1));
      },
      (error: unknown) => response.writeHead(500, { 'content-type': 'text/plain' }).end(`${String(error)}\n`),
    );
  });
  server.listen(port, host);
  await once(server, 'listening').catch((error: NodeJS.ErrnoException) => {
    throw new ToolError(cannotListen(error, host, port, { port: '--port', host: '--host' }));
  });
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => end(0));
  // The process may end while nobody asks for the page.
  const look = setInterval(() => {
    if (!started && target.read() === undefined) end(1);
  }, 1000);
  if (started) {
    started.onStart = (fresh) => (target = watched(fresh, given));
    started.onEnd = () => end(1);
  }
  const url = `http://${host.includes(':') ? `[${host}]` : host}:${(server.address() as AddressInfo).port}/metrics`;
  process.stdout.write(
    `sampler ready: ${url} process ${found.pid}${children || name !== undefined ? ' and its children' : ''}\n`,
  );
  if (!(await page.text())?.includes('process_open_fds'))
    process.stderr.write(
      'sampler: open files and sockets are left out: they can be seen by the same user or by root only\n',
    );
  const code = await ended;
  clearInterval(look);
  await started?.stop();
  server.closeAllConnections();
  server.close();
  if (code !== 0) process.stderr.write(`sampler: ${gone}\n`);
  return code;
}

if (require.main === module) void runCommand(help, main);
