import { nowNs, NS_PER_MS } from '../time/clock';
import type { ProviderModel } from '../settings/types';
import { playEarlyFault, sendPlainWithFault } from '../faults/early-fault';
import type { FaultName } from '../faults/faults';
import { chooseFault, echoOf, planGeneration, textFrom, type Generation } from '../generation/generation';
import type { Exchange } from '../http/exchange';
import type { Context } from '../http/api';
import type { Prefixes } from './prefixes';
import { promptUsage, type PromptCache } from './prompt-cache';
import type { Quotas } from './quota';
import { draw, seededRandom } from '../generation/random';
import { PLAIN_STREAM, StreamWriter, type StreamWire, type Usage } from '../http/stream-writer';
import { promptTokens, tokensOfEach } from '../generation/tokens';
import { promptSha, type TruthRecord } from '../truth/truth';
import { vectorJson } from '../generation/vectors';
import { directiveOf, type ApiErrors } from './request';

/** A provider at work: what every API of it shares. */
export interface Provider {
  readonly context: Context;
  readonly quotas: Quotas;
  readonly prefixes: Prefixes;
  readonly cache: PromptCache;
}

/** A chat request, whatever API it came in on; `record.stream` tells whether it wants a stream. */
export interface ChatRequest {
  readonly model: ProviderModel;
  /** As received, for `prompt_sha`, and the name of the field that it stood in. */
  readonly prompt: unknown;
  readonly field: string;
  readonly contents: readonly string[];
  readonly lastUserText: string;
  readonly maxTokens: number | null;
  /** Where the client has to say what is to be cached: so many of the contents, from the first on. */
  readonly cacheUpTo?: number;
}

/** How one API writes the answer to a chat request. */
export interface ChatForm {
  readonly errors: ApiErrors;
  /** Faults that its streams have no place for: they are refused. */
  readonly impossible: readonly FaultName[];
  readonly usageInStream: boolean;
  stream(plan: Generation): StreamWire;
  /** The body of a plain answer; null: left out by a fault. */
  plain(text: string, reason: string | null, usage: Usage | null): unknown;
}

/** Plans an answer and gives it when it is due, with its fault. Throws a Refusal in the API's own form. */
export async function answerChat(
  exchange: Exchange,
  { context, quotas, prefixes, cache }: Provider,
  request: ChatRequest,
  form: ChatForm,
): Promise<void> {
  const { record } = exchange;
  const { model } = request;
  const { errors } = form;
  record.prompt_sha = promptSha(request.prompt);
  record.prompt_tokens = await promptTokens(request.contents);
  const directive = directiveOf(request.lastUserText, exchange, errors);
  if (record.prompt_tokens > model.context_limit)
    throw errors.tooLong(record.prompt_tokens, model.context_limit, request.field);

  const random = seededRandom(context.store.current.seed, record.seq);
  const { near_limit: near } = model;
  if (near.failure_share > 0 && record.prompt_tokens > near.from * model.context_limit && random() < near.failure_share)
    throw errors.modelFailed();
  const { contents, cacheUpTo } = request;
  const used = cache.take(deploymentOf(record), contents, record.prompt_tokens, model, cacheUpTo);
  record.cached_tokens = used?.read ?? null;
  record.cache_written_tokens = used?.written ?? null;
  record.cached_anywhere_tokens = used?.anywhere ?? null;
  const plan = planGeneration(
    prefixes.has(contents, model) ? { ...model, ttft_ms: model.cached_prefix_ttft_ms } : model,
    directive,
    record.prompt_tokens - (used?.read ?? 0),
    request.maxTokens,
    random,
    echoOf(directive, record.seq),
  );
  const from = Math.floor(random() * 1000);
  if (plan.fault !== null && record.stream && form.impossible.includes(plan.fault.name)) {
    throw errors.badRequest(
      `The fault ${plan.fault.name} cannot be had here: these streams have no such part. See simulator/README.md.`,
      'sim_directive',
    );
  }
  const wait = quotas.take(deploymentOf(record), model.quota, record.prompt_tokens + plan.tokens);
  if (wait !== null) throw errors.rateLimited(wait);

  const wire = form.stream(plan);
  if (
    await playEarlyFault(
      exchange,
      plan.fault,
      errors.failure,
      context.pacer,
      wire.headers?.['content-type'] as string | undefined,
    )
  )
    return;
  const base = record.received_ns + (plan.fault?.name === 'slow_first_byte' ? plan.fault.delay_ms * NS_PER_MS : 0);
  const usageInEach = model.usage_in_each_chunk && form.usageInStream ? record.prompt_tokens : null;
  if (record.stream && plan.fault?.name !== 'not_stream')
    sendStream(exchange, context, plan, base, from, wire, form, usageInEach);
  else await sendPlain(exchange, context, plan, base, from, form);
}

function deploymentOf({ wire, region, model }: TruthRecord): string {
  return `${wire}/${region}/${model}`;
}

/** The role chunk at once, every other one at its deadline. */
function sendStream(
  exchange: Exchange,
  context: Context,
  plan: Generation,
  base: number,
  from: number,
  wire: StreamWire,
  form: ChatForm,
  usageInEach: number | null,
): void {
  const { record } = exchange;
  const bill = new Bill(exchange, plan, base);
  const options = { ...PLAIN_STREAM, fault: plan.fault, usageInEach };
  const out = new StreamWriter(exchange, wire, options, context.truth.lateness);
  let index = 0;
  let sent = 0;
  const next = (): void => {
    const size = plan.sizes[index] ?? 0;
    out.content(textFrom(plan, from, sent, size), size, bill.dueOf(index));
    if (out.over) {
      bill.close(sent);
      return;
    }
    sent += size;
    index += 1;
    record.billed_completion_tokens = sent;
    if (index < plan.sizes.length) {
      appointment = context.pacer.at(bill.dueOf(index), next);
      return;
    }
    bill.close(sent);
    out.complete(plan.finish_reason, form.usageInStream ? { ...promptUsage(record), completion: plan.tokens } : null);
  };
  out.open();
  out.role();
  let appointment = context.pacer.at(bill.dueOf(0), next);
  exchange.response.once('close', () => appointment.cancel());
}

/** The whole answer, when its last token is due. */
async function sendPlain(
  exchange: Exchange,
  context: Context,
  plan: Generation,
  base: number,
  from: number,
  form: ChatForm,
): Promise<void> {
  const { record, response } = exchange;
  const bill = new Bill(exchange, plan, base);
  const due = bill.dueOf(plan.dues.length - 1);
  await new Promise<void>((resolve) => void context.pacer.at(due, resolve));
  if (response.destroyed) return;
  context.truth.lateness.add((nowNs() - due) / NS_PER_MS);
  // A plain answer has no room for an error event: the failure comes as a status, as late as the answer would have. It
  // costs nothing.
  if (plan.fault?.name === 'error_event') {
    record.billed_prompt_tokens = 0;
    bill.close(0);
    throw form.errors.modelFailed();
  }
  bill.close(plan.tokens);
  record.completion_tokens = plan.tokens;
  const usage = plan.fault?.name === 'no_usage' ? null : { ...promptUsage(record), completion: plan.tokens };
  const body = form.plain(
    textFrom(plan, from, 0, plan.tokens),
    plan.fault?.name === 'no_finish' ? null : plan.finish_reason,
    usage,
  );
  sendPlainWithFault(exchange, plan.fault, JSON.stringify(body));
}

/** What one answer costs: from here on the prompt, and each token that it has come to. */
class Bill {
  #open = true;

  constructor(
    private readonly exchange: Exchange,
    private readonly plan: Generation,
    private readonly base: number,
  ) {
    const { record, response } = exchange;
    record.billed_prompt_tokens = record.prompt_tokens;
    // The model had come further than what was written, the more so in a plain call.
    response.once('close', () => this.close(this.#dueAt(record.client_gone_ns ?? nowNs())));
  }

  dueOf(index: number): number {
    return this.base + (this.plan.dues[index] ?? 0);
  }

  /** The answer has gone as far as it ever will. The first word counts. */
  close(tokens: number): void {
    if (this.#open) this.exchange.record.billed_completion_tokens = tokens;
    this.#open = false;
  }

  #dueAt(now: number): number {
    return this.plan.sizes.reduce((sum, size, index) => sum + (this.dueOf(index) <= now ? size : 0), 0);
  }
}

/** A request for embeddings. A directive may stand in the first text (its `ttft` is the time to the answer). */
export interface EmbeddingRequest {
  readonly model: ProviderModel;
  readonly prompt: unknown;
  readonly field: string;
  readonly texts: readonly string[];
  readonly dimensions: number;
  /** A text that is too long is cut by the provider, and no error. */
  readonly truncate: boolean;
}

export interface TextTokens {
  readonly tokens: number;
  readonly cut: boolean;
}

/** The tokens of all texts. */
export function sumOf(counts: readonly TextTokens[]): number {
  return counts.reduce((sum, { tokens }) => sum + tokens, 0);
}

export interface EmbeddingForm {
  readonly errors: ApiErrors;
  /** The JSON of one vector; without: a list of its numbers. */
  vector?(text: string, dimensions: number): string;
  /**
   * The JSON of the answer, from that of each vector. `counts`: tokens of each text, and whether it was cut; null: left
   * out by a fault.
   */
  body(vectors: readonly string[], counts: readonly TextTokens[] | null): string;
}

/**
 * Answers an embedding request: failures, quotas and time first, then vectors in the form of the wire. Throws a
 * Refusal.
 */
export async function answerEmbeddings(
  exchange: Exchange,
  { context, quotas }: Provider,
  request: EmbeddingRequest,
  form: EmbeddingForm,
): Promise<void> {
  const { record, response } = exchange;
  const { model, texts, dimensions } = request;
  const { errors } = form;
  record.prompt_sha = promptSha(request.prompt);
  const counts = (await tokensOfEach(texts)).map((tokens): TextTokens => {
    const cut = request.truncate && tokens > model.context_limit;
    return { tokens: cut ? model.context_limit : tokens, cut };
  });
  const tokens = sumOf(counts);
  record.prompt_tokens = tokens;
  const directive = directiveOf(texts[0] ?? '', exchange, errors);
  const long = counts.find((count) => count.tokens > model.context_limit);
  if (long !== undefined) throw errors.tooLong(long.tokens, model.context_limit, request.field);

  const random = seededRandom(context.store.current.seed, record.seq);
  const wait = quotas.take(deploymentOf(record), model.quota, tokens);
  if (wait !== null) throw errors.rateLimited(wait);
  const fault = chooseFault(model, directive, random);
  if (await playEarlyFault(exchange, fault, errors.failure, context.pacer)) return;

  record.billed_prompt_tokens = tokens;
  const latency =
    directive.ttft_ms ?? draw(model.ttft_ms, random) + (tokens / 1000) * model.ttft_per_1k_prompt_tokens_ms;
  const due = record.received_ns + latency * NS_PER_MS;
  await new Promise<void>((resolve) => void context.pacer.at(due, resolve));
  if (response.destroyed) return;
  if (fault?.name === 'error_event') {
    record.billed_prompt_tokens = 0;
    throw errors.modelFailed();
  }
  const vectors = texts.map((text) => (form.vector ?? vectorJson)(text, dimensions));
  context.truth.lateness.add((nowNs() - due) / NS_PER_MS);
  sendPlainWithFault(exchange, fault, form.body(vectors, fault?.name === 'no_usage' ? null : counts));
}
