import type { Exchange } from '../http/exchange';
import { contentsOf, lastUserText } from '../generation/messages';
import { isFields, type Fields } from '../settings/merge';
import { answerChat, type ChatForm, type ChatRequest, type Provider } from './answer';
import { openaiErrors, openaiWire, usageJson } from './openai-wire';
import { findModel, isPositive, readFields } from './request';
import { responsesAnswer, responsesWire } from './responses-wire';

/*
 * OpenAI's other two ways to ask for a text.
 */

const { badRequest } = openaiErrors;
const created = (): number => Math.floor(Date.now() / 1000);

/** What both have alike: the model, and how long the answer may be. */
async function asked(
  exchange: Exchange,
  provider: Provider,
  maxTokensField: string,
  read: (body: Fields) => Pick<ChatRequest, 'prompt' | 'field' | 'contents' | 'lastUserText'>,
): Promise<{ request: ChatRequest; body: Fields }> {
  const { record } = exchange;
  const body = await readFields(exchange, openaiErrors);
  record.stream = body.stream === true;
  if (typeof body.model !== 'string') throw badRequest('you must provide a model parameter', null, 'model');
  record.model = body.model;
  const model = findModel(exchange, provider.context, body.model, 'chat', openaiErrors);
  const maxTokens = body[maxTokensField] ?? null;
  if (maxTokens !== null && !isPositive(maxTokens))
    throw badRequest(`'${maxTokensField}' must be a whole number from 1 on.`, null, maxTokensField);
  return { request: { model, maxTokens, ...read(body) }, body };
}

/** POST /responses. It has no `messages`, `max_tokens` and `stream_options`, and refuses them, as OpenAI does. */
export async function responses(exchange: Exchange, provider: Provider): Promise<void> {
  const { record } = exchange;
  const { request } = await asked(exchange, provider, 'max_output_tokens', (body) => {
    for (const name of ['messages', 'max_tokens', 'max_completion_tokens'])
      if (name in body) throw badRequest(`Unknown parameter: '${name}'.`, 'unknown_parameter', name);
    const { input, instructions } = body;
    const items: unknown = typeof input === 'string' ? [{ role: 'user', content: input }] : input;
    if (!Array.isArray(items) || items.length === 0 || !items.every(isFields))
      throw badRequest("'input' must be a text, or a list of messages, that is not empty.", null, 'input');
    const all = typeof instructions === 'string' ? [{ role: 'system', content: instructions }, ...items] : items;
    return { prompt: input, field: 'input', contents: contentsOf(all), lastUserText: lastUserText(items) };
  });
  const id = `resp_sim${String(record.seq).padStart(10, '0')}`;
  const form: ChatForm = {
    errors: openaiErrors,
    impossible: [],
    usageInStream: true,
    stream: ({ tool }) => responsesWire(id, created(), record.model ?? '', tool),
    plain: (text, reason, usage) => responsesAnswer(id, created(), record.model ?? '', text, reason, usage),
  };
  await answerChat(exchange, provider, request, form);
}

/** POST /completions, the older one. */
export async function completions(exchange: Exchange, provider: Provider): Promise<void> {
  const { record } = exchange;
  const { request, body } = await asked(exchange, provider, 'max_tokens', ({ prompt }) => {
    if (typeof prompt !== 'string' || prompt === '')
      throw badRequest("'prompt' must be a text that is not empty.", null, 'prompt');
    // It may be a whole conversation: what its user says last counts.
    const last = prompt.slice(Math.max(0, prompt.lastIndexOf('\n\nUser: ')));
    return { prompt, field: 'prompt', contents: [prompt], lastUserText: last };
  });
  const options = body.stream_options;
  const usageInStream = isFields(options) && options.include_usage === true;
  const id = `cmpl-sim${String(record.seq).padStart(10, '0')}`;
  const head = (choice: object) => ({
    id,
    object: 'text_completion',
    created: created(),
    model: record.model,
    choices: [{ index: 0, logprobs: null, finish_reason: null, ...choice }],
  });
  await answerChat(exchange, provider, request, {
    errors: openaiErrors,
    impossible: [],
    usageInStream,
    stream: () => ({
      ...openaiWire(id, created(), record.model ?? '', usageInStream),
      role: () => null,
      content: (text) => JSON.stringify(head({ text })),
      finish: (reason) => JSON.stringify(head({ text: '', finish_reason: reason })),
    }),
    plain: (text, reason, usage) => ({
      ...head({ text, finish_reason: reason }),
      ...(usage === null ? {} : { usage: JSON.parse(usageJson(usage)) as unknown }),
    }),
  });
}
