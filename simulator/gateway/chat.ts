import { DirectiveError, parseDirective, type Directive } from '../generation/directive';
import { playEarlyFault, sendPlainWithFault } from '../faults/early-fault';
import { Refusal, type Exchange } from '../http/exchange';
import { isFields, type Fields } from '../settings/merge';
import { lastUserText } from '../generation/messages';
import { words } from '../generation/text';
import { promptSha } from '../truth/truth';
import { admit } from './auth';
import { usageOf, type ChatCall, type Gateway } from './call';
import { detail, internalError } from './errors';
import { gatewayFailure } from './failures';
import { leak } from './flaws/memory';
import { blockFor } from './flaws/payload';
import { stampOf } from './flaws/prompt';
import { tokensOver, truncated } from './over-limit';
import { callPlain } from './plain-call';
import { checkChat, modelOf, readJson } from './schema';
import { streamChat } from './stream';
import { parseFields } from './upstream';

/** POST /api/v1/chat/completions. */
export async function chat(exchange: Exchange, gateway: Gateway): Promise<void> {
  const { context } = gateway;
  const { record } = exchange;
  const config = context.store.current;
  const giveBack = await admit(exchange, gateway, 'models:inference');
  const body = await readJson(exchange, config.gateway.flaws);
  if (typeof body.model === 'string') record.model = body.model;
  record.stream = body.stream === true;
  if (record.stream) {
    gateway.edge.enterStream(exchange, config.gateway.flaws);
    if (config.gateway.flaws.db_pool.hold !== 'all') giveBack();
  }
  const asked = record.model ?? '';
  const exists = Object.hasOwn(config.gateway.models, asked);
  await context.pacer.sleep(gateway.lookups.model(asked, config.gateway.flaws, exists));
  const model = modelOf(config, body, 'chat');
  checkChat(body, model.kind);
  let messages = body.messages as unknown[];
  record.prompt_sha = promptSha(messages);
  const directive = directiveOf(lastUserText(messages), exchange);
  const fault = directive.at === 'gateway' ? (directive.fault ?? null) : null;

  if (await playEarlyFault(exchange, fault, gatewayFailure, context.pacer)) return;
  const { flaws } = config.gateway;
  if (flaws.over_limit !== 'clear') {
    const over = await tokensOver(messages, model, config);
    if (over > 0 && flaws.over_limit !== 'truncate') return beyondTheLimit(exchange, flaws.over_limit === 'hang');
    if (over > 0) messages = truncated(messages, over);
  }
  messages = gateway.crosstalk.asked(messages, record.seq, flaws);
  await context.pacer.sleep(directive.overhead_ms ?? flaws.overhead_ms);
  const stream = record.stream && fault?.name !== 'not_stream';
  const overheadChunkMs = directive.overhead_chunk_ms ?? flaws.overhead_chunk_ms;
  const call: ChatCall = {
    exchange,
    model,
    fault,
    overheadChunkMs,
    body: providerBody(body, messages, stream, record.id, gateway),
  };
  if (stream) await streamChat(call, gateway);
  else await plainChat(call, gateway);
}

/** A prompt over the limit, with nothing that says so: no answer until the client leaves, or status 200 and nothing. */
async function beyondTheLimit({ record, response }: Exchange, hang: boolean): Promise<void> {
  record.outcome = 'failed';
  if (hang) return new Promise((resolve) => void response.once('close', resolve));
  response.writeHead(200, { 'content-type': record.stream ? 'text/event-stream' : 'application/json' });
  response.end();
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

function providerBody(
  body: Fields,
  messages: unknown[],
  stream: boolean,
  id: string | null,
  { context }: Gateway,
): Fields {
  const { flaws } = context.store.current.gateway;
  const { max_tokens_ignored: ignored, system_prompt_tokens_added: added } = flaws;
  const names = PASSED_ON.filter(
    (name) => body[name] !== undefined && body[name] !== null && !(ignored && name === 'max_tokens'),
  );
  const system = added > 0 ? [{ role: 'system', content: words(0, added, true) }] : [];
  return {
    messages: [...stampOf(flaws, id), ...system, ...messages],
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
  const text = JSON.stringify(out);
  const { flaws } = gateway.context.store.current.gateway;
  blockFor(flaws.answer_block, text.length);
  if (flaws.answer_kept > 0) leak((flaws.answer_kept * text.length) / 2 ** 20);
  const passed = gateway.line.passed(text.length, flaws);
  if (passed > 0) await new Promise<void>((resolve) => gateway.context.pacer.at(passed, resolve));
  sendPlainWithFault(exchange, fault, text);
}
