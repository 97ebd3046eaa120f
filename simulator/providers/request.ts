import type { Capability, ProviderModel } from '../settings/types';
import { NO_REGION, settingsOf } from '../settings/deployments';
import { directiveText, parseDirective, DirectiveError, type Directive } from '../generation/directive';
import type { ErrorForm } from '../faults/early-fault';
import { readBody, type Exchange, type Refusal } from '../http/exchange';
import { isFields, type Fields } from '../settings/merge';
import type { Context } from '../http/api';
import { tokensAtOnce } from '../generation/tokens';

/** How one API words what it refuses. `code` and `field` are shown where the API has a place for them. */
export interface ApiErrors {
  badRequest(message: string, code?: string | null, field?: string | null): Refusal;
  unknownModel(id: string): Refusal;
  tooLong(tokens: number, limit: number, field: string): Refusal;
  rateLimited(retryAfterSeconds: number): Refusal;
  /** The model fails although it has begun: the plain answer's form of an error event. */
  modelFailed(): Refusal;
  /** The provider's own failures. */
  readonly failure: ErrorForm;
}

/** Reads a JSON object. Throws a 400. */
export async function readFields(exchange: Exchange, errors: ApiErrors): Promise<Fields> {
  if (exchange.fields !== undefined) return exchange.fields;
  let body: unknown;
  const text = await readBody(exchange.request);
  try {
    body = JSON.parse(text);
  } catch {
    throw errors.badRequest('We could not parse the JSON body of your request.');
  }
  if (!isFields(body)) throw errors.badRequest('The body of your request must be a JSON object.');
  return body;
}

/**
 * The model that a request asks for, as it is on this wire in this region. Throws for an unknown one, and a 400 for one
 * that cannot do this.
 */
export function findModel(
  exchange: Exchange,
  context: Context,
  id: string,
  capability: Capability,
  errors: ApiErrors,
): ProviderModel {
  const { record } = exchange;
  const model =
    record.wire === null ? undefined : settingsOf(context.store.current, record.wire, record.region ?? NO_REGION, id);
  if (model === undefined) throw errors.unknownModel(id);
  if (model.capability !== capability)
    throw errors.badRequest(`The model \`${id}\` is not a model for ${capability}.`, null, 'model');
  return model;
}

/** The directive of a text. Throws a 400 with its sentence. */
export function directiveOf(text: string, exchange: Exchange, errors: ApiErrors): Directive {
  try {
    const directive = parseDirective(text);
    if (directive.id !== undefined) exchange.record.id = directive.id;
    exchange.record.directive_tokens = tokensAtOnce(directiveText(text));
    return directive;
  } catch (error) {
    if (error instanceof DirectiveError) throw errors.badRequest(error.message, 'sim_directive');
    throw error;
  }
}

/** A whole number above 0. */
export function isPositive(value: unknown): value is number {
  return Number.isInteger(value) && (value as number) > 0;
}

/** A list of texts that are not empty. */
export function areTexts(value: unknown): value is string[] {
  return Array.isArray(value) && value.length > 0 && value.every((text) => typeof text === 'string' && text !== '');
}
