import { isFields, mergePatch, type Fields } from './merge';

/** A setting is wrong. The message is a whole sentence: the field, the value, what is allowed. */
export class ConfigError extends Error {}

/** Turns an unknown value into a T, or throws a ConfigError that names `path`. */
export type Check<T> = (value: unknown, path: string) => T;

function refuse(path: string, value: unknown, allowed: string): never {
  const shown = JSON.stringify(value) ?? 'absent';
  throw new ConfigError(
    `${path} is ${shown.length > 80 ? `${shown.slice(0, 77)}...` : shown}, but must be ${allowed}.`,
  );
}

/** A number within these bounds, which belong to it. */
export function number(min: number, max: number): Check<number> {
  return (value, path) =>
    typeof value === 'number' && value >= min && value <= max
      ? value
      : refuse(path, value, `a number from ${min} to ${max}`);
}

/** A whole number within these bounds, which belong to it. */
export function integer(min: number, max: number): Check<number> {
  return (value, path) =>
    Number.isInteger(value) && (value as number) >= min && (value as number) <= max
      ? (value as number)
      : refuse(path, value, `a whole number from ${min} to ${max}`);
}

/** A number, or `[low, high]` to draw from. */
export function range(min: number, max: number): Check<number | readonly [number, number]> {
  const inside = (value: unknown): value is number => typeof value === 'number' && value >= min && value <= max;
  return (value, path) => {
    if (inside(value)) return value;
    if (Array.isArray(value) && value.length === 2) {
      const [low, high]: unknown[] = value;
      if (inside(low) && inside(high) && low <= high) return [low, high];
    }
    return refuse(path, value, `a number from ${min} to ${max}, or two of them as [low, high]`);
  };
}

/** A text that is not empty. */
export const text: Check<string> = (value, path) =>
  typeof value === 'string' && value !== '' ? value : refuse(path, value, 'a text that is not empty');

/** True or false. */
export const flag: Check<boolean> = (value, path) =>
  typeof value === 'boolean' ? value : refuse(path, value, 'true or false');

/** One of these names. */
export function oneOf<T extends string>(names: readonly T[]): Check<T> {
  return (value, path) => names.find((name) => name === value) ?? refuse(path, value, `one of ${names.join(', ')}`);
}

/** A list whose entries all pass the check. */
export function listOf<T>(item: Check<T>): Check<T[]> {
  return (value, path) =>
    Array.isArray(value)
      ? value.map((entry, index) => item(entry, `${path}[${index}]`))
      : refuse(path, value, 'a list');
}

/** An object whose keys are free; an entry gets `missing(key)` for every field that it leaves out. */
export function mapOf<T>(item: Check<T>, missing: (key: string) => Fields): Check<Record<string, T>> {
  return (value, path) => {
    if (!isFields(value)) return refuse(path, value, 'an object');
    const entries = Object.entries(value).map(([key, entry]): [string, T] => [
      key,
      item(isFields(entry) ? mergePatch(missing(key), entry) : entry, `${path}.${key}`),
    ]);
    return Object.fromEntries(entries);
  };
}

/** A value whose fields may be left out, and then are those of `missing`. */
export function filled<T>(item: Check<T>, missing: Fields): Check<T> {
  return (value, path) => item(isFields(value) ? mergePatch(missing, value) : value, path);
}

/** An object with some of these fields and no others. */
export function part<T extends object>(fields: { [K in keyof T]: Check<T[K]> }): Check<Partial<T>> {
  return (value, path) => {
    if (!isFields(value))
      return refuse(path, value, `an object with any of the fields ${Object.keys(fields).join(', ')}`);
    const given = Object.keys(fields).filter((name) => value[name] !== undefined);
    const chosen = Object.fromEntries(given.map((name) => [name, fields[name as keyof T]]));
    // An unknown field is told with all the names that there are.
    const unknown = Object.keys(value).find((name) => !Object.hasOwn(fields, name));
    if (unknown !== undefined)
      throw new ConfigError(
        `${path}.${unknown} is not a field; the fields here are ${Object.keys(fields).join(', ')}.`,
      );
    return shape<Partial<T>>(chosen as { [K in keyof Partial<T>]-?: Check<Partial<T>[K]> })(value, path);
  };
}

/**
 * An object with exactly these fields; an unknown one is refused, so that a typing error is not silently without
 * effect.
 */
export function shape<T extends object>(fields: { [K in keyof T]: Check<T[K]> }): Check<T> {
  const names = Object.keys(fields) as (keyof T & string)[];
  return (value, path) => {
    const prefix = path === '' ? '' : `${path}.`;
    if (!isFields(value))
      return refuse(path === '' ? 'The configuration' : path, value, `an object with the fields ${names.join(', ')}`);
    for (const key of Object.keys(value)) {
      if (!(names as string[]).includes(key))
        throw new ConfigError(`${prefix}${key} is not a field; the fields here are ${names.join(', ')}.`);
    }
    const checked: Partial<T> = {};
    for (const name of names) checked[name] = fields[name](value[name], `${prefix}${name}`);
    return checked as T;
  };
}
