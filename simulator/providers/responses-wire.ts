import type { StreamWire, Usage } from '../http/stream-writer';
import { ToolArguments } from './tool-call';

const statusOf = (reason: string | null) => (reason === 'length' ? 'incomplete' : 'completed');

const usageOf = ({ prompt, completion, cache }: Usage) => ({
  input_tokens: prompt,
  input_tokens_details: { cached_tokens: cache?.read ?? 0 },
  output_tokens: completion,
  output_tokens_details: { reasoning_tokens: 0 },
  total_tokens: prompt + completion,
});

/** The object of a response, which its first and last events hold whole. */
function responseObject(
  id: string,
  created: number,
  model: string,
  given: { status: string; text?: string; usage?: Usage | null },
) {
  const { status, text, usage } = given;
  const item = {
    id: `${id}_msg`,
    type: 'message',
    status: status === 'in_progress' ? status : 'completed',
    role: 'assistant',
    content: [{ type: 'output_text', text: text ?? '', annotations: [] }],
  };
  return {
    id,
    object: 'response',
    created_at: created,
    status,
    error: null,
    incomplete_details: status === 'incomplete' ? { reason: 'max_output_tokens' } : null,
    model,
    output: text === undefined ? [] : [item],
    usage: usage ? usageOf(usage) : null,
  };
}

/** The events of a Responses stream, numbered; the whole answer comes once more in the last. */
export function responsesWire(id: string, created: number, model: string, tool?: string): StreamWire {
  const call = tool === undefined ? null : new ToolArguments(tool);
  let sequence = 0;
  let said = '';
  const event = (type: string, data: object): Buffer =>
    Buffer.from(`event: ${type}\ndata: ${JSON.stringify({ type, sequence_number: sequence++, ...data })}\n\n`);
  const place = { item_id: `${id}_msg`, output_index: 0, content_index: 0 };
  const itemOf = (status: string) => ({
    id: `${id}_call`,
    type: 'function_call',
    status,
    name: tool,
    call_id: `call_${id}`,
    arguments: call === null || status === 'in_progress' ? '' : said,
  });
  const object = (status: string, usage: Usage | null, text?: string) => {
    const made = responseObject(id, created, model, { status, usage, text });
    return call === null || text === undefined ? made : { ...made, output: [itemOf('completed')] };
  };
  const argued = (piece: string): Buffer => {
    said += piece;
    return event('response.function_call_arguments.delta', {
      item_id: `${id}_call`,
      output_index: 0,
      delta: piece,
    });
  };
  return {
    role: () =>
      Buffer.concat([
        event('response.created', { response: object('in_progress', null) }),
        event('response.in_progress', { response: object('in_progress', null) }),
        ...(call === null
          ? [
              event('response.output_item.added', {
                output_index: 0,
                item: { id: place.item_id, type: 'message', status: 'in_progress', role: 'assistant', content: [] },
              }),
              event('response.content_part.added', {
                ...place,
                part: { type: 'output_text', text: '', annotations: [] },
              }),
            ]
          : []),
      ]),
    content: (text) => {
      if (call !== null) {
        const begin = call.begun
          ? []
          : [event('response.output_item.added', { output_index: 0, item: itemOf('in_progress') })];
        return Buffer.concat([...begin, argued(call.piece(text))]);
      }
      said += text;
      return event('response.output_text.delta', { ...place, delta: text, logprobs: [] });
    },
    ending: (reason, usage) => {
      const rest = call === null ? [] : [argued(call.end())];
      const done = Buffer.concat([
        ...rest,
        call === null
          ? event('response.output_text.done', { ...place, text: said, logprobs: [] })
          : event('response.output_item.done', { output_index: 0, item: itemOf('completed') }),
      ]);
      if (reason === null) return done;
      const status = statusOf(reason);
      return Buffer.concat([done, event(`response.${status}`, { response: object(status, usage, said) })]);
    },
    done: () => null,
    error: () => event('error', { code: 'server_error', message: 'The server had an error.', param: null }),
    errorName: 'server_error',
  };
}

/** A response that is not streamed. */
export const responsesAnswer = (
  id: string,
  created: number,
  model: string,
  text: string,
  reason: string | null,
  usage: Usage | null,
) =>
  reason === null
    ? { ...responseObject(id, created, model, { status: 'in_progress', text, usage }) }
    : responseObject(id, created, model, { status: statusOf(reason), text, usage });
