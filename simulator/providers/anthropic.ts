import { NO_REGION } from '../settings/deployments';
import { Refusal, type Exchange } from '../http/exchange';
import { contentsOf, contentText, lastUserText } from '../generation/messages';
import { isFields } from '../settings/merge';
import { answerChat, type Provider } from './answer';
import { anthropicAnswer, anthropicError, anthropicErrors, anthropicWire } from './anthropic-wire';
import { isMarked, markedIn, promptUsage } from './prompt-cache';
import { findModel, isPositive, readFields } from './request';

const contentOf = (message: unknown): unknown => (isFields(message) ? message.content : undefined);

export const ANTHROPIC_PATHS = /^\/v1\/messages$/;

/** POST /v1/messages of Anthropic's API. It insists on its header of the version, and on max_tokens. */
export async function anthropic(exchange: Exchange, path: string, provider: Provider): Promise<void> {
  const { record, request } = exchange;
  const { badRequest } = anthropicErrors;
  record.region = NO_REGION;
  if (request.method !== 'POST')
    throw new Refusal(405, anthropicError('invalid_request_error', `${request.method} ${path} is no route`));
  if (request.headers['x-api-key'] === undefined && !/^Bearer\s+\S/i.test(request.headers.authorization ?? ''))
    throw new Refusal(401, anthropicError('authentication_error', 'x-api-key header is required'));
  if (request.headers['anthropic-version'] === undefined) throw badRequest('anthropic-version: header is required');
  const body = await readFields(exchange, anthropicErrors);
  const { messages, system, max_tokens: maxTokens } = body;
  record.stream = body.stream === true;
  if (typeof body.model !== 'string') throw badRequest('model: Field required');
  record.model = body.model;
  const model = findModel(exchange, provider.context, body.model, 'chat', anthropicErrors);
  if (!isPositive(maxTokens)) throw badRequest('max_tokens: Field required');
  if (!Array.isArray(messages) || messages.length === 0) throw badRequest('messages: at least one message is required');
  const roles = messages.map((message: unknown) => (isFields(message) ? message.role : undefined));
  if (roles.some((role) => role !== 'user' && role !== 'assistant'))
    throw badRequest("messages: Unexpected role. The allowed values are 'user' or 'assistant'");

  const id = `msg_sim${String(record.seq).padStart(10, '0')}`;
  const asked = {
    model,
    prompt: messages,
    field: 'messages',
    contents: [...(system === undefined ? [] : [contentText(system)]), ...contentsOf(messages)],
    lastUserText: lastUserText(messages),
    maxTokens,
    cacheUpTo: markedIn([...(system === undefined ? [] : [system]), ...messages.map(contentOf)], isMarked),
  };
  await answerChat(exchange, provider, asked, {
    errors: anthropicErrors,
    impossible: [],
    usageInStream: true,
    stream: ({ tool }) => anthropicWire(id, record.model ?? '', () => promptUsage(record), tool),
    plain: (text, reason, usage) => anthropicAnswer(id, record.model ?? '', text, reason, usage),
  });
}
