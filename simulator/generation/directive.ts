import { DEFAULT_AFTER, DEFAULT_DELAY_MS, FAULTS, isFault, type Fault, type FaultName } from '../faults/faults';

/** A directive that cannot be read. The message is a sentence for the caller (status 400). */
export class DirectiveError extends Error {}

/** Settings of one request, written into its last user message. Absent: the model's own setting holds. */
export interface Directive {
  readonly id?: string;
  readonly ttft_ms?: number;
  readonly tokens_per_second?: number;
  readonly tokens?: number;
  readonly jitter?: number;
  readonly tokens_per_chunk?: number;
  readonly fault?: Fault;
  /** The answer begins with `<id>.<seq> `: the id above, and the provider's record of the call. */
  readonly echo?: boolean;
  /** The answer calls this tool, where the wire has tools; its words are the call's argument. */
  readonly tool?: string;
  /** The reference gateway's flaws of the same names, for this request alone. */
  readonly overhead_ms?: number;
  readonly overhead_chunk_ms?: number;
  /** Whose wire the fault strikes. */
  readonly at: 'provider' | 'gateway';
}

/*
 * directive = "[[sim" { blank name "=" value } "]]"
 * name      = id | ttft | rate | tokens | jitter | chunk | fault | after | delay | at | echo | tool | overhead | overhead_chunk
 * value     = any characters but blanks and "]"
 */
const DIRECTIVE = /\[\[sim\b([^\]]*)(\]\])?/g;
const NONE: Directive = { at: 'provider' };

interface NumberRule {
  readonly min: number;
  readonly max: number;
  readonly whole?: true;
  readonly unit: string;
}

const NUMBERS: Record<string, NumberRule> = {
  ttft: { min: 0, max: 3_600_000, unit: ' (ms)' },
  rate: { min: 0.01, max: 100_000, unit: ' (tokens per second)' },
  tokens: { min: 1, max: 1_000_000, whole: true, unit: '' },
  jitter: { min: 0, max: 1, unit: ' (share of the gap)' },
  chunk: { min: 1, max: 10_000, whole: true, unit: ' (tokens)' },
  after: { min: 0, max: 1_000_000, whole: true, unit: ' (chunks)' },
  delay: { min: 0, max: 3_600_000, unit: ' (ms)' },
  echo: { min: 0, max: 1, whole: true, unit: '' },
  overhead: { min: 0, max: 3_600_000, unit: ' (ms)' },
  overhead_chunk: { min: 0, max: 3_600_000, unit: ' (ms)' },
};
const NAMES = ['id', ...Object.keys(NUMBERS), 'fault', 'at', 'tool'];

function readNumber(name: string, value: string): number {
  const rule = NUMBERS[name] as NumberRule;
  const parsed = value === '' ? NaN : Number(value);
  const fits = parsed >= rule.min && parsed <= rule.max && (!rule.whole || Number.isInteger(parsed));
  if (!fits) {
    const kind = rule.whole ? 'a whole number' : 'a number';
    throw new DirectiveError(
      `In the [[sim]] directive ${name} is "${value}", but must be ${kind} from ${rule.min} to ${rule.max}${rule.unit}.`,
    );
  }
  return parsed;
}

function readFault(value: string): FaultName {
  if (!isFault(value))
    throw new DirectiveError(`In the [[sim]] directive fault is "${value}", but must be one of ${FAULTS.join(', ')}.`);
  return value;
}

/** The directive as it stands in a text, with the space before it; "" without one. */
export function directiveText(text: string): string {
  return text.includes('[[sim') ? (/ ?\[\[sim\b[^\]]*\]\]/.exec(text)?.[0] ?? '') : '';
}

/**
 * Reads the directive in a text: `[[sim id=abc ttft=200 rate=50 tokens=100 jitter=0 chunk=1 fault=cut after=5
 * delay=3000 at=gateway echo=1]]`. Without one: no settings. Throws a DirectiveError on a malformed one, and on a
 * second one.
 */
export function parseDirective(text: string): Directive {
  if (!text.includes('[[sim')) return NONE;
  const found = [...text.matchAll(DIRECTIVE)];
  const first = found[0];
  if (first === undefined) return NONE;
  if (found.length > 1)
    throw new DirectiveError('The message has more than one [[sim]] directive; only one is allowed.');
  if (first[2] === undefined)
    throw new DirectiveError(`The [[sim]] directive "${first[0].slice(0, 60)}" is not closed with "]]".`);

  const given = new Map<string, string>();
  for (const word of (first[1] ?? '').split(/\s+/).filter((part) => part !== '')) {
    const equals = word.indexOf('=');
    const name = equals < 0 ? word : word.slice(0, equals);
    if (!NAMES.includes(name))
      throw new DirectiveError(`In the [[sim]] directive "${name}" is not a name; the names are ${NAMES.join(', ')}.`);
    if (equals < 0) throw new DirectiveError(`In the [[sim]] directive "${name}" has no value; write ${name}=value.`);
    if (given.has(name)) throw new DirectiveError(`In the [[sim]] directive "${name}" is given twice.`);
    given.set(name, word.slice(equals + 1));
  }
  return build(given);
}

function build(given: ReadonlyMap<string, string>): Directive {
  const numberOf = (name: string): number | undefined => {
    const value = given.get(name);
    return value === undefined ? undefined : readNumber(name, value);
  };
  const at = given.get('at') ?? 'provider';
  if (at !== 'provider' && at !== 'gateway') {
    throw new DirectiveError(`In the [[sim]] directive at is "${at}", but must be provider or gateway.`);
  }
  const fault = given.get('fault');
  const after = numberOf('after') ?? DEFAULT_AFTER;
  const delay_ms = numberOf('delay') ?? DEFAULT_DELAY_MS;
  return {
    id: given.get('id'),
    ttft_ms: numberOf('ttft'),
    tokens_per_second: numberOf('rate'),
    tokens: numberOf('tokens'),
    jitter: numberOf('jitter'),
    tokens_per_chunk: numberOf('chunk'),
    fault: fault === undefined ? undefined : { name: readFault(fault), after, delay_ms },
    at,
    ...(given.has('tool') ? { tool: given.get('tool') } : {}),
    ...(given.has('echo') ? { echo: numberOf('echo') === 1 } : {}),
    ...(given.has('overhead') ? { overhead_ms: numberOf('overhead') } : {}),
    ...(given.has('overhead_chunk') ? { overhead_chunk_ms: numberOf('overhead_chunk') } : {}),
  };
}
