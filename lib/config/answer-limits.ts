import type { Bounds } from 'k6/x/sse';
import type { ParameterRow } from './row';

/*
 * What one answer, and all answers together, may make the generator hold: without these limits one answer could end a
 * run, or the machine.
 */

interface Limit {
  bound: keyof Bounds;
  default: number;
  what: string;
}

/** By the parameter's name; sizes are MiB. The errors of the extension name these parameters. */
const limits: Record<string, Limit> = {
  EVENT_LIMIT: { bound: 'event', default: 16, what: 'MiB that one event, or one line, of a stream may have' },
  DOCUMENT_LIMIT: { bound: 'document', default: 64, what: 'MiB that one answer that is no stream may have' },
  UNPACKED_LIMIT: { bound: 'unpacked', default: 64, what: 'MiB that one answer in gzip may unpack to' },
  CONTENT_LIMIT: { bound: 'contents', default: 1_000_000, what: 'events with content that one stream may have' },
  MEMORY_LIMIT: { bound: 'memory', default: 96, what: 'MiB that all answers in hand together may hold' },
};

export const limitRows: ParameterRow[] = Object.entries(limits).map(([name, limit]) => ({
  name,
  default: String(limit.default),
  allowed: limit.bound === 'contents' ? 'whole number from 1' : 'number above 0, at most 1048576',
  meaning: `${limit.what}; what goes beyond it is malformed`,
}));

/** Reads the limits: `number` reads one parameter, and throws where it is wrong. */
export function answerLimits(
  number: (name: string, allowed: string, ok: (n: number) => boolean) => number | undefined,
): Required<Bounds> {
  const read = ([name, limit]: [string, Limit]) => {
    const given =
      limit.bound === 'contents'
        ? number(
            name,
            'a whole number from 1 to 1000000000 is wanted',
            (n) => Number.isInteger(n) && n >= 1 && n <= 1e9,
          )
        : number(name, 'a number of MiB above 0 and at most 1048576 is wanted', (n) => n > 0 && n <= 1_048_576);
    return [limit.bound, given ?? limit.default];
  };
  return Object.fromEntries(Object.entries(limits).map(read)) as Required<Bounds>;
}
