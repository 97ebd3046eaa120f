import { readBody, Refusal, type Exchange } from '../http/exchange';
import type { Capability, Config, GatewayModel, Kind } from '../settings/types';
import { isFields, type Fields } from '../settings/merge';
import { leak } from './flaws/memory';
import { blockFor, type PayloadFlaws } from './flaws/payload';

/** One entry of FastAPI's list of what is wrong with a body. */
export interface Issue {
  readonly type: string;
  readonly loc: readonly (string | number)[];
  readonly msg: string;
  readonly input: unknown;
}

/** 422 as FastAPI words it, with a list of what is wrong and where. */
function unprocessable(issues: readonly Issue[]): Refusal {
  return new Refusal(422, { detail: issues });
}

/** Reads a body; `block` is what taking it apart costs. Throws a 422. */
export async function readJson(exchange: Exchange, flaws: PayloadFlaws): Promise<Fields> {
  const text = await readBody(exchange.request);
  blockFor(flaws.body_block, text.length);
  if (flaws.payload_kept > 0) leak((flaws.payload_kept * text.length) / 2 ** 20);
  let body: unknown;
  try {
    body = JSON.parse(text);
  } catch {
    throw unprocessable([{ type: 'json_invalid', loc: ['body', 0], msg: 'JSON decode error', input: {} }]);
  }
  if (isFields(body)) return body;
  throw unprocessable([
    {
      type: 'model_attributes_type',
      loc: ['body'],
      msg: 'Input should be a valid dictionary or object to extract fields from',
      input: body,
    },
  ]);
}

/** The model that a body names. Throws 422 for one that is missing, unknown, or of the other capability. */
export function modelOf(config: Config, body: Fields, capability: Capability): GatewayModel {
  const id = body.model;
  if (id === undefined) throw unprocessable([missing('model', body)]);
  if (typeof id !== 'string')
    throw unprocessable([wrong('string_type', 'model', 'Input should be a valid string', id)]);
  const models = config.gateway.models;
  const model = Object.hasOwn(models, id) ? models[id] : undefined;
  if (model === undefined)
    throw unprocessable([wrong('value_error', 'model', `Value error, model '${id}' is not supported`, id)]);
  if (model.capability === capability) return model;
  throw unprocessable([wrong('value_error', 'model', `Value error, model '${id}' does not support ${capability}`, id)]);
}

/** Checks the body of a chat as GSAi's API does. Throws a 422 with all that is wrong. */
export function checkChat(body: Fields, kind: Kind): void {
  const issues = [...messageIssues(body)];
  const { temperature, max_tokens: maxTokens, top_p: topP, stream } = body;
  const hottest = kind === 'bedrock' ? 1 : 2;
  if (given(temperature)) issues.push(...between('temperature', temperature, 0, hottest));
  if (given(topP)) issues.push(...between('top_p', topP, 0, 1));
  if (given(maxTokens)) {
    if (!Number.isInteger(maxTokens))
      issues.push(wrong('int_type', 'max_tokens', 'Input should be a valid integer', maxTokens));
    else if ((maxTokens as number) <= 0)
      issues.push(wrong('greater_than', 'max_tokens', 'Input should be greater than 0', maxTokens));
  }
  if (given(stream) && typeof stream !== 'boolean')
    issues.push(wrong('bool_type', 'stream', 'Input should be a valid boolean', stream));
  if (issues.length > 0) throw unprocessable(issues);
}

const ROLES = ['system', 'user', 'assistant', 'tool'];

function messageIssues(body: Fields): Issue[] {
  const { messages } = body;
  if (messages === undefined) return [missing('messages', body)];
  if (!Array.isArray(messages)) return [wrong('list_type', 'messages', 'Input should be a valid list', messages)];
  if (messages.length === 0)
    return [wrong('too_short', 'messages', 'List should have at least 1 item after validation, not 0', messages)];
  return messages.flatMap((message: unknown, index): Issue[] => {
    const loc = ['body', 'messages', index];
    if (!isFields(message))
      return [{ type: 'model_attributes_type', loc, msg: 'Input should be a valid dictionary', input: message }];
    if (ROLES.includes(message.role as string)) return [];
    const expected = "Input should be 'system', 'user', 'assistant' or 'tool'";
    return [{ type: 'literal_error', loc: [...loc, 'role'], msg: expected, input: message.role }];
  });
}

const INPUT_TYPES = ['search_document', 'search_query', 'classification', 'clustering', 'semantic_similarity'];
const COHERE_MAX_TEXTS = 96;

/** The texts of an embeddings body. Throws 422. */
export function checkEmbeddings(body: Fields, kind: Kind): string[] {
  const { input, encoding_format: format, input_type: type, dimensions } = body;
  const issues: Issue[] = [];
  const texts: unknown = typeof input === 'string' ? [input] : input;
  if (input === undefined) issues.push(missing('input', body));
  else if (!Array.isArray(texts) || !texts.every((text) => typeof text === 'string')) {
    issues.push(wrong('string_type', 'input', 'Input should be a valid string or list of strings', input));
  } else if (kind === 'bedrock' && texts.length > COHERE_MAX_TEXTS) {
    const msg = `List should have at most ${COHERE_MAX_TEXTS} items after validation, not ${texts.length}`;
    issues.push(wrong('too_long', 'input', msg, `${texts.length} texts`));
  }
  if (given(format) && format !== 'float')
    issues.push(wrong('literal_error', 'encoding_format', "Input should be 'float'", format));
  if (given(type) && !INPUT_TYPES.includes(type as string)) {
    issues.push(wrong('literal_error', 'input_type', `Input should be one of ${INPUT_TYPES.join(', ')}`, type));
  }
  if (given(dimensions) && !(Number.isInteger(dimensions) && (dimensions as number) > 0)) {
    issues.push(wrong('int_type', 'dimensions', 'Input should be a valid integer greater than 0', dimensions));
  }
  if (issues.length > 0) throw unprocessable(issues);
  return texts as string[];
}

/** Present, and not null: FastAPI takes null for an optional field. */
function given(value: unknown): boolean {
  return value !== undefined && value !== null;
}

function missing(field: string, body: Fields): Issue {
  return { type: 'missing', loc: ['body', field], msg: 'Field required', input: body };
}

function wrong(type: string, field: string, msg: string, input: unknown): Issue {
  return { type, loc: ['body', field], msg, input };
}

function between(field: string, value: unknown, low: number, high: number): Issue[] {
  if (typeof value !== 'number') return [wrong('float_type', field, 'Input should be a valid number', value)];
  if (value < low)
    return [wrong('greater_than_equal', field, `Input should be greater than or equal to ${low}`, value)];
  if (value > high) return [wrong('less_than_equal', field, `Input should be less than or equal to ${high}`, value)];
  return [];
}
