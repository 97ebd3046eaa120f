import { openSync, writeSync } from 'node:fs';
import { devNull } from 'node:os';
import { Counter, Gauge, Histogram, Registry } from 'prom-client';
import type { Exchange } from '../http/exchange';
import { blockEventLoop } from '../time/block';
import type { Gateway } from './call';
import type { WatchedFlaws } from './flaws/watched';
import { isOneOf } from './flaws/kept';

/*
 * What the gateway tells of itself on its metrics page, under the names that instrumentations of FastAPI, pools and
 * Prometheus' clients have. The page of the process (process_*, nodejs_*) is beside it.
 */

/** Upper ends of the durations, seconds. */
const buckets = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30];

/** Counts the requests of one gateway. */
export class OwnPage {
  readonly #registry = new Registry();
  readonly #requests: Counter<'handler' | 'method' | 'status'>;
  readonly #durations: Histogram<'handler' | 'method'>;
  readonly #inProgress: Gauge;
  readonly #received: Counter;
  readonly #transmitted: Counter;
  readonly #logged: Counter;
  readonly #seen = new WeakMap<object, { read: number; written: number }>();
  #n = 0;
  #log: number | undefined;
  #kept: { at: number; text: string } | undefined;

  constructor(gateway: () => Gateway | undefined) {
    const registers = [this.#registry];
    const counter = (name: string, help: string) => new Counter({ name, help, registers });
    this.#requests = new Counter({
      name: 'http_requests_total',
      help: 'Requests that were answered',
      labelNames: ['handler', 'method', 'status'],
      registers,
    });
    this.#durations = new Histogram({
      name: 'http_request_duration_seconds',
      help: 'From a request to the end of its answer',
      labelNames: ['handler', 'method'],
      buckets,
      registers,
    });
    this.#inProgress = new Gauge({ name: 'http_requests_inprogress', help: 'Requests under way', registers });
    this.#received = counter('process_network_receive_bytes_total', 'Bytes that clients sent');
    this.#transmitted = counter('process_network_transmit_bytes_total', 'Bytes that were sent to clients');
    this.#logged = counter('log_bytes_total', 'Bytes that were written to the log');
    const gauge = (name: string, help: string, of: (gateway: Gateway) => number | undefined) =>
      new Gauge({
        name,
        help,
        registers,
        collect() {
          const known = gateway();
          const value = known && of(known);
          if (value === undefined) this.remove();
          else this.set(value);
        },
      });
    const flaws = ({ context }: Gateway) => context.store.current.gateway.flaws;
    gauge('db_pool_checked_out', 'Connections of the database in use', ({ pool }) => pool.used);
    gauge('db_pool_max', 'Connections of the database that there may be', (known) => {
      const { size, overflow } = flaws(known).db_pool;
      return size > 0 ? size + overflow : undefined;
    });
    gauge('container_cpu_cfs_throttled_seconds_total', 'Time that the container stood still for its limit', (known) =>
      flaws(known).throttled_ms > 0 ? known.loops.throttledS : undefined,
    );
    gauge('billing_queue_length', 'Records that wait to be written', (known) =>
      flaws(known).billing.per_s > 0 ? known.kept.waiting : undefined,
    );
  }

  /** Counts a request, and its answer when that has ended. */
  open({ request, response }: Exchange, path: string, handlers: readonly string[], flaws: WatchedFlaws): void {
    const { drop_share: dropped, duration_at_headers: atHeaders } = flaws.metrics_wrong;
    const begun = performance.now();
    // What no route takes has one name: a page with a series for each address would grow without end.
    const handler = handlers.includes(path) ? path : 'none';
    const method = request.method ?? '';
    this.#inProgress.inc();
    let seconds: number | undefined;
    const { writeHead } = response;
    if (atHeaders)
      response.writeHead = ((...args: Parameters<typeof writeHead>) => {
        seconds ??= (performance.now() - begun) / 1000;
        return writeHead.apply(response, args);
      }) as typeof writeHead;
    response.once('close', () => {
      this.#inProgress.dec();
      this.#traffic(request.socket);
      if (isOneOf(++this.#n, dropped)) return;
      this.#requests.inc({ handler, method, status: String(response.statusCode) });
      this.#durations.observe({ handler, method }, seconds ?? (performance.now() - begun) / 1000);
    });
  }

  /** Writes so many bytes to a log that nobody keeps. */
  log(bytes: number): void {
    this.#log ??= openSync(devNull, 'w');
    writeSync(this.#log, 'x'.repeat(bytes));
    this.#logged.inc(bytes);
  }

  /** The page's text, that of the process before its own figures, with what is wrong with it. */
  async text(process: string, { metrics_wrong: wrong }: WatchedFlaws): Promise<string> {
    if (wrong.block_ms > 0) blockEventLoop(wrong.block_ms);
    if (this.#kept === undefined || performance.now() - this.#kept.at >= wrong.refresh_s * 1000)
      this.#kept = { at: performance.now(), text: await this.#registry.metrics() };
    return told(process, wrong) + this.#kept.text;
  }

  #traffic(socket: { bytesRead: number; bytesWritten: number }): void {
    const { bytesRead, bytesWritten } = socket;
    const { read, written } = this.#seen.get(socket) ?? { read: 0, written: 0 };
    this.#received.inc(Math.max(0, bytesRead - read));
    this.#transmitted.inc(Math.max(0, bytesWritten - written));
    this.#seen.set(socket, { read: bytesRead, written: bytesWritten });
  }
}

/** The page of a process that tells only a share of its CPU time and of its memory, as one that overlooks a part of it. */
function told(page: string, { cpu_share: cpu, memory_share: memory }: WatchedFlaws['metrics_wrong']): string {
  if (cpu === 1 && memory === 1) return page;
  return page.replace(
    /^(process_(?:(cpu_\w+_total)|resident_memory_bytes)) (\S+)/gm,
    (_, name: string, ofCpu: string | undefined, value: string) => `${name} ${Number(value) * (ofCpu ? cpu : memory)}`,
  );
}
