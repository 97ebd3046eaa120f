import { text, wrong, type Env } from './reading';
import type { ParameterRow } from './row';

/*
 * What the headers of an answer tell of who gave it.
 */

export interface TellingHeaders {
  /** The header that names the instance, in lower case. */
  instanceHeader?: string;
  /** The header by which an answer says that a cache of the target's gave it. */
  cacheHeader?: {
    /** Its name, in lower case. */
    name: string;
    /** A word that its value holds then; undefined: any value says so. */
    value?: string;
  };
}

export const headerRows: readonly ParameterRow[] = [
  {
    name: 'INSTANCE_HEADER',
    default: '',
    allowed: "a header's name",
    meaning:
      'the header of an answer that names the instance that made it: balance compares the instances by it, and sessions looks whether a conversation stays at one',
  },
  {
    name: 'CACHE_HEADER',
    default: '',
    allowed: "a header's name, or name:value",
    meaning:
      "the header by which an answer says that the target's own cache gave it, and no model: x-litellm-cache-key (it is there), cf-aig-cache-status:HIT (its value has this word). Such answers are counted in a remark, and caching and sessions tell of them",
  },
];

/** Reads and checks them. Throws {@link ParameterError}. */
export function tellingHeaders(env: Env): TellingHeaders {
  return { instanceHeader: instanceHeader(env), cacheHeader: cacheHeader(env) };
}

function instanceHeader(env: Env): string | undefined {
  const given = text(env, 'INSTANCE_HEADER');
  if (given !== undefined && !/^[A-Za-z0-9!#$%&'*+.^_`|~-]{1,100}$/.test(given))
    throw wrong('INSTANCE_HEADER', given, "a header's name like X-Served-By is wanted");
  return given?.toLowerCase();
}

function cacheHeader(env: Env): TellingHeaders['cacheHeader'] {
  const given = text(env, 'CACHE_HEADER');
  if (given === undefined) return undefined;
  const [, name, value] = /^([A-Za-z0-9!#$%&'*+.^_`|~-]{1,100})(?:\s*[:=]\s*([\x21-\x7e]{1,100}))?$/.exec(given) ?? [];
  if (name === undefined)
    throw wrong(
      'CACHE_HEADER',
      given,
      "a header's name like x-litellm-cache-key, or a name and a word of its value like cf-aig-cache-status:HIT, is wanted",
    );
  return { name: name.toLowerCase(), value };
}
