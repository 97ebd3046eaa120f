/*
 * Readers for the fields of a JSON object. Each takes a value and gives it back typed, or throws what is wanted in its
 * place: "is no text". The caller says where.
 */

export type Read<T> = (value: unknown) => T;

/** What a field should be, in words that follow the field's name. */
class Unfit extends Error {}

/** Reads a text that is not empty. Throws {@link Unfit} with what is wanted. */
export function text(wanted = 'must be a text, and not an empty one'): Read<string> {
  return (value) => {
    if (typeof value !== 'string' || value === '') throw new Unfit(wanted);
    return value;
  };
}

/** Reads a finite number. Throws {@link Unfit}. */
export function number(value: unknown): number {
  if (typeof value !== 'number' || !Number.isFinite(value)) throw new Unfit('must be a number');
  return value;
}

/** Reads true or false. Throws {@link Unfit}. */
export function flag(value: unknown): boolean {
  if (typeof value !== 'boolean') throw new Unfit('is true or false');
  return value;
}

/** Reads one of these names. Throws {@link Unfit} with all of them. */
export function oneOf<T extends string>(names: readonly T[]): Read<T> {
  return (value) => {
    const found = names.find((name) => name === value);
    if (found === undefined) throw new Unfit(`is ${JSON.stringify(value)}; it must be one of ${names.join(', ')}`);
    return found;
  };
}

/** An object whose keys are among `names`; `unknown` says what another key is. */
export function partial<N extends string, T>(
  names: readonly N[],
  read: Read<T>,
  unknown = (key: string) => `has the unknown field "${key}"`,
): Read<Partial<Record<N, T>>> {
  return (value) => {
    if (!isObject(value)) throw new Unfit(`must be an object with ${names.join(', ')}`);
    const result: Partial<Record<N, T>> = {};
    for (const [key, each] of Object.entries(value)) {
      const name = names.find((known) => known === key);
      if (name === undefined) throw new Unfit(`${unknown(key)}; there are ${names.join(', ')}`);
      try {
        result[name] = read(each);
      } catch (error) {
        if (error instanceof Unfit) throw new Unfit(`has a wrong "${key}": it ${error.message}`);
        throw error;
      }
    }
    return result;
  };
}

/** What an object holds by its readers; what is left out is undefined. */
export type Fields<R extends Record<string, Read<unknown>>> = { [K in keyof R]?: ReturnType<R[K]> };

/** Reads every field that stands there. `wrong` makes the error, of a sentence that begins with the field's name. */
export function fields<R extends Record<string, Read<unknown>>>(
  entry: Record<string, unknown>,
  readers: R,
  wrong: (what: string) => Error,
): Fields<R> {
  // By the fields that stand there, and without pairs: each VU does it at its start, and a pair is an iterator in Sobek.
  const keys = Object.keys(entry);
  const unknown = keys.find((key) => !Object.hasOwn(readers, key));
  if (unknown !== undefined)
    throw wrong(` has the unknown field "${unknown}"; allowed are ${Object.keys(readers).join(', ')}`);
  const result: Record<string, unknown> = {};
  for (const key of keys) {
    if (entry[key] === undefined) continue;
    try {
      result[key] = readers[key]!(entry[key]);
    } catch (error) {
      if (error instanceof Unfit) throw wrong(`: "${key}" ${error.message}`);
      throw error;
    }
  }
  return result as Fields<R>;
}

/** An object, and neither a list nor null. */
export function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
