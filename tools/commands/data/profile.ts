import { readFileSync } from 'node:fs';
import words from '../../../data/words.json';
import { ToolError } from '../../programs/process';
import { randomOf } from './random';
import { tokensOf } from './tokens';

/*
 * A profile of a traffic: how many requests of which lengths. It has counts and lengths alone, never a text, a name or an
 * address of the log that it was made from.
 */

/** Requests whose prompts and answers have about as many tokens. */
export interface Cell {
  /** From, and below. */
  prompt: [number, number];
  output: [number, number];
  requests: number;
}

export interface Profile {
  profile: 1;
  /** Lines of the log that have both lengths, and those that have not. */
  requests: number;
  left_out: number;
  /** From the first request to the last; null where the log tells no times. */
  seconds: number | null;
  requests_per_second: { mean: number; peak_minute: number } | null;
  /** Share of the requests that asked for a stream; null where the log does not say. */
  streamed: number | null;
  /** How many sessions had so many requests; absent where the log names no sessions. */
  sessions?: { turns: number; sessions: number }[];
  /** Lengths are those of a text in bytes, divided by four: the log has no tokens. */
  estimated?: true;
  cells: Cell[];
}

/** Four buckets for each doubling: a length is known to within 9 %. */
const perDoubling = 4;

/** Which bucket a length is in: 0 is that of no token. */
export const bucketOf = (tokens: number): number =>
  tokens < 1 ? 0 : 1 + Math.floor(Math.log2(tokens) * perDoubling + 1e-9);

/** The lengths of a bucket: from, and below. Small buckets hold one length; some hold none. */
export function lengthsOf(bucket: number): [number, number] {
  const edge = (i: number) => Math.ceil(2 ** (i / perDoubling) - 1e-9);
  return bucket === 0 ? [0, 1] : [edge(bucket - 1), edge(bucket)];
}

/** Reads and checks a profile. Throws a ToolError. */
export function readProfile(path: string): Profile {
  let value: Partial<Profile>;
  try {
    value = JSON.parse(readFileSync(path, 'utf8')) as Partial<Profile>;
  } catch {
    throw new ToolError(`${path} cannot be read as JSON; npm run data -- fit makes a profile of a log`);
  }
  const isLength = (range: unknown): boolean =>
    Array.isArray(range) &&
    range.length === 2 &&
    range.every((n) => Number.isInteger(n) && n >= 0 && n <= 1e7) &&
    range[0] < range[1];
  if (value.profile !== 1 || !Array.isArray(value.cells) || value.cells.length === 0)
    throw new ToolError(
      `${path} is no profile: "profile": 1 and a list "cells" are wanted; npm run data -- fit makes one`,
    );
  value.cells.forEach((cell, i) => {
    if (!isLength(cell?.prompt) || !isLength(cell?.output) || !(cell.requests > 0))
      throw new ToolError(
        `${path} is wrong: cell ${i + 1} needs prompt and output as [from, below] and a number of requests`,
      );
  });
  return value as Profile;
}

/** So many lines for PROMPTS, whose lengths are as the profile has them. The texts are words without a meaning. */
export function* promptsTo({ cells }: Profile, count: number, seed: string): Generator<string> {
  const random = randomOf(`${seed}/profile`);
  const all = cells.reduce((sum, { requests }) => sum + requests, 0);
  const within = ([from, below]: [number, number]) => from + Math.floor(random.next() * (below - from));
  for (let n = 0; n < count; n++) {
    let left = random.next() * all;
    const cell = cells.find(({ requests }) => (left -= requests) < 0) ?? cells[cells.length - 1]!;
    const [tokens, output] = [Math.max(1, within(cell.prompt)), Math.max(1, within(cell.output))];
    const ask = `. Please answer in about ${output} tokens.`;
    const filler = Math.max(1, tokens - (tokens > 20 ? tokensOf(ask) : 0));
    const said = Array.from({ length: filler }, () => random.pick(words)).join(' ');
    yield JSON.stringify({ prompt: tokens > 20 ? said + ask : said, max_tokens: output });
  }
}
