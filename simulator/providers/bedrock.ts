import { randomUUID } from 'node:crypto';
import type { Config, ProviderModel } from '../settings/types';
import { NO_REGION } from '../settings/deployments';
import type { Exchange } from '../http/exchange';
import { isFields, type Fields } from '../settings/merge';
import { contentsOf, contentText, lastUserText } from '../generation/messages';
import { answerChat, answerEmbeddings, sumOf, type Provider } from './answer';
import {
  awsError,
  bedrockErrors,
  claudeWire,
  converseUsage,
  converseWire,
  latencyOf,
  stopReason,
} from './bedrock-wire';
import { inputOf } from './anthropic-wire';
import { isMarked, markedIn } from './prompt-cache';
import { areTexts, findModel, isPositive, readFields } from './request';

const { badRequest } = bedrockErrors;

/**
 * Amazon Bedrock's runtime API: Converse for any chat model, InvokeModel for Claude (messages API) and Cohere's
 * embeddings (v3).
 */
export async function bedrock(exchange: Exchange, path: string, provider: Provider): Promise<void> {
  const { request, response, record } = exchange;
  response.setHeader('x-amzn-requestid', randomUUID());
  record.region = regionOf(exchange);
  checkLogin(exchange);
  const [, given, verb] =
    /^\/model\/(.+)\/(converse|converse-stream|invoke|invoke-with-response-stream)$/.exec(path) ?? [];
  if (request.method !== 'POST' || given === undefined || verb === undefined) {
    throw awsError(
      'ResourceNotFoundException',
      `${request.method} ${path} is not an operation of this simulator: POST /model/<id>/converse, converse-stream, invoke or invoke-with-response-stream.`,
    );
  }
  record.stream = verb.endsWith('-stream');
  const id = modelId(provider.context.store.current, given);
  record.model = id;
  if (verb.startsWith('converse')) return converse(exchange, provider, id);
  if (provider.context.store.current.provider.models[id]?.capability === 'embedding')
    return embed(exchange, provider, id);
  return claude(exchange, provider, id);
}

/** The region that the request is signed for; a Bearer key has none, and then the host name tells. */
function regionOf({ request }: Exchange): string {
  const signed = /^AWS4-HMAC-SHA256\s+Credential=[^/]+\/\d{8}\/([^/]+)\/bedrock\/aws4_request\b/.exec(
    request.headers.authorization ?? '',
  );
  const named = /^bedrock-runtime(?:-fips)?\.([a-z0-9-]+)\.amazonaws\.com/.exec(request.headers.host ?? '');
  return signed?.[1] ?? named?.[1] ?? NO_REGION;
}

/** Any key will do, and no signature is checked. */
function checkLogin({ request }: Exchange): void {
  const given = request.headers.authorization ?? '';
  if (
    /^Bearer\s+\S/i.test(given) ||
    /^AWS4-HMAC-SHA256\s+Credential=[^/]+\/\d{8}\/[^/]+\/bedrock\/aws4_request\b.*\bSignature=[0-9a-f]{64}\b/.test(
      given,
    )
  )
    return;
  throw awsError(
    'AccessDeniedException',
    'The request is not signed for Bedrock (Signature Version 4, service "bedrock"), and has no Bedrock API key either.',
  );
}

/**
 * The id in the settings: of an ARN what follows its last slash; an inference profile (`us.anthropic...`) is the model
 * without its first part.
 */
function modelId({ provider }: Config, given: string): string {
  let id: string;
  try {
    id = decodeURIComponent(given);
  } catch {
    throw badRequest(`The model id ${given} is not a text in percent encoding.`);
  }
  if (id.startsWith('arn:')) id = id.slice(id.lastIndexOf('/') + 1);
  const bare = id.slice(id.indexOf('.') + 1);
  return !Object.hasOwn(provider.models, id) && Object.hasOwn(provider.models, bare) ? bare : id;
}

/** Messages of a chat: a list that begins with the user's. Throws a 400. */
function messagesOf(body: Fields): Fields[] {
  const { messages } = body;
  if (!Array.isArray(messages) || messages.length === 0 || !messages.every(isFields))
    throw badRequest("'messages' must be a list of messages that is not empty.");
  const odd = messages.findIndex(({ role }) => role !== 'user' && role !== 'assistant');
  if (odd >= 0) throw badRequest(`messages[${odd}].role must be user or assistant.`);
  if (messages[0]?.role !== 'user') throw badRequest('A conversation must start with a user message.');
  return messages;
}

function promptOf(body: Fields, messages: Fields[]) {
  return {
    prompt: messages,
    field: 'messages',
    contents: [...(body.system === undefined ? [] : [contentText(body.system)]), ...contentsOf(messages)],
    lastUserText: lastUserText(messages),
    cacheUpTo: markedIn(
      [...(body.system === undefined ? [] : [body.system]), ...messages.map(({ content }) => content)],
      (part) => isMarked(part) || (isFields(part) && isFields(part.cachePoint)),
    ),
  };
}

async function converse(exchange: Exchange, provider: Provider, id: string): Promise<void> {
  const { record } = exchange;
  const model = findModel(exchange, provider.context, id, 'chat', bedrockErrors);
  const body = await readFields(exchange, bedrockErrors);
  const messages = messagesOf(body);
  const odd = messages.findIndex(({ content }) => !Array.isArray(content) || content.length === 0);
  if (odd >= 0) throw badRequest(`messages[${odd}].content must be a list of content blocks that is not empty.`);
  const maxTokens = (isFields(body.inferenceConfig) ? body.inferenceConfig.maxTokens : undefined) ?? null;
  if (maxTokens !== null && !isPositive(maxTokens))
    throw badRequest('inferenceConfig.maxTokens must be a whole number from 1 on.');
  await answerChat(
    exchange,
    provider,
    { model, ...promptOf(body, messages), maxTokens },
    {
      errors: bedrockErrors,
      impossible: ['no_done'],
      usageInStream: true,
      stream: () => converseWire(record),
      plain: (text, reason, usage) => ({
        output: { message: { role: 'assistant', content: [{ text }] } },
        ...(reason === null ? {} : { stopReason: stopReason(reason) }),
        ...(usage === null ? {} : { usage: converseUsage(usage) }),
        metrics: { latencyMs: latencyOf(record) },
      }),
    },
  );
}

async function claude(exchange: Exchange, provider: Provider, id: string): Promise<void> {
  const { record } = exchange;
  const model = findModel(exchange, provider.context, id, 'chat', bedrockErrors);
  if (!id.includes('claude'))
    throw badRequest(`InvokeModel of ${id} is not simulated: it is for Claude and for embeddings. Use Converse.`);
  const body = await readFields(exchange, bedrockErrors);
  if (typeof body.anthropic_version !== 'string') throw badRequest('anthropic_version: Field required');
  const { max_tokens: maxTokens } = body;
  if (!isPositive(maxTokens))
    throw badRequest(
      maxTokens === undefined ? 'max_tokens: Field required' : 'max_tokens must be a whole number from 1 on.',
    );
  const messages = messagesOf(body);
  const name = id.replace(/^anthropic\./, '').replace(/-v\d+:\d+$/, '');
  const head = {
    id: `msg_bdrk_sim${String(record.seq).padStart(10, '0')}`,
    type: 'message',
    role: 'assistant',
    model: name,
  };
  await answerChat(
    exchange,
    provider,
    { model, ...promptOf(body, messages), maxTokens },
    {
      errors: bedrockErrors,
      impossible: [],
      usageInStream: true,
      stream: (plan) => claudeWire(record, head, plan.fault?.name),
      plain: (text, reason, usage) => {
        tellInHeaders(exchange, usage?.prompt, usage?.completion);
        return {
          ...head,
          content: [{ type: 'text', text }],
          stop_reason: reason === null ? null : stopReason(reason),
          stop_sequence: null,
          ...(usage === null ? {} : { usage: { ...inputOf(usage), output_tokens: usage.completion } }),
        };
      },
    },
  );
}

/** InvokeModel tells usage and latency in headers, whatever the model's own answer looks like. */
function tellInHeaders(
  { response, record }: Exchange,
  prompt: number | undefined,
  completion: number | undefined,
): void {
  response.setHeader('x-amzn-bedrock-invocation-latency', latencyOf(record));
  if (prompt !== undefined) response.setHeader('x-amzn-bedrock-input-token-count', prompt);
  if (completion !== undefined) response.setHeader('x-amzn-bedrock-output-token-count', completion);
}

/** Cohere's limits of one request, in texts and in characters of a text. */
const MAX_TEXTS = 96;
const MAX_CHARACTERS = 2048;
const INPUT_TYPES = ['search_document', 'search_query', 'classification', 'clustering'];

async function embed(exchange: Exchange, provider: Provider, id: string): Promise<void> {
  const { record } = exchange;
  const model: ProviderModel = findModel(exchange, provider.context, id, 'embedding', bedrockErrors);
  if (record.stream) throw badRequest(`The model ${id} is unsupported for streaming.`);
  const body = await readFields(exchange, bedrockErrors);
  const { texts, truncate = 'NONE', embedding_types: types } = body;
  if (!areTexts(texts))
    throw badRequest("Malformed input request: 'texts' must be a list of texts that are not empty.");
  if (texts.length > MAX_TEXTS)
    throw badRequest(
      `Malformed input request: #/texts: expected maximum item count: ${MAX_TEXTS}, found: ${texts.length}.`,
    );
  const long = texts.findIndex((text) => text.length > MAX_CHARACTERS);
  if (long >= 0)
    throw badRequest(
      `Malformed input request: #/texts/${long}: expected maxLength: ${MAX_CHARACTERS}, actual: ${texts[long]?.length}.`,
    );
  if (!INPUT_TYPES.includes(body.input_type as string))
    throw badRequest(`Malformed input request: 'input_type' must be one of ${INPUT_TYPES.join(', ')}.`);
  if (truncate !== 'NONE' && truncate !== 'START' && truncate !== 'END')
    throw badRequest("Malformed input request: 'truncate' must be NONE, START or END.");
  const byType = types !== undefined;
  if (byType && !(Array.isArray(types) && types.length === 1 && types[0] === 'float'))
    throw badRequest('\'embedding_types\' must be ["float"] in this simulator.');

  await answerEmbeddings(
    exchange,
    provider,
    { model, prompt: texts, field: 'texts', texts, dimensions: model.dimensions, truncate: truncate !== 'NONE' },
    {
      errors: bedrockErrors,
      body: (vectors, counts) => {
        tellInHeaders(exchange, counts === null ? undefined : sumOf(counts), undefined);
        const list = `[${vectors.join(',')}]`;
        const answer = byType
          ? `{"float":${list}},"response_type":"embeddings_by_type"`
          : `${list},"response_type":"embeddings_floats"`;
        return `{"id":"${randomUUID()}","texts":${JSON.stringify(texts)},"embeddings":${answer}}`;
      },
    },
  );
}
