import type { EventShape } from './settings';

/* What the null target says, as bytes made once. */

const chunk = (text: string) => `${Buffer.byteLength(text).toString(16)}\r\n${text}\r\n`;
const event = (body: object) =>
  chunk(
    `data: ${JSON.stringify({ id: 'chatcmpl-null', object: 'chat.completion.chunk', created: 1_700_000_000, model: 'null', ...body })}\n\n`,
  );
const streamHead =
  'HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\ncache-control: no-cache\r\ntransfer-encoding: chunked\r\n\r\n';
/** Content events of a stream differ from each other in so many ways, and then begin anew. */
const variants = 16;

/** The content events of a shape, in the order in which they come. */
const contents: Record<EventShape, (i: number, usage: object) => object> = {
  constant: () => one({ content: ' word' }),
  before: (i) => ({ obfuscation: 'x'.repeat(1 + (i % 7)), ...one({ content: ' word' }) }),
  after: (i) => ({ ...one({ content: ' word' }), obfuscation: 'x'.repeat(1 + (i % 7)), t: 1000 + i }),
  escapes: (i) => one({ content: ` "wörd"\n${i % 2 ? '你' : '\t'}` }),
  tools: () => one({ tool_calls: [{ index: 0, function: { arguments: '{"a": 1' } }] }),
  reasoning: () => one({ reasoning_content: ' thought' }),
  usage: (i, usage) => ({ ...one({ content: ' word' }), usage: { ...usage, completion_tokens: i + 1 } }),
  choices: (i) => ({
    choices: [0, 1, 2].map((index) => ({ index, delta: { content: ` word ${i}` }, finish_reason: null })),
  }),
};
const one = (delta: object) => ({ choices: [{ index: 0, delta, finish_reason: null }] });
const finishEvent = event({ choices: [{ index: 0, delta: {}, finish_reason: 'stop' }] });
const promptTokens = 10;

/** A stream's bytes, made once. There is no event with the role alone. */
export class StreamBytes {
  readonly #events: number;
  readonly #contents: readonly string[];
  readonly #end: string;
  /** Single events in the middle of a stream, which most writes are. */
  readonly #middle: readonly Buffer[];
  readonly #made = new Map<string, Buffer>();

  constructor(events: number, shape: EventShape) {
    const usage = { prompt_tokens: promptTokens, completion_tokens: events, total_tokens: promptTokens + events };
    this.#events = events;
    this.#contents = Array.from({ length: variants }, (_, i) => event(contents[shape](i, usage)));
    this.#middle = this.#contents.map((text) => Buffer.from(text));
    this.#end = `${finishEvent}${event({ choices: [], usage })}${chunk('data: [DONE]\n\n')}0\r\n\r\n`;
  }

  /** Content events from number `from` on, so many; the head before the first, the end after the last. */
  piece(from: number, count: number): Buffer {
    const last = from + count === this.#events;
    if (count === 1 && from > 0 && !last) return this.#middle[from % variants]!;
    const key = `${from === 0 ? 'head' : from % variants} ${count} ${last}`;
    let made = this.#made.get(key);
    if (made === undefined) {
      const events = Array.from({ length: count }, (_, i) => this.#contents[(from + i) % variants]);
      made = Buffer.from(`${from === 0 ? streamHead : ''}${events.join('')}${last ? this.#end : ''}`);
      this.#made.set(key, made);
    }
    return made;
  }
}

/** A whole answer with a JSON body, as bytes. `status` is code and reason: `200 OK`. */
export function jsonAnswer(status: string, body: string): Buffer {
  return Buffer.from(
    `HTTP/1.1 ${status}\r\ncontent-type: application/json\r\ncontent-length: ${Buffer.byteLength(body)}\r\n\r\n${body}`,
  );
}

/** An answer to an embedding request, as bytes: the same vector for each of the texts. */
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

/** An error in OpenAI's form, as bytes. */
export const refusal = (status: string, message: string) =>
  jsonAnswer(status, JSON.stringify({ error: { message, type: 'invalid_request_error' } }));
