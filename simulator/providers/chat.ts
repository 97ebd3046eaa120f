import { nowNs, NS_PER_MS } from '../clock';
import { playEarlyFault, sendPlainWithFault } from '../early-fault';
import { echoOf, planGeneration, textOf, type Generation } from '../generation';
import { Refusal, type Exchange } from '../http';
import { isFields } from '../merge';
import { contentsOf, lastUserText } from '../messages';
import type { Port } from '../port';
import type { Quotas } from '../quota';
import { seededRandom } from '../random';
import { PLAIN_STREAM, StreamOut } from '../stream-out';
import { promptTokens } from '../tokens';
import { promptSha } from '../truth';
import { badRequest, openaiFailure, openaiWire, rateLimited, usageJson } from './openai-wire';
import { checkContext, directiveOf, findModel, readFields } from './request';

/** POST /chat/completions of the OpenAI API. */
export async function chat(exchange: Exchange, port: Port, quotas: Quotas): Promise<void> {
  const { record } = exchange;
  const body = await readFields(exchange);
  const { messages, stream_options: options } = body;
  record.stream = body.stream === true;
  if (typeof body.model === 'string') record.model = body.model;
  const model = findModel(exchange, port, body.model, 'chat');
  if (!Array.isArray(messages) || messages.length === 0) throw badRequest("'messages' must be a list that is not empty.", null, 'messages');
  const maxTokens = body.max_completion_tokens ?? body.max_tokens ?? null;
  if (maxTokens !== null && !isPositive(maxTokens)) throw badRequest("'max_tokens' must be a whole number from 1 on.", null, 'max_tokens');

  record.prompt_sha = promptSha(messages);
  record.prompt_tokens = await promptTokens(contentsOf(messages));
  const directive = directiveOf(lastUserText(messages), exchange);
  checkContext(record.prompt_tokens, model, 'messages');

  const random = seededRandom(port.store.current.seed, record.seq);
  const plan = planGeneration(model, directive, record.prompt_tokens, maxTokens, random, echoOf(directive, record.seq));
  const from = Math.floor(random() * 1000);
  const wait = quotas.take(`openai/${record.region}/${record.model}`, model.quota, record.prompt_tokens + plan.tokens);
  if (wait !== null) throw rateLimited(wait);

  if (await playEarlyFault(exchange, plan.fault, openaiFailure, port.pacer)) return;
  const base = record.received_ns + (plan.fault?.name === 'slow_first_byte' ? plan.fault.delay_ms * NS_PER_MS : 0);
  const usageAsked = isFields(options) && options.include_usage === true;
  if (record.stream && plan.fault?.name !== 'not_stream') sendStream(exchange, port, plan, base, from, usageAsked);
  else await sendPlain(exchange, port, plan, base, from);
}

function isPositive(value: unknown): value is number {
  return Number.isInteger(value) && (value as number) > 0;
}

function answerId(exchange: Exchange): string {
  return `chatcmpl-sim${String(exchange.record.seq).padStart(10, '0')}`;
}

function nowSeconds(): number {
  return Math.floor(Date.now() / 1000);
}

/** The role chunk at once, every other one at its deadline. */
function sendStream(exchange: Exchange, port: Port, plan: Generation, base: number, from: number, usageAsked: boolean): void {
  const { record } = exchange;
  const wire = openaiWire(answerId(exchange), nowSeconds(), record.model ?? '', usageAsked);
  const out = new StreamOut(exchange, wire, { ...PLAIN_STREAM, fault: plan.fault }, port.truth.lateness);
  const dueOf = (index: number): number => base + (plan.dues[index] ?? 0);
  let index = 0;
  let sent = 0;
  const next = (): void => {
    const size = plan.sizes[index] ?? 0;
    out.content(textOf(plan, from, sent, size), size, dueOf(index));
    sent += size;
    index += 1;
    if (out.over) return;
    if (index < plan.sizes.length) {
      appointment = port.pacer.at(dueOf(index), next);
      return;
    }
    out.finish(plan.finish_reason);
    if (usageAsked) out.usage(record.prompt_tokens ?? 0, plan.tokens);
    out.done();
    out.end();
  };
  out.open();
  out.role();
  let appointment = port.pacer.at(dueOf(0), next);
  exchange.response.once('close', () => appointment.cancel());
}

/** The whole answer, when its last token is due. */
async function sendPlain(exchange: Exchange, port: Port, plan: Generation, base: number, from: number): Promise<void> {
  const { record, response } = exchange;
  const due = base + (plan.dues[plan.dues.length - 1] ?? 0);
  await new Promise<void>((resolve) => void port.pacer.at(due, resolve));
  if (response.destroyed) return;
  port.truth.lateness.add((nowNs() - due) / NS_PER_MS);
  // A plain answer has no room for an error event: the failure comes as a status, as late as the answer would have.
  if (plan.fault?.name === 'error_event') throw new Refusal(500, openaiFailure(500).body);
  record.completion_tokens = plan.tokens;
  const answer = {
    id: answerId(exchange),
    object: 'chat.completion',
    created: nowSeconds(),
    model: record.model,
    choices: [
      {
        index: 0,
        message: { role: 'assistant', content: textOf(plan, from, 0, plan.tokens), refusal: null },
        logprobs: null,
        finish_reason: plan.fault?.name === 'no_finish' ? null : plan.finish_reason,
      },
    ],
    ...(plan.fault?.name === 'no_usage' ? {} : { usage: JSON.parse(usageJson(record.prompt_tokens ?? 0, plan.tokens)) as unknown }),
  };
  sendPlainWithFault(exchange, plan.fault, JSON.stringify(answer));
}
