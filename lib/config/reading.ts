/*
 * How the value of one parameter is read. A wrong one is refused with one sentence that names it.
 */

/** A parameter's value was wrong: the message names it, says what is wrong, and what is allowed. */
export class ParameterError extends Error {}

export type Env = Readonly<Record<string, string | undefined>>;

/** A JSON object. */
export type Fields = { [name: string]: unknown };

/** An object, and neither a list nor null. */
export function isFields(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** The error for a parameter whose value is wrong: its name, the value, and in words what is allowed. */
export function wrong(name: string, value: string, allowed: string): ParameterError {
  return new ParameterError(`${name}=${value === '' ? '""' : value} is wrong: ${allowed}`);
}

/**
 * A parameter as a number that is `ok`; undefined where it was not given. Throws a {@link ParameterError} with
 * `allowed` in words.
 */
export function number(env: Env, name: string, allowed: string, ok: (n: number) => boolean): number | undefined {
  const text = env[name];
  if (text === undefined) return undefined;
  const value = /^\s*[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?\s*$/i.test(text) ? Number(text) : NaN;
  if (!Number.isFinite(value) || !ok(value)) throw wrong(name, text, allowed);
  return value;
}

/** Seconds of a duration like "90s", "5m", "1h30m", "250ms"; undefined when it is none. */
export function seconds(text: string): number | undefined {
  const unit = { ms: 0.001, s: 1, m: 60, h: 3600 } as const;
  if (!/^(\d+(\.\d+)?(ms|s|m|h))+$/.test(text.trim())) return undefined;
  let total = 0;
  for (const [, amount, name] of text.matchAll(/(\d+(?:\.\d+)?)(ms|s|m|h)/g))
    total += Number(amount) * unit[name as keyof typeof unit];
  return total;
}

/** Seconds of a parameter that is a duration above zero and at most a day. */
export function durationOf(env: Env, name: string): number | undefined {
  const given = env[name];
  if (given === undefined) return undefined;
  const value = seconds(given);
  if (value === undefined || value <= 0 || value > 86_400)
    throw wrong(name, given, 'a duration above zero like 500ms, 60s or 10m, at most 24h, is wanted');
  return value;
}

/** The first of these that is among those before it; undefined where each is there once. */
export const repeated = (items: readonly string[]): string | undefined =>
  items.find((item, i) => items.indexOf(item) < i);

/**
 * A parameter as a list, its entries separated by commas, each of them once; undefined where it was not given. Throws a
 * {@link ParameterError}.
 */
export function list(env: Env, name: string): string[] | undefined {
  const text = env[name];
  if (text === undefined) return undefined;
  const items = text.split(',').map((item) => item.trim());
  if (items.some((item) => item === '')) throw wrong(name, text, 'a list like a,b without empty entries is wanted');
  const twice = repeated(items);
  if (twice !== undefined) throw wrong(name, text, `it names ${twice} twice`);
  return items;
}

/** A parameter as a text that is not empty; undefined where it was not given. Throws a {@link ParameterError}. */
export function text(env: Env, name: string): string | undefined {
  const value = env[name];
  if (value !== undefined && value.trim() === '') throw wrong(name, value, 'it must not be empty');
  return value?.trim();
}

/** One of a few words. */
export function word<W extends string>(env: Env, name: string, words: readonly W[]): W | undefined {
  const value = text(env, name);
  if (value !== undefined && !words.includes(value as W))
    throw wrong(name, value, `${words.slice(0, -1).join(', ')} or ${words[words.length - 1]} is wanted`);
  return value as W | undefined;
}

/** A parameter's text: itself, or with `@file` that of the file. */
export function textOrFile(env: Env, name: string, readFile: (path: string) => string): string | undefined {
  const given = text(env, name);
  if (given === undefined || !given.startsWith('@')) return given;
  try {
    return readFile(given.slice(1));
  } catch {
    throw wrong(name, given, 'no such file can be read');
  }
}

/**
 * The JSON object that a parameter holds, or the file that it names with `@file`. Its values are never part of a
 * message: they may be secret.
 */
export function fields(env: Env, name: string, readFile: (path: string) => string): Fields | undefined {
  const content = textOrFile(env, name, readFile);
  if (content === undefined) return undefined;
  const where = env[name]!.trim().startsWith('@') ? `the file ${env[name]!.trim().slice(1)} of ${name}` : name;
  let value: unknown;
  try {
    value = JSON.parse(content);
  } catch {
    throw new ParameterError(
      `${where} is wrong: it is not JSON. A JSON object in quotes for the shell is wanted, like ${name}='{"x-team":"perf"}', or ${name}=@file.json`,
    );
  }
  if (!isFields(value)) throw new ParameterError(`${where} is wrong: a JSON object like {"name": "value"} is wanted`);
  return value;
}

/** A value with a patch merged into it (RFC 7396): null takes a field away, objects are merged, all else replaces. */
export function merged(value: Fields, patch: Fields): Fields {
  const result: Fields = { ...value };
  for (const [name, given] of Object.entries(patch)) {
    if (given === null) delete result[name];
    else if (isFields(given)) result[name] = merged(isFields(result[name]) ? result[name] : {}, given);
    else result[name] = given;
  }
  return result;
}
