import { ParameterError } from '../config';

/** What a model's tokens cost: US dollars for a million. */
export interface Price {
  provider: string;
  input: number;
  output: number;
  /** Prompt tokens from a cache, where they have a price of their own; else they cost what the others do. */
  cached?: number;
  /** Where the figure comes from, and when it was so. */
  source: string;
  date: string;
}

export type Prices = ReadonlyMap<string, Price>;

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/**
 * Checks a price table (the form of data/prices.json). Throws {@link ParameterError} that names the file, the model and
 * what is wrong.
 */
export function parsePrices(value: unknown, file: string): Prices {
  const wrong = (what: string) => new ParameterError(`prices in ${file} are wrong: ${what}`);
  if (!isObject(value) || !isObject(value.models))
    throw wrong('an object with "models" (model -> price) is wanted, as data/prices.json has it');
  if (value.currency !== 'USD') throw wrong('"currency" must be USD: the metric is llm_cost_usd');
  if (value.per_tokens !== 1_000_000) throw wrong('"per_tokens" must be 1000000: prices are for a million tokens');
  const prices = new Map<string, Price>();
  for (const [model, price] of Object.entries(value.models)) {
    if (!isObject(price)) throw wrong(`${model} is no object`);
    for (const name of ['input', 'output'] as const) {
      const given = price[name];
      if (typeof given !== 'number' || !Number.isFinite(given) || given < 0)
        throw wrong(`${model}: "${name}" must be a number from 0 on, US dollars for a million tokens`);
    }
    if (
      price.cached !== undefined &&
      !(typeof price.cached === 'number' && price.cached >= 0 && price.cached < Infinity)
    )
      throw wrong(`${model}: "cached" must be a number from 0 on, US dollars for a million tokens from a cache`);
    for (const name of ['provider', 'source', 'date'] as const)
      if (typeof price[name] !== 'string' || price[name] === '') throw wrong(`${model} has no "${name}"`);
    prices.set(model, price as unknown as Price);
  }
  return prices;
}

/**
 * US dollars of a request by the usage that the server told; undefined without a price or without usage: never zero for
 * unknown.
 */
export function costOf(
  price: Price | undefined,
  promptTokens: number,
  completionTokens: number,
  cachedTokens = 0,
): { input: number; total: number } | undefined {
  if (price === undefined || promptTokens < 0 || (completionTokens < 0 && price.output > 0)) return undefined;
  const cached = Math.min(Math.max(0, cachedTokens), promptTokens);
  const input = ((promptTokens - cached) * price.input + cached * (price.cached ?? price.input)) / 1e6;
  return { input, total: input + (Math.max(0, completionTokens) * price.output) / 1e6 };
}
