import type { Capability, ProviderModel } from '../config';
import { NO_REGION, settingsOf } from '../deployments';
import { directiveText, parseDirective, DirectiveError, type Directive } from '../directive';
import { readBody, Refusal, type Exchange } from '../http';
import { isFields, type Fields } from '../merge';
import type { Port } from '../port';
import { tokensAtOnce } from '../tokens';
import { badRequest, openaiError } from './openai-wire';

/** Reads a JSON object. Throws a 400. */
export async function readFields(exchange: Exchange): Promise<Fields> {
  let body: unknown;
  const text = await readBody(exchange.request);
  try {
    body = JSON.parse(text);
  } catch {
    throw badRequest('We could not parse the JSON body of your request.');
  }
  if (!isFields(body)) throw badRequest('The body of your request must be a JSON object.');
  return body;
}

export function checkKey(exchange: Exchange): void {
  if (/^Bearer\s+\S/i.test(exchange.request.headers.authorization ?? '')) return;
  const message = "You didn't provide an API key. Provide it in an Authorization header using Bearer auth.";
  throw new Refusal(401, openaiError(message, 'invalid_request_error', 'invalid_api_key'));
}

/** The model that a request asks for. Throws 404 for an unknown one, 400 for one that cannot do this. */
export function findModel(exchange: Exchange, port: Port, id: unknown, capability: Capability): ProviderModel {
  if (typeof id !== 'string') throw badRequest('you must provide a model parameter', null, 'model');
  const model = settingsOf(port.store.current, 'openai', exchange.record.region ?? NO_REGION, id);
  if (model === undefined) {
    throw new Refusal(404, openaiError(`The model \`${id}\` does not exist.`, 'invalid_request_error', 'model_not_found', 'model'));
  }
  if (model.capability !== capability) throw badRequest(`The model \`${id}\` is not a model for ${capability}.`, null, 'model');
  return model;
}

/** The directive of a text. Throws a 400 with its sentence. */
export function directiveOf(text: string, exchange: Exchange): Directive {
  try {
    const directive = parseDirective(text);
    if (directive.id !== undefined) exchange.record.id = directive.id;
    exchange.record.directive_tokens = tokensAtOnce(directiveText(text));
    return directive;
  } catch (error) {
    if (error instanceof DirectiveError) throw badRequest(error.message, 'sim_directive');
    throw error;
  }
}

export function checkContext(tokens: number, model: ProviderModel, param: string): void {
  if (tokens <= model.context_limit) return;
  const message = `This model's maximum context length is ${model.context_limit} tokens. However, your messages resulted in ${tokens} tokens. Please reduce the length of the messages.`;
  throw badRequest(message, 'context_length_exceeded', param);
}
