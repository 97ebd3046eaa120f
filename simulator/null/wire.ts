/* What the null target says, as bytes made once. */

const chunk = (text: string) => `${Buffer.byteLength(text).toString(16)}\r\n${text}\r\n`;
const event = (body: object) =>
  chunk(
    `data: ${JSON.stringify({ id: 'chatcmpl-null', object: 'chat.completion.chunk', created: 1_700_000_000, model: 'null', ...body })}\n\n`,
  );
const streamHead =
  'HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\ncache-control: no-cache\r\ntransfer-encoding: chunked\r\n\r\n';
const contentEvent = event({ choices: [{ index: 0, delta: { content: ' word' }, finish_reason: null }] });
const finishEvent = event({ choices: [{ index: 0, delta: {}, finish_reason: 'stop' }] });
const promptTokens = 10;

export interface StreamBytes {
  /** Head and first content event. */
  first: Buffer;
  next: Buffer;
  /** The last content event, the finish reason, the usage, `[DONE]`. */
  last: Buffer;
  /** All of a stream of one event. */
  only: Buffer;
}

/**
 * The bytes of a stream, one write each: those of any two streams are the same. There is no event with the role alone.
 */
export function streamBytes(events: number): StreamBytes {
  const usage = event({
    choices: [],
    usage: { prompt_tokens: promptTokens, completion_tokens: events, total_tokens: promptTokens + events },
  });
  const end = `${finishEvent}${usage}${chunk('data: [DONE]\n\n')}0\r\n\r\n`;
  return {
    first: Buffer.from(streamHead + contentEvent),
    next: Buffer.from(contentEvent),
    last: Buffer.from(contentEvent + end),
    only: Buffer.from(streamHead + contentEvent + end),
  };
}

export function jsonAnswer(status: string, body: string): Buffer {
  return Buffer.from(
    `HTTP/1.1 ${status}\r\ncontent-type: application/json\r\ncontent-length: ${Buffer.byteLength(body)}\r\n\r\n${body}`,
  );
}

export function embeddingAnswer(inputs: number, dimensions: number): Buffer {
  const vector = Array.from({ length: dimensions }, (_, i) => Number(Math.cos(i).toFixed(6)));
  const data = Array.from({ length: inputs }, (_, index) => ({ object: 'embedding', index, embedding: vector }));
  return jsonAnswer(
    '200 OK',
    JSON.stringify({
      object: 'list',
      data,
      model: 'null',
      usage: { prompt_tokens: promptTokens * inputs, total_tokens: promptTokens * inputs },
    }),
  );
}

export const modelsAnswer = jsonAnswer(
  '200 OK',
  JSON.stringify({
    object: 'list',
    data: [{ id: 'null', object: 'model', created: 1_700_000_000, owned_by: 'null' }],
  }),
);

export const refusal = (status: string, message: string) =>
  jsonAnswer(status, JSON.stringify({ error: { message, type: 'invalid_request_error' } }));
