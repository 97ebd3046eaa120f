import { Refusal, type Encoding } from '../http/exchange';
import type { StreamWire, Usage } from '../http/stream-writer';
import type { ApiErrors } from './request';

const STATUS = {
  INVALID_ARGUMENT: 400,
  UNAUTHENTICATED: 401,
  NOT_FOUND: 404,
  RESOURCE_EXHAUSTED: 429,
  INTERNAL: 500,
  UNIMPLEMENTED: 501,
  UNAVAILABLE: 503,
} as const;
type Status = keyof typeof STATUS;

function errorOf(status: Status, message: string): { error: { code: number; message: string; status: Status } } {
  return { error: { code: STATUS[status], message, status } };
}

/** Google's form of an error. `inList`: a stream that is a JSON list has its errors in one too. */
export function googleError(status: Status, message: string, inList = false): Refusal {
  const error = errorOf(status, message);
  return new Refusal(STATUS[status], inList ? [error] : error);
}

const MESSAGES = {
  RESOURCE_EXHAUSTED: 'Resource exhausted. Please try again later.',
  INTERNAL: 'Internal error encountered.',
  UNAVAILABLE: 'The service is currently unavailable.',
} as const;

/** Vertex AI's errors; `inList` for a stream without `alt=sse`, which is one JSON list. */
export function vertexErrors(inList = false): ApiErrors {
  const known = (status: keyof typeof MESSAGES): Refusal => googleError(status, MESSAGES[status], inList);
  return {
    badRequest: (message) => googleError('INVALID_ARGUMENT', message, inList),
    unknownModel: (id) =>
      googleError(
        'NOT_FOUND',
        `Publisher Model \`publishers/google/models/${id}\` was not found, or your project does not have access to it.`,
        inList,
      ),
    tooLong: (tokens, limit) =>
      googleError(
        'INVALID_ARGUMENT',
        `The input token count (${tokens}) exceeds the maximum number of tokens allowed (${limit}).`,
        inList,
      ),
    rateLimited: () => known('RESOURCE_EXHAUSTED'),
    modelFailed: () => known('INTERNAL'),
    failure: (status) => known(status === 429 ? 'RESOURCE_EXHAUSTED' : status === 500 ? 'INTERNAL' : 'UNAVAILABLE'),
  };
}

/** One answer of generateContent, or one piece of it. null: left out. */
export function vertexAnswer(tail: object, text: string, reason: string | null, usage: Usage | null): object {
  return {
    candidates: [
      {
        content: { role: 'model', parts: [{ text }] },
        ...(reason === null ? {} : { finishReason: reason === 'length' ? 'MAX_TOKENS' : 'STOP' }),
      },
    ],
    ...(usage === null
      ? {}
      : {
          usageMetadata: {
            promptTokenCount: usage.prompt,
            ...(usage.cache === undefined ? {} : { cachedContentTokenCount: usage.cache.read }),
            candidatesTokenCount: usage.completion,
            totalTokenCount: usage.prompt + usage.completion,
            trafficType: 'ON_DEMAND',
          },
        }),
    ...tail,
  };
}

/** How the pieces of a stream are put one after the other. */
interface Framing {
  readonly headers: { readonly 'content-type': string };
  piece(json: string): Buffer;
  end(): Buffer | null;
  /** An error in mid-stream; without: a piece, and the end. */
  fail?(error: unknown): null;
}

/** Messages of gRPC: the error is the status that it ends with. */
function messages(encoding: Encoding): Framing {
  return {
    headers: { 'content-type': encoding.type },
    piece: (json) => encoding.encode(json),
    end: () => null,
    fail: (error) => {
      encoding.fail(error);
      return null;
    },
  };
}

/** `?alt=sse`: Google ends its lines with CR LF, and has no mark of the end. */
function eventStream(): Framing {
  return {
    headers: { 'content-type': 'text/event-stream' },
    piece: (json) => Buffer.from(`data: ${json}\r\n\r\n`),
    end: () => null,
  };
}

/** Without it: one JSON list that grows. */
function growingList(): Framing {
  let begun = false;
  return {
    headers: { 'content-type': 'application/json; charset=UTF-8' },
    piece: (json) => {
      const lead = begun ? ',\r\n' : '[';
      begun = true;
      return Buffer.from(lead + json);
    },
    end: () => Buffer.from(']'),
  };
}

/**
 * The pieces of streamGenerateContent. There is no role chunk; the last piece has finish reason and usage, and no text.
 */
export function vertexWire(tail: object, sse: boolean, encoding?: Encoding): StreamWire {
  const { headers, piece, end, fail } =
    encoding !== undefined ? messages(encoding) : sse ? eventStream() : growingList();
  const internal = errorOf('INTERNAL', MESSAGES.INTERNAL);
  const answer = (text: string, reason: string | null, usage: Usage | null): Buffer =>
    piece(JSON.stringify(vertexAnswer(tail, text, reason, usage)));
  return {
    headers,
    role: () => null,
    content: (text, usage) => answer(text, null, usage),
    ending: (reason, usage) => answer('', reason, usage),
    done: end,
    // A list is closed after its error, or nobody could read it.
    error: () =>
      fail === undefined ? Buffer.concat([piece(JSON.stringify(internal)), end() ?? Buffer.alloc(0)]) : fail(internal),
    errorName: 'INTERNAL',
  };
}
