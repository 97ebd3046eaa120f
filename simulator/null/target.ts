import { cannotListen } from '../http/bind';
import { foreignHead } from '../http/local';
import { writeSync } from 'node:fs';
import { createServer, type AddressInfo, type Server } from 'node:net';
import type { Duplex } from 'node:stream';
import type { Identity } from '../tls/authority';
import { secureServer } from './secure';
import { ConfigError } from '../settings/check';
import { NS_PER_MS, nowNs } from '../time/clock';
import { Lateness } from '../time/lateness';
import { draw, seededRandom } from '../generation/random';
import type { Connection, Stream } from './connection';
import { Due } from './due';
import { nextRequest } from './requests';
import { checked, nullDefaults, type NullSettings } from './settings';
import { Book, type NullTruth } from './truth';
import { embeddingAnswer, jsonAnswer, modelsAnswer, refusal, StreamBytes } from './wire';

/*
 * The null target: the cheapest thing that streams as an LLM gateway does, to measure the measuring by (see README.md).
 * It parses no more of HTTP than it must, writes precomputed bytes straight to the socket's descriptor (net's own
 * stream costs about as much again as the system call), and stamps each content event just before its write. Each event
 * has a write of its own, unless the settings say otherwise.
 */

export type { NullTruth, Percentiles } from './truth';

export interface NullTarget {
  readonly port: number;
  /** `http://host:port/v1` */
  readonly url: string;
  close(): Promise<void>;
}

/**
 * So many writes, then the loop looks for new requests: a burst of writes must not make the stamps of requests late.
 */
const writesAtOnce = 16;

/** Runs the null target in this process; its port is free when `port` is 0. Rejects when the port cannot be had. */
export async function openNullTarget(
  options: {
    host?: string;
    port?: number;
    settings?: Partial<NullSettings>;
    keep?: number;
    /** A certificate with its key, PEM: then it speaks TLS, and HTTP/1.1 and HTTP/2 over it. */
    identity?: Pick<Identity, 'cert' | 'key'>;
  } = {},
): Promise<NullTarget> {
  const { host = '127.0.0.1', port = 0, keep = 4_000_000, identity } = options;
  let settings = checked({ ...nullDefaults, ...options.settings }, '');
  let bytes = new StreamBytes(settings.events, settings.shape);
  const embeddingAnswers = new Map<number, Buffer>();
  let book = new Book(keep);
  const lateness = new Lateness();
  const due = new Due<Stream>();
  const connections = new Set<Connection>();
  let sequence = 0;
  let open = 0;
  let maxOpen = 0;
  let heldBack = 0;
  let cpuFrom = process.cpuUsage();
  let wallFrom = nowNs();
  let timer: NodeJS.Timeout | undefined;
  let turn: NodeJS.Immediate | undefined;
  let wakeAt = Infinity;

  function clear(): void {
    // Streams that still run keep writing into the book that they began in.
    if (open > 0) book = new Book(keep);
    else book.clear();
    lateness.clear();
    maxOpen = open;
    heldBack = 0;
    sequence = 0;
    cpuFrom = process.cpuUsage();
    wallFrom = nowNs();
  }

  /** Straight to the descriptor; by net's stream when the socket's buffer is full. */
  function write(connection: Connection, data: Buffer): void {
    // A destroyed socket's descriptor may be another connection's by now.
    if (connection.socket.destroyed) return;
    let done = 0;
    if (connection.fd !== undefined && connection.socket.writableLength === 0) {
      try {
        done = writeSync(connection.fd, data);
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code !== 'EAGAIN') {
          connection.socket.destroy();
          return;
        }
      }
    }
    if (done === data.length) return;
    heldBack += 1;
    connection.socket.write(done === 0 ? data : data.subarray(done));
  }

  function end(stream: Stream): void {
    stream.connection.stream = null;
    open -= 1;
  }

  function wake(): void {
    turn = undefined;
    let now = nowNs();
    for (let written = 0; ; ) {
      const stream = due.next;
      if (stream === undefined) return;
      if (stream.connection.socket.destroyed) {
        due.removeFirst();
        continue;
      }
      if (stream.due > now) break;
      if (written === writesAtOnce) {
        turn = setImmediate(wake);
        return;
      }
      written += 1;
      lateness.add((now - stream.due) / NS_PER_MS);
      const { sent, events } = stream;
      const count = Math.min(settings.together, events - sent);
      if (stream.slot >= 0) for (let i = 0; i < count; i += 1) stream.book.stamp(stream.slot, now);
      stream.sent = sent + count;
      if (stream.sent === events) {
        due.removeFirst();
        end(stream);
        write(stream.connection, stream.bytes.piece(sent, count));
        serve(stream.connection);
      } else {
        const gap = nextGap() * NS_PER_MS;
        // The cadence is kept; but what is late by more than a gap is not made up for by a volley.
        stream.due = stream.due + gap < now ? now + gap : stream.due + gap;
        due.sinkFirst();
        write(stream.connection, stream.bytes.piece(sent, count));
      }
      now = nowNs();
    }
    schedule(due.next!.due, now);
  }

  let gapRandom = seededRandom(settings.seed, -1);
  const nextGap = () => draw(settings.gap, gapRandom);

  function schedule(at: number, now: number): void {
    if (turn !== undefined) return;
    clearTimeout(timer);
    wakeAt = at;
    const wait = (at - now) / NS_PER_MS;
    timer = setTimeout(fire, Math.max(1, Math.floor(wait)));
  }

  function fire(): void {
    wakeAt = Infinity;
    if (turn === undefined) wake();
  }

  function begin(connection: Connection, received: number): void {
    const { events } = settings;
    const slot = book.open(received, events);
    const ttft = draw(settings.ttft, seededRandom(settings.seed, sequence++));
    const stream: Stream = { connection, bytes, events, slot, book, sent: 0, due: received + ttft * NS_PER_MS };
    connection.stream = stream;
    open += 1;
    maxOpen = Math.max(maxOpen, open);
    due.add(stream);
    if (due.next === stream && stream.due < wakeAt) schedule(stream.due, received);
  }

  function route(connection: Connection, received: number, method: string, target: string, body: Buffer): void {
    const path = target.split('?', 1)[0]!;
    if (method === 'POST' && path.endsWith('/chat/completions')) {
      if (/"stream"\s*:\s*true/.test(body.toString('latin1'))) begin(connection, received);
      else write(connection, refusal('400 Bad Request', 'The null target only streams: ask with "stream": true.'));
      return;
    }
    write(connection, plain(received, method, path, target, body));
  }

  function plain(received: number, method: string, path: string, target: string, body: Buffer): Buffer {
    if (method === 'POST' && path.endsWith('/embeddings')) return embed(body, received);
    if (method === 'GET' && path.endsWith('/models')) return modelsAnswer;
    const ok = (value: unknown) => jsonAnswer('200 OK', JSON.stringify(value));
    switch (`${method} ${path}`) {
      case 'GET /health':
        return ok({ status: 'ok' });
      case 'GET /config':
        return ok(settings);
      case 'PATCH /config':
        try {
          settings = checked({ ...settings, ...(JSON.parse(body.toString()) as Partial<NullSettings>) }, '');
        } catch (error) {
          return refusal('400 Bad Request', error instanceof ConfigError ? error.message : 'The body is not JSON.');
        }
        bytes = new StreamBytes(settings.events, settings.shape);
        embeddingAnswers.clear();
        gapRandom = seededRandom(settings.seed, -1);
        sequence = 0;
        return ok(settings);
      case 'DELETE /truth':
        clear();
        return ok({});
      case 'GET /truth':
      case 'GET /truth/summary': {
        const after = Number(new URL(target, 'http://null').searchParams.get('after_ns') ?? 0);
        if (!Number.isFinite(after))
          return refusal('400 Bad Request', 'after_ns must be a number of nanoseconds of CLOCK_MONOTONIC.');
        return ok(path === '/truth' ? { clock: 'monotonic ns', streams: book.raw(after) } : summary(after));
      }
      default:
        return refusal('404 Not Found', `The null target has no ${method} ${path}.`);
    }
  }

  function embed(body: Buffer, received: number): Buffer {
    let inputs = 1;
    try {
      const { input } = JSON.parse(body.toString()) as { input?: unknown };
      if (Array.isArray(input)) inputs = input.length;
    } catch {
      return refusal('400 Bad Request', 'The body is not JSON.');
    }
    book.embed(received);
    let answer = embeddingAnswers.get(inputs);
    if (answer === undefined) embeddingAnswers.set(inputs, (answer = embeddingAnswer(inputs, settings.dimensions)));
    return answer;
  }

  function summary(after: number): NullTruth {
    const cpu = process.cpuUsage(cpuFrom);
    return {
      ...book.summary(after),
      max_open: maxOpen,
      embeddings: book.embeddings(after),
      held_back: heldBack,
      lateness: lateness.report(),
      cpu_seconds: (cpu.user + cpu.system) / 1e6,
      wall_seconds: (nowNs() - wallFrom) / 1e9,
    };
  }

  /** Serves what has come in whole, one request after the other. */
  function serve(connection: Connection, received = nowNs()): void {
    while (connection.input !== null && connection.stream === null && !connection.socket.destroyed) {
      const request = nextRequest(connection.input);
      if (request === 'incomplete') return;
      if (request === 'head too long') return void connection.socket.destroy();
      if (request === 'no length') {
        connection.socket.end(
          refusal('411 Length Required', 'The null target takes bodies with a content-length, up to 32 MiB.'),
        );
        return;
      }
      connection.input = request.rest;
      const strange = /^\/(config|truth)\b/.test(request.target) ? foreignHead(request.head, host) : '';
      if (strange) write(connection, refusal('403 Forbidden', strange));
      else route(connection, received, request.method, request.target, request.body);
    }
  }

  const accept = (socket: Duplex) => {
    const { _handle } = socket as Duplex & { _handle?: { fd?: number } };
    // Behind TLS the descriptor takes no plain bytes.
    const fd = identity === undefined && _handle?.fd !== undefined && _handle.fd >= 0 ? _handle.fd : undefined;
    const connection: Connection = { socket, fd, input: null, stream: null };
    connections.add(connection);
    socket.on('data', (data: Buffer) => {
      const received = nowNs();
      connection.input = connection.input === null ? data : Buffer.concat([connection.input, data]);
      serve(connection, received);
    });
    socket.on('error', () => socket.destroy());
    socket.on('close', () => {
      connections.delete(connection);
      if (connection.stream !== null) end(connection.stream);
    });
  };
  const server: Server =
    identity === undefined ? createServer({ noDelay: true }, accept) : secureServer(identity, accept);
  await new Promise<void>((resolve, reject) => {
    server.once('error', (error) =>
      reject(new Error(cannotListen(error, host, port, { port: '--port', host: '--host' }))),
    );
    server.listen({ host, port, backlog: 4096 }, resolve);
  });
  const bound = (server.address() as AddressInfo).port;
  return {
    port: bound,
    url: `http${identity === undefined ? '' : 's'}://${host}:${bound}/v1`,
    close: () =>
      new Promise((resolve) => {
        clearTimeout(timer);
        if (turn !== undefined) clearImmediate(turn);
        server.close(() => resolve());
        for (const { socket } of connections) socket.destroy();
      }),
  };
}
