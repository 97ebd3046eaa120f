import type { GatewayModel } from '../config';
import { DirectiveError, parseDirective, type Directive } from '../directive';
import { playEarlyFault, sendPlainWithFault } from '../early-fault';
import type { Fault } from '../faults';
import { ClientGone, Refusal, type Exchange } from '../http';
import { isFields, type Fields } from '../merge';
import { lastUserText } from '../messages';
import type { Port } from '../port';
import { words } from '../text';
import { promptSha } from '../truth';
import { authorize } from './auth';
import { detail, gatewayFailure, internalError, plainFailure } from './errors';
import type { Breakers } from './failover';
import type { Pool } from './flaws';
import { checkChat, modelOf, readJson } from './schema';
import { streamChat } from './stream';
import { callProvider, parseFields, ProviderFailure, readAnswer, type Upstream } from './upstream';

/** What the chat and embeddings handlers share. */
export interface Gateway {
  readonly port: Port;
  readonly upstream: Upstream;
  readonly breakers: Breakers;
  readonly pool: Pool;
}

/** One chat call that has passed all checks. */
export interface ChatCall {
  readonly exchange: Exchange;
  readonly model: GatewayModel;
  /** What the provider is asked, but for the deployment's model. */
  readonly body: Fields;
  /** A fault of the gateway's own. */
  readonly fault: Fault | null;
  /** Added to each chunk, ms. */
  readonly overheadChunkMs: number;
}

/** POST /api/v1/chat/completions. */
export async function chat(exchange: Exchange, gateway: Gateway): Promise<void> {
  const { port } = gateway;
  const { record } = exchange;
  const config = port.store.current;
  authorize(exchange, config.gateway.keys, 'models:inference');
  const body = await readJson(exchange);
  if (typeof body.model === 'string') record.model = body.model;
  record.stream = body.stream === true;
  const model = modelOf(config, body, 'chat');
  checkChat(body, model.kind);
  const messages = body.messages as unknown[];
  record.prompt_sha = promptSha(messages);
  const directive = directiveOf(lastUserText(messages), exchange);
  const fault = directive.at === 'gateway' ? (directive.fault ?? null) : null;

  if (await playEarlyFault(exchange, fault, gatewayFailure, port.pacer)) return;
  const { flaws } = config.gateway;
  await port.pacer.sleep(directive.overhead_ms ?? flaws.overhead_ms);
  const stream = record.stream && fault?.name !== 'not_stream';
  const overheadChunkMs = directive.overhead_chunk_ms ?? flaws.overhead_chunk_ms;
  const call: ChatCall = {
    exchange,
    model,
    fault,
    overheadChunkMs,
    body: providerBody(body, messages, stream, gateway),
  };
  if (stream) await streamChat(call, gateway);
  else await plainChat(call, gateway);
}

/** The directive of a text, and its id in the record. Throws a 400 here, where the caller can read it. */
export function directiveOf(text: string, exchange: Exchange): Directive {
  const { record } = exchange;
  try {
    const directive = parseDirective(text);
    // Passed on to the provider as x-request-id, so that its record and the gateway's can be laid side by side.
    record.id = directive.id ?? record.id ?? `gateway-${record.seq}`;
    return directive;
  } catch (error) {
    throw error instanceof DirectiveError ? detail(400, error.message) : error;
  }
}

const PASSED_ON = ['temperature', 'top_p', 'max_tokens', 'stop', 'tools', 'tool_choice'];

function providerBody(body: Fields, messages: unknown[], stream: boolean, { port }: Gateway): Fields {
  const { max_tokens_ignored: ignored, system_prompt_tokens_added: added } = port.store.current.gateway.flaws;
  const names = PASSED_ON.filter(
    (name) => body[name] !== undefined && body[name] !== null && !(ignored && name === 'max_tokens'),
  );
  const system = added > 0 ? [{ role: 'system', content: words(0, added, true) }] : [];
  return {
    messages: [...system, ...messages],
    ...Object.fromEntries(names.map((name) => [name, body[name]])),
    ...(stream ? { stream, stream_options: { include_usage: true } } : {}),
  };
}

async function plainChat({ exchange, model, body, fault }: ChatCall, gateway: Gateway): Promise<void> {
  const answer = await callPlain(exchange, gateway, 'chat/completions', model, body, parseFields);
  if (fault?.name === 'error_event') throw new Refusal(500, internalError());
  const usage = usageOf(answer, gateway);
  const { record } = exchange;
  record.prompt_tokens = usage?.prompt_tokens ?? null;
  record.completion_tokens = usage?.completion_tokens ?? 0;
  const choice = Array.isArray(answer.choices) && isFields(answer.choices[0]) ? answer.choices[0] : {};
  const message = isFields(choice.message) ? choice.message : {};
  const out = {
    object: 'chat.completion',
    created: Math.floor(Date.now() / 1000),
    model: record.model,
    choices: [
      {
        index: 0,
        message: { role: 'assistant', content: message.content, tool_calls: message.tool_calls },
        finish_reason: fault?.name === 'no_finish' ? null : choice.finish_reason,
      },
    ],
    usage: fault?.name === 'no_usage' ? undefined : usage,
  };
  sendPlainWithFault(exchange, fault, JSON.stringify(out));
}

export interface Usage {
  readonly prompt_tokens: number;
  readonly completion_tokens: number;
  readonly total_tokens: number;
}

/** The usage of an answer or event, after the flaws; undefined when there is none (to show). */
export function usageOf(answer: Fields, { port }: Gateway): Usage | undefined {
  const flaws = port.store.current.gateway.flaws;
  const { usage } = answer;
  if (!isFields(usage) || flaws.no_usage) return undefined;
  const times = flaws.usage_double ? 2 : 1;
  const prompt = Number(usage.prompt_tokens ?? 0) * times;
  const completion = Number(usage.completion_tokens ?? 0) * times;
  return { prompt_tokens: prompt, completion_tokens: completion, total_tokens: prompt + completion };
}

/**
 * A provider call that is waited for as a whole, with a place in the pool for as long. Throws the Refusal of the error
 * table.
 */
export async function callPlain<T>(
  exchange: Exchange,
  gateway: Gateway,
  route: 'chat/completions' | 'embeddings',
  model: GatewayModel,
  body: Fields,
  parse: (text: string) => T,
): Promise<T> {
  const { port, pool } = gateway;
  const giveBack = await pool.take(port.store.current.gateway.flaws.plain_pool);
  try {
    const tried = new Set<string>();
    for (;;) {
      const call = await callProvider(exchange, gateway, route, model, body, tried);
      try {
        const answer = await readAnswer(call.answer, parse);
        call.over(true);
        return answer;
      } catch (error) {
        call.over(exchange.response.destroyed ? null : false);
        if (!call.mayFollow || exchange.response.destroyed) throw error;
      }
    }
  } catch (error) {
    if (error instanceof ProviderFailure && !exchange.response.destroyed) {
      exchange.record.outcome = 'failed';
      throw plainFailure(model.kind, error.status, route === 'embeddings');
    }
    throw error instanceof ProviderFailure ? new ClientGone() : error;
  } finally {
    giveBack();
  }
}
