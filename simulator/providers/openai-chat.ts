import type { Exchange } from '../http/exchange';
import { isFields } from '../settings/merge';
import { contentsOf, lastUserText } from '../generation/messages';
import { answerChat, type Provider } from './answer';
import { openaiErrors, openaiWire, usageJson } from './openai-wire';
import { findModel, isPositive, readFields } from './request';

/** POST /chat/completions of the OpenAI API. */
export async function chat(exchange: Exchange, provider: Provider): Promise<void> {
  const { record } = exchange;
  const { badRequest } = openaiErrors;
  const body = await readFields(exchange, openaiErrors);
  const { messages, stream_options: options } = body;
  record.stream = body.stream === true;
  if (typeof body.model !== 'string') throw badRequest('you must provide a model parameter', null, 'model');
  record.model = body.model;
  const model = findModel(exchange, provider.context, body.model, 'chat', openaiErrors);
  if (!Array.isArray(messages) || messages.length === 0)
    throw badRequest("'messages' must be a list that is not empty.", null, 'messages');
  const maxTokens = body.max_completion_tokens ?? body.max_tokens ?? null;
  if (maxTokens !== null && !isPositive(maxTokens))
    throw badRequest("'max_tokens' must be a whole number from 1 on.", null, 'max_tokens');

  const usageInStream = isFields(options) && options.include_usage === true;
  const id = `chatcmpl-sim${String(record.seq).padStart(10, '0')}`;
  const created = (): number => Math.floor(Date.now() / 1000);
  const request = {
    model,
    prompt: messages,
    field: 'messages',
    contents: contentsOf(messages),
    lastUserText: lastUserText(messages),
    maxTokens,
  };
  await answerChat(exchange, provider, request, {
    errors: openaiErrors,
    impossible: [],
    usageInStream,
    stream: ({ tool }) => openaiWire(id, created(), record.model ?? '', usageInStream, tool),
    plain: (text, reason, usage) => ({
      id,
      object: 'chat.completion',
      created: created(),
      model: record.model,
      choices: [
        {
          index: 0,
          message: { role: 'assistant', content: text, refusal: null },
          logprobs: null,
          finish_reason: reason,
        },
      ],
      ...(usage === null ? {} : { usage: JSON.parse(usageJson(usage)) as unknown }),
    }),
  });
}
