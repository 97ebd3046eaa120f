import { nowNs, NS_PER_MS } from './clock';
import { Dribble } from './dribble';
import type { Fault } from './faults';
import type { Exchange } from './http';
import type { Lateness } from './lateness';
import { settle } from './truth';

/** How one API writes the parts of a stream: each function gives the JSON of one event. */
export interface StreamWire {
  role(): string;
  content(text: string): string;
  finish(reason: string): string;
  usage(promptTokens: number, completionTokens: number): string;
  error(): string;
}

export interface StreamOptions {
  readonly fault: Fault | null;
  /** Events in one write; 1: each its own. */
  readonly coalesce: number;
  /** Everything is held back until the end. */
  readonly toEnd: boolean;
  /** Written out only every so many ms; 0: at once. */
  readonly flushMs: number;
}

export const PLAIN_STREAM: StreamOptions = { fault: null, coalesce: 1, toEnd: false, flushMs: 0 };

/** Events in one write under the fault `coalesced`. */
const COALESCED = 4;

/**
 * One event stream to a client: writes events in the API's form, misbehaves where the fault says so, and stamps the truth.
 * After the stream has ended, hung or been cut, every call is without effect; `over` tells.
 */
export class StreamOut {
  over = false;
  #held = '';
  #heldEvents = 0;
  #heldContent = 0;
  #heldUsage = false;
  #heldDue: number[] = [];
  #contents = 0;
  #flushTimer: NodeJS.Timeout | null = null;
  #dribble: Dribble | null = null;
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
    response.writeHead(200, { 'content-type': 'text/event-stream; charset=utf-8', 'cache-control': 'no-cache', 'transfer-encoding': 'chunked' });
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
    this.#event(this.wire.content(text));
  }

  finish(reason: string): void {
    if (this.over || this.#struck(true) || this.fault?.name === 'no_finish') return;
    this.#event(this.wire.finish(reason));
  }

  usage(promptTokens: number, completionTokens: number): void {
    if (this.over || this.fault?.name === 'no_usage') return;
    this.#heldUsage = true;
    this.#event(this.wire.usage(promptTokens, completionTokens));
  }

  done(): void {
    if (this.fault?.name !== 'no_done') this.#event('[DONE]');
  }

  /** The orderly end. */
  end(): void {
    if (this.over) return;
    this.#flush();
    settle(this.exchange.record, nowNs());
    this.#finishUp();
    const { response } = this.exchange;
    if (this.#dribble === null) response.end();
    else this.#dribble.whenSent(() => response.end());
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
        if (fault.name === 'reset') response.socket?.resetAndDestroy();
        else response.socket?.destroy();
        return true;
      case 'hang_mid':
        this.#flush();
        this.#finishUp();
        return true;
      case 'error_event':
        this.#event(this.wire.error());
        this.end();
        return true;
      default:
        return false;
    }
  }

  #event(json: string): void {
    if (this.over) return;
    this.#held += `data: ${json}\n\n`;
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
    const data = this.#held;
    this.#stamp();
    this.#write(data);
  }

  #stamp(): void {
    const { record } = this.exchange;
    const now = nowNs();
    for (let index = 0; index < this.#heldContent; index += 1) record.content_ns.push(now);
    if (this.#heldUsage) record.usage_ns = now;
    if (this.lateness !== null) for (const due of this.#heldDue) this.lateness.add((now - due) / NS_PER_MS);
    this.#held = '';
    this.#heldEvents = 0;
    this.#heldContent = 0;
    this.#heldUsage = false;
    this.#heldDue = [];
  }

  /**
   * Writes one HTTP chunk straight to the socket, framing and all, as one string: response.write makes three writes of it, and
   * costs about three times the CPU, which at 20,000 events a second is the difference between half a core and more than one.
   */
  #write(data: string): void {
    const { response } = this.exchange;
    const socket = response.socket;
    if (socket === null || socket.destroyed) return;
    if (!response.chunkedEncoding) {
      response.write(data);
      return;
    }
    const framed = `${Buffer.byteLength(data).toString(16)}\r\n${data}\r\n`;
    if (this.fault?.name === 'byte_at_a_time') {
      this.#dribble ??= new Dribble(socket);
      this.#dribble.push(framed);
    } else socket.write(framed);
  }

  #finishUp(): void {
    this.over = true;
    if (this.#flushTimer !== null) clearTimeout(this.#flushTimer);
    this.#flushTimer = null;
  }
}
