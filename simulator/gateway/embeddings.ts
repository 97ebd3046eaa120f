import { playEarlyFault, sendPlainWithFault } from '../faults/early-fault';
import { Refusal, type Exchange } from '../http/exchange';
import { isFields } from '../settings/merge';
import { promptSha } from '../truth/truth';
import { admit } from './auth';
import type { Gateway } from './call';
import { directiveOf } from './chat';
import { internalError } from './errors';
import { gatewayFailure } from './failures';
import { joined, spoilt } from './flaws/vectors';
import { checkEmbeddings, modelOf, readJson } from './schema';
import { callPlain } from './plain-call';
import { parseFields } from './upstream';

/** POST /api/v1/embeddings. */
export async function embeddings(exchange: Exchange, gateway: Gateway): Promise<void> {
  const { context } = gateway;
  const { record } = exchange;
  const config = context.store.current;
  await admit(exchange, gateway, 'models:embedding');
  await gateway.loops.busy(exchange.request.socket, config.gateway.flaws.block_ms.embedding, config.gateway.flaws);
  const body = await readJson(exchange, config.gateway.flaws);
  if (typeof body.model === 'string') record.model = body.model;
  const model = modelOf(config, body, 'embedding');
  await context.pacer.sleep(gateway.lookups.model(record.model ?? '', config.gateway.flaws));
  const texts = checkEmbeddings(body, model.kind);
  record.prompt_sha = promptSha(body.input);
  const directive = directiveOf(texts[0] ?? '', exchange);
  const fault = directive.at === 'gateway' ? (directive.fault ?? null) : null;

  if (await playEarlyFault(exchange, fault, gatewayFailure, context.pacer)) return;
  await context.pacer.sleep(directive.overhead_ms ?? config.gateway.flaws.overhead_ms);
  const dimensions =
    model.kind === 'vertex' && typeof body.dimensions === 'number' ? { dimensions: body.dimensions } : {};
  const ask = (input: unknown) =>
    callPlain(exchange, gateway, 'embeddings', model, { input, ...dimensions }, splitAnswer);
  const { embedding_split: split, vector } = config.gateway.flaws;
  const answer = split.on && texts.length > 1 ? await oneByOne(texts, split.parallel, ask) : await ask(body.input);
  if (fault?.name === 'error_event') throw new Refusal(500, internalError());
  const tokens = isFields(answer.usage) ? Number(answer.usage.prompt_tokens ?? 0) : 0;
  record.prompt_tokens = tokens;
  const rest = {
    model: model.kind === 'bedrock' ? model.native_id : record.model,
    usage:
      config.gateway.flaws.no_usage || fault?.name === 'no_usage'
        ? undefined
        : { promptTokens: tokens, totalTokens: tokens },
  };
  sendPlainWithFault(
    exchange,
    fault,
    `{"object":"list","data":${spoilt(answer.data, vector)},${JSON.stringify(rest).slice(1)}`,
  );
}

/** A call for each text, and their answers as one. */
async function oneByOne(
  texts: readonly string[],
  parallel: boolean,
  ask: (text: string) => Promise<Answer>,
): Promise<Answer> {
  const answers: Answer[] = [];
  if (parallel) answers.push(...(await Promise.all(texts.map(ask))));
  else for (const text of texts) answers.push(await ask(text));
  const tokens = answers.reduce((sum, { usage }) => sum + (isFields(usage) ? Number(usage.prompt_tokens ?? 0) : 0), 0);
  return { data: joined(answers.map(({ data }) => data)), usage: { prompt_tokens: tokens } };
}

interface Answer {
  /** The list as JSON. */
  readonly data: string;
  readonly usage: unknown;
}

const HEAD = '{"object":"list","data":';

/**
 * Takes the vectors out of an answer as text where it is in the usual order: to parse and write 96 of them blocks the
 * event loop for 25 ms, which would show as a stall of every stream that goes by. Throws on what is not JSON.
 */
export function splitAnswer(text: string): Answer {
  const end = text.lastIndexOf(']') + 1;
  if (text.startsWith(HEAD) && end > HEAD.length && text[end] === ',') {
    return { data: text.slice(HEAD.length, end), usage: parseFields(`{${text.slice(end + 1)}`).usage };
  }
  const { data, usage } = parseFields(text);
  return { data: JSON.stringify(data ?? []), usage };
}
