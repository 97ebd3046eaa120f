import type { OutgoingHttpHeaders } from 'node:http';
import type { Duplex } from 'node:stream';
import { nowNs, NS_PER_MS } from '../time/clock';
import { breakOff, chunked, streamOf } from './connection';
import { ByteByByte } from './byte-by-byte';
import type { Fault } from '../faults/faults';
import type { Exchange } from './exchange';
import type { Lateness } from '../time/lateness';
import { settle } from '../truth/truth';

/**
 * The JSON of one event, which becomes a `data:` line; or bytes that are framed already; null: the API has no such
 * event.
 */
export type StreamEvent = string | Buffer | null;

export interface Usage {
  readonly prompt: number;
  readonly completion: number;
  /** Tokens of the prompt that were read from the provider's cache, and written to it; absent where there is none. */
  readonly cache?: { readonly read: number; readonly written: number };
}

/** How one API writes the parts of a stream. It has either finish and usage, or `ending` in place of both. */
export interface StreamWire {
  /** Without: those of an event stream. */
  readonly headers?: OutgoingHttpHeaders;
  role(): StreamEvent;
  /** `usage`: that of the answer so far, where each piece is to tell it. */
  content(text: string, usage: Usage | null): StreamEvent;
  /** A piece of a tool's call, where a gateway passes it on: the list that the delta has. */
  toolCalls?(calls: readonly unknown[]): StreamEvent;
  finish?(reason: string): StreamEvent;
  usage?(usage: Usage): StreamEvent;
  /** Finish and usage where they come together; null: left out by a fault. */
  ending?(reason: string | null, usage: Usage | null): StreamEvent;
  /** Without: `[DONE]`. */
  done?(): StreamEvent;
  error(): StreamEvent;
  /** What the API calls the error of `error`, for the truth. */
  readonly errorName?: string;
}

const EVENT_STREAM: OutgoingHttpHeaders = {
  'content-type': 'text/event-stream; charset=utf-8',
  'cache-control': 'no-cache',
};

export interface StreamOptions {
  readonly fault: Fault | null;
  /** Events in one write; 1: each its own. */
  readonly coalesce: number;
  /** Everything is held back until the end. */
  readonly toEnd: boolean;
  /** Written out only every so many ms; 0: at once. */
  readonly flushMs: number;
  /** Each chunk of content tells the usage so far, with so many prompt tokens; null: none does. */
  readonly usageInEach: number | null;
}

export const PLAIN_STREAM: StreamOptions = { fault: null, coalesce: 1, toEnd: false, flushMs: 0, usageInEach: null };

/** Events in one write under the fault `coalesced`. */
const COALESCED = 4;

/**
 * One event stream to a client: writes events in the API's form, misbehaves where the fault says so, and stamps the
 * truth. After the stream has ended, hung or been cut, every call is without effect; `over` tells.
 */
export class StreamWriter {
  over = false;
  #held: (string | Buffer)[] = [];
  #heldEvents = 0;
  #heldContent = 0;
  #heldUsage = false;
  #heldDue: number[] = [];
  #contents = 0;
  #flushTimer: NodeJS.Timeout | null = null;
  #byteByByte: ByteByByte | null = null;
  readonly #coalesce: number;

  constructor(
    private readonly exchange: Exchange,
    private readonly wire: StreamWire,
    private readonly options: StreamOptions,
    private readonly lateness: Lateness | null,
  ) {
    this.#coalesce = options.fault?.name === 'coalesced' ? COALESCED : options.coalesce;
    exchange.response.once('close', () => this.#finishUp());
  }

  get fault(): Fault | null {
    return this.options.fault;
  }

  /** Sends status 200 and the headers. */
  open(): void {
    const { response, record } = this.exchange;
    if (this.over || response.headersSent) return;
    // Named by hand, so that Node leaves the framing to #write and only adds the last, empty chunk.
    response.writeHead(200, { ...(this.wire.headers ?? EVENT_STREAM), ...chunked(response) });
    record.status = 200;
    record.first_byte_ns = nowNs();
    response.flushHeaders();
  }

  role(): void {
    this.#event(this.wire.role());
  }

  /** A chunk of content that stands for `tokens`; `due` (ns) is its deadline, where it has one. */
  content(text: string, tokens: number, due: number | null = null): void {
    if (this.over || this.#struck()) return;
    this.#contents += 1;
    this.#heldContent += 1;
    this.exchange.record.completion_tokens += tokens;
    if (due !== null) this.#heldDue.push(due);
    const { usageInEach, fault } = this.options;
    const told = usageInEach !== null && fault?.name !== 'no_usage';
    const usage = told ? { prompt: usageInEach, completion: this.exchange.record.completion_tokens } : null;
    this.#event(this.wire.content(text, usage));
  }

  /** A piece of a tool's call. */
  toolCalls(calls: readonly unknown[]): void {
    if (this.over || this.#struck()) return;
    this.#contents += 1;
    this.#heldContent += 1;
    this.#event(this.wire.toolCalls?.(calls) ?? null);
  }

  finish(reason: string): void {
    if (this.over || this.#struck(true) || this.fault?.name === 'no_finish') return;
    this.#event(this.wire.finish?.(reason) ?? null);
  }

  usage(usage: Usage): void {
    if (this.over || this.fault?.name === 'no_usage') return;
    this.#heldUsage = true;
    this.#event(this.wire.usage?.(usage) ?? null);
  }

  done(): void {
    if (this.over || this.fault?.name === 'no_done') return;
    this.#event(this.wire.done === undefined ? '[DONE]' : this.wire.done());
  }

  /** All that comes after the content, in the API's order, and the orderly end. `usage` null: nobody asked for it. */
  complete(reason: string, usage: Usage | null): void {
    if (this.wire.ending === undefined) {
      this.finish(reason);
      if (usage !== null) this.usage(usage);
    } else if (!this.over && !this.#struck(true)) {
      const shown = this.fault?.name === 'no_usage' ? null : usage;
      this.#heldUsage = shown !== null;
      this.#event(this.wire.ending(this.fault?.name === 'no_finish' ? null : reason, shown));
    }
    this.done();
    this.end();
  }

  /** The orderly end. */
  end(): void {
    if (this.over) return;
    this.#flush();
    settle(this.exchange.record, nowNs());
    this.#finishUp();
    const { response } = this.exchange;
    if (this.#byteByByte === null) response.end();
    else this.#byteByByte.whenSent(() => response.end());
  }

  /** Faults of mid-stream strike before the chunk number `after`, or at the latest before the end. */
  #struck(atEnd = false): boolean {
    const fault = this.fault;
    if (fault === null || (this.#contents < fault.after && !atEnd)) return false;
    const { response, record } = this.exchange;
    switch (fault.name) {
      case 'cut':
      case 'reset':
        this.#flush();
        settle(record, nowNs());
        this.#finishUp();
        // In the next turn: over HTTP/2 what has been written would be dropped with the stream.
        if (streamOf(response) === undefined) breakOff(response, fault.name);
        else setImmediate(() => breakOff(response, fault.name === 'reset' ? 'reset' : 'cut'));
        return true;
      case 'hang_mid':
        this.#flush();
        this.#finishUp();
        return true;
      case 'error_event':
        record.error = this.wire.errorName ?? null;
        this.#event(this.wire.error());
        this.end();
        return true;
      default:
        return false;
    }
  }

  #event(event: StreamEvent): void {
    if (this.over || event === null) return;
    this.#held.push(typeof event === 'string' ? `data: ${event}\n\n` : event);
    this.#heldEvents += 1;
    const { toEnd, flushMs } = this.options;
    if (toEnd) return;
    if (flushMs > 0) this.#flushTimer ??= setTimeout(() => this.#flush(), flushMs);
    else if (this.#heldEvents >= this.#coalesce) this.#flush();
  }

  #flush(): void {
    if (this.#flushTimer !== null) clearTimeout(this.#flushTimer);
    this.#flushTimer = null;
    if (this.#heldEvents === 0) return;
    this.open();
    const data = joined(this.#held);
    this.#stamp();
    this.#write(data);
  }

  #stamp(): void {
    const { record } = this.exchange;
    const now = nowNs();
    for (let index = 0; index < this.#heldContent; index += 1) record.content_ns.push(now);
    if (this.#heldUsage) record.usage_ns = now;
    if (this.lateness !== null) for (const due of this.#heldDue) this.lateness.add((now - due) / NS_PER_MS);
    this.#held = [];
    this.#heldEvents = 0;
    this.#heldContent = 0;
    this.#heldUsage = false;
    this.#heldDue = [];
  }

  /**
   * Writes one HTTP chunk straight to the socket, framing and all, as one string: response.write makes three writes of
   * it, and costs about three times the CPU, which at 20,000 events a second is the difference between half a core and
   * more than one.
   */
  #write(data: string | Buffer): void {
    const { response } = this.exchange;
    const stream = streamOf(response);
    if (stream !== undefined) {
      if (!stream.destroyed) this.#writeTo(stream, data);
      return;
    }
    const socket = response.socket;
    if (socket === null || socket.destroyed) return;
    if (!response.chunkedEncoding) {
      response.write(data);
      return;
    }
    const length = Buffer.byteLength(data).toString(16);
    const framed =
      typeof data === 'string'
        ? `${length}\r\n${data}\r\n`
        : Buffer.concat([Buffer.from(`${length}\r\n`), data, Buffer.from('\r\n')]);
    this.#writeTo(socket, framed);
  }

  #writeTo(under: Duplex, data: string | Buffer): void {
    if (this.fault?.name === 'byte_at_a_time') {
      this.#byteByByte ??= new ByteByByte(under);
      this.#byteByByte.push(data);
    } else under.write(data);
  }

  #finishUp(): void {
    this.over = true;
    if (this.#flushTimer !== null) clearTimeout(this.#flushTimer);
    this.#flushTimer = null;
  }
}

/** One text, unless there are bytes among the parts. */
function joined(parts: readonly (string | Buffer)[]): string | Buffer {
  if (parts.length === 1) return parts[0] ?? '';
  return parts.every((part) => typeof part === 'string')
    ? parts.join('')
    : Buffer.concat(parts.map((part) => Buffer.from(part as string)));
}
