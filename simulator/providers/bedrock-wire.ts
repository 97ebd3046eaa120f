import { EventStreamCodec } from '@smithy/core/event-streams';
import { fromUtf8, toUtf8 } from '@smithy/core/serde';
import { NS_PER_MS, nowNs } from '../time/clock';
import type { FaultName } from '../faults/faults';
import { Refusal } from '../http/exchange';
import type { StreamWire, Usage } from '../http/stream-writer';
import type { TruthRecord } from '../truth/truth';
import { inputOf } from './anthropic-wire';
import { promptUsage } from './prompt-cache';
import type { ApiErrors } from './request';

const STATUS = {
  ValidationException: 400,
  AccessDeniedException: 403,
  ResourceNotFoundException: 404,
  ModelErrorException: 424,
  ThrottlingException: 429,
  InternalServerException: 500,
  ServiceUnavailableException: 503,
} as const;

/** An error as Bedrock has it: the name in a header, the message in the body. */
export function awsError(name: keyof typeof STATUS, message: string): Refusal {
  return new Refusal(STATUS[name], { message }, { 'x-amzn-errortype': name });
}

const MODEL_FAILED = 'The system encountered an unexpected error during processing. Try your request again.';

export const bedrockErrors: ApiErrors = {
  badRequest: (message) => awsError('ValidationException', message),
  unknownModel: (id) =>
    awsError('ResourceNotFoundException', `Could not resolve the foundation model from the model identifier: ${id}`),
  tooLong: (tokens, limit) =>
    awsError(
      'ValidationException',
      `Input is too long for requested model. It has ${tokens} tokens, and ${limit} are allowed.`,
    ),
  rateLimited: () => awsError('ThrottlingException', 'Too many requests, please wait before trying again.'),
  modelFailed: () => awsError('ModelErrorException', MODEL_FAILED),
  failure: (status) => {
    if (status === 429) return awsError('ThrottlingException', 'Too many requests, please wait before trying again.');
    if (status === 500)
      return awsError('InternalServerException', 'An internal server error occurred. Retry your request.');
    return awsError('ServiceUnavailableException', 'Bedrock is unable to process your request.');
  },
};

const codec = new EventStreamCodec(toUtf8, fromUtf8);
const text = (value: string) => ({ type: 'string', value }) as const;

/**
 * One message of an AWS event stream: its kind and name in headers, its JSON in the body, length and checksums around
 * them.
 */
function message(kind: 'event' | 'exception', name: string, body: unknown): Buffer {
  const headers = {
    [`:${kind}-type`]: text(name),
    ':content-type': text('application/json'),
    ':message-type': text(kind),
  };
  return Buffer.from(codec.encode({ headers, body: fromUtf8(JSON.stringify(body)) }));
}

const failed = (): Buffer =>
  message('exception', 'modelStreamErrorException', {
    message: MODEL_FAILED,
    originalStatusCode: 500,
    originalMessage: 'The model failed in mid-stream.',
  });
const ERROR_NAME = 'modelStreamErrorException';
const EVENT_STREAM = { 'content-type': 'application/vnd.amazon.eventstream' };

/** Bedrock's word for why an answer ended. */
export const stopReason = (reason: string): string => (reason === 'length' ? 'max_tokens' : 'end_turn');

/** Milliseconds since the request came in, as Bedrock tells them. */
export const latencyOf = (record: TruthRecord): number => Math.round((nowNs() - record.received_ns) / NS_PER_MS);

/**
 * The usage as Converse tells it: what came from the cache, or was written to it, stands apart from the other tokens.
 */
export const converseUsage = ({ prompt, completion, cache = { read: 0, written: 0 } }: Usage) => ({
  inputTokens: prompt - cache.read - cache.written,
  outputTokens: completion,
  totalTokens: prompt + completion,
  ...(cache.read + cache.written > 0 ? { cacheReadInputTokens: cache.read, cacheWriteInputTokens: cache.written } : {}),
});

/** The events of ConverseStream. It has no mark of its end. */
export function converseWire(record: TruthRecord): StreamWire {
  return {
    headers: EVENT_STREAM,
    role: () => message('event', 'messageStart', { role: 'assistant' }),
    content: (part) => message('event', 'contentBlockDelta', { contentBlockIndex: 0, delta: { text: part } }),
    finish: (reason) =>
      Buffer.concat([
        message('event', 'contentBlockStop', { contentBlockIndex: 0 }),
        message('event', 'messageStop', { stopReason: stopReason(reason) }),
      ]),
    usage: (usage) =>
      message('event', 'metadata', {
        usage: converseUsage(usage),
        metrics: { latencyMs: latencyOf(record) },
      }),
    done: () => null,
    error: failed,
    errorName: ERROR_NAME,
  };
}

/**
 * Anthropic's messages API inside Bedrock's: each event is JSON in base64, in a `chunk`. `fault`: whether the usage is
 * to be left out.
 */
export function claudeWire(record: TruthRecord, head: object, fault: FaultName | undefined): StreamWire {
  const chunk = (event: object): Buffer =>
    message('event', 'chunk', { bytes: Buffer.from(JSON.stringify(event)).toString('base64') });
  const counted = fault !== 'no_usage';
  let firstByte: number | null = null;
  return {
    headers: { ...EVENT_STREAM, 'x-amzn-bedrock-content-type': 'application/json' },
    role: () =>
      Buffer.concat([
        chunk({
          type: 'message_start',
          message: {
            ...head,
            content: [],
            stop_reason: null,
            stop_sequence: null,
            ...(counted ? { usage: { ...inputOf(promptUsage(record)), output_tokens: 1 } } : {}),
          },
        }),
        chunk({ type: 'content_block_start', index: 0, content_block: { type: 'text', text: '' } }),
      ]),
    content: (part) => {
      firstByte ??= latencyOf(record);
      return chunk({ type: 'content_block_delta', index: 0, delta: { type: 'text_delta', text: part } });
    },
    ending: (reason, usage) =>
      Buffer.concat([
        chunk({ type: 'content_block_stop', index: 0 }),
        chunk({
          type: 'message_delta',
          delta: { stop_reason: reason === null ? null : stopReason(reason), stop_sequence: null },
          ...(usage === null ? {} : { usage: { output_tokens: usage.completion } }),
        }),
      ]),
    done: () =>
      chunk({
        type: 'message_stop',
        ...(counted
          ? {
              'amazon-bedrock-invocationMetrics': {
                inputTokenCount: record.prompt_tokens,
                outputTokenCount: record.completion_tokens,
                invocationLatency: latencyOf(record),
                firstByteLatency: firstByte,
              },
            }
          : {}),
      }),
    error: failed,
    errorName: ERROR_NAME,
  };
}
