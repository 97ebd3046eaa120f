import type { IncomingMessage } from 'node:http';
import { Refusal } from '../http/exchange';
import { isFields, type Fields } from '../settings/merge';
import { PLAIN_STREAM, StreamWriter } from '../http/stream-writer';
import { usageOf, type ChatCall, type Gateway, type Usage } from './call';
import { plainFailure, type ProviderStatus } from './failures';
import { spendOn } from './flaws/chunks';
import { Relay } from './flaws/delivery';
import { leak } from './flaws/memory';
import { SseReader } from './sse-reader';
import { callProvider, ProviderFailure, type ProviderCall } from './upstream';
import { gsaiWire } from './wire';

/**
 * A chat call as a stream: asks the provider, and writes each chunk on as it comes, in the gateway's own form and
 * order.
 */
export async function streamChat(call: ChatCall, gateway: Gateway): Promise<void> {
  const { exchange, model, body, fault } = call;
  const { context } = gateway;
  const { flaws, failover } = context.store.current.gateway;
  const wire = gsaiWire(model.kind, Math.floor(Date.now() / 1000), exchange.record.model ?? '');
  const { to_end: toEnd, flush_ms: flushMs } = flaws.buffering;
  const out = new StreamWriter(
    exchange,
    wire,
    { ...PLAIN_STREAM, fault, coalesce: flaws.coalesce, toEnd, flushMs },
    null,
  );
  // GSAi sends its headers before it asks the provider. That is why a failure can only show as an empty 200.
  if (flaws.empty_200_on_failure) out.open();
  if (flaws.role_early) out.role();
  const translation = new Translation(call, gateway, out, flaws.role_early);
  exchange.response.once('close', () => {
    if (flaws.leak_mb_per_hangup > 0 && !exchange.response.writableFinished) leak(flaws.leak_mb_per_hangup);
  });
  const tried = new Set<string>();
  for (let begun = false; ; ) {
    let provider: ProviderCall;
    try {
      provider = await callProvider(exchange, gateway, 'chat/completions', model, body, tried);
    } catch (error) {
      if (!(error instanceof ProviderFailure)) throw error;
      return begun ? translation.end('cut') : failBeforeStart(out, call, error.status);
    }
    const { answer, mayFollow, over } = provider;
    if (!(answer.headers['content-type'] ?? '').startsWith('text/event-stream')) {
      answer.destroy();
      over(false);
      if (mayFollow) continue;
      return begun ? translation.end('cut') : failBeforeStart(out, call, null);
    }
    begun = true;
    const end = await translation.follow(answer, failover.on ? failover.idle_ms : flaws.upstream_timeout_ms);
    over(exchange.response.destroyed ? null : end === 'well');
    const late = !failover.on && flaws.upstream_timeout_ms > 0 && end === 'cut';
    if (late && !exchange.response.headersSent) throw new Refusal(504, { detail: 'Gateway Timeout' });
    if (end === 'well' || !failover.resume || !mayFollow || exchange.response.destroyed) return translation.end(end);
  }
}

/**
 * The provider refused before a single event: nothing (Bedrock) or only `[DONE]` (Vertex), or the status, if it can
 * still be sent.
 */
function failBeforeStart(out: StreamWriter, { exchange, model }: ChatCall, status: ProviderStatus): void {
  exchange.record.outcome = 'failed';
  if (!exchange.response.headersSent) throw plainFailure(model.kind, status, false);
  if (model.kind === 'vertex') out.done();
  out.end();
}

/**
 * How a provider's stream ended: in order, in order but with nothing in it, with an error event, or cut (or silent for
 * too long).
 */
type End = 'well' | 'empty' | 'error' | 'cut';

/** A provider's stream, or several one after the other, on the way to the client. */
class Translation {
  #seen = false;
  #failed = false;
  #usage: Usage | null = null;
  #chunks = 0;
  /** Of the event that is being passed on: the client's is about as long. */
  #bytes = 0;
  readonly #relay: Relay;

  constructor(
    private readonly call: ChatCall,
    private readonly gateway: Gateway,
    private readonly out: StreamWriter,
    private roleSent: boolean,
  ) {
    const { socket } = call.exchange.request;
    const { context, loops, line } = gateway;
    this.#relay = new Relay(context.pacer, call.overheadChunkMs, () => {
      const { flaws } = context.store.current.gateway;
      return Math.max(loops.freeAt(socket, flaws), line.passed(this.#bytes, flaws));
    });
  }

  /** Resolves when the stream has ended, and all of it has been passed on. `idleMs`: the longest silence; 0: any. */
  follow(answer: IncomingMessage, idleMs: number): Promise<End> {
    const reader = new SseReader((data) => this.#event(data));
    this.#seen = this.#failed = false;
    this.#usage = null;
    const silence = idleMs > 0 ? setTimeout(() => answer.destroy(), idleMs) : undefined;
    answer.on('data', (bytes: Buffer) => {
      silence?.refresh();
      reader.push(bytes);
    });
    return new Promise((resolve) => {
      answer.once('close', () => {
        clearTimeout(silence);
        this.#relay.pass(
          () => resolve(this.#failed ? 'error' : !answer.complete ? 'cut' : this.#seen ? 'well' : 'empty'),
          false,
        );
      });
    });
  }

  #event(data: string): void {
    if (this.#failed || data === '[DONE]') return;
    this.#seen = true;
    this.#bytes = data.length;
    let event: unknown;
    try {
      event = JSON.parse(data);
    } catch {
      event = undefined;
    }
    if (isFields(event) && event.error === undefined) this.#translate(event);
    else this.#failed = true;
  }

  #translate(event: Fields): void {
    const choice: unknown = Array.isArray(event.choices) ? event.choices[0] : undefined;
    const delta = isFields(choice) && isFields(choice.delta) ? choice.delta : {};
    // Bedrock's role chunk comes with the start of the message, Vertex's only with the first token.
    if (delta.role !== undefined && this.call.model.kind === 'bedrock') this.#role();
    if (typeof delta.content === 'string' && delta.content !== '') {
      const text = delta.content;
      this.#role();
      this.#relay.pass(() => {
        spendOn(this.gateway.context.store.current.gateway.flaws.chunk, this.#chunks++);
        this.out.content(text, 0);
      }, true);
    }
    if (Array.isArray(delta.tool_calls)) {
      const calls = delta.tool_calls as unknown[];
      this.#role();
      this.#relay.pass(() => this.out.toolCalls(calls), true);
    }
    if (isFields(choice) && typeof choice.finish_reason === 'string') {
      const reason = choice.finish_reason;
      this.#relay.pass(() => this.out.finish(reason), false);
    }
    const usage = usageOf(event, this.gateway);
    if (usage !== undefined) this.#count(usage);
    // A provider may repeat its usage in each chunk: what is passed on comes after the finish reason, once.
    const counted = this.#usage;
    if (counted === null || !(Array.isArray(event.choices) && event.choices.length === 0)) return;
    this.#usage = null;
    this.#relay.pass(() => {
      this.call.exchange.record.prompt_tokens = counted.prompt_tokens;
      this.call.exchange.record.completion_tokens = counted.completion_tokens;
      const cached = counted.prompt_tokens_details?.cached_tokens;
      this.out.usage({
        prompt: counted.prompt_tokens,
        completion: counted.completion_tokens,
        ...(cached === undefined ? {} : { cache: { read: cached, written: 0 } }),
      });
    }, false);
  }

  #count(usage: Usage): void {
    const before = this.gateway.context.store.current.gateway.flaws.usage_added_up ? this.#usage : null;
    this.#usage = {
      prompt_tokens: usage.prompt_tokens + (before?.prompt_tokens ?? 0),
      completion_tokens: usage.completion_tokens + (before?.completion_tokens ?? 0),
      total_tokens: usage.total_tokens + (before?.total_tokens ?? 0),
      prompt_tokens_details: usage.prompt_tokens_details,
    };
  }

  #role(): void {
    if (this.roleSent) return;
    this.roleSent = true;
    this.#relay.pass(() => this.out.role(), false);
  }

  /** Ends the client's stream. A cut still gets `[DONE]`, a Bedrock error event does not: GSAi's table. */
  end(end: End): void {
    if (this.out.over) return;
    if (end !== 'well') this.call.exchange.record.outcome = 'failed';
    const silent = this.call.model.kind === 'bedrock' && (end === 'error' || end === 'empty');
    if (!silent) this.out.done();
    this.out.end();
  }
}
