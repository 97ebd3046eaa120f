import type { ProbeNote } from '../observed';

/** What a search for the largest prompt works with. */
export interface Search {
  /** The documented size, tokens of prompt and answer together. */
  documented: number;
  /** Tokens that an answer may have. */
  answer: number;
  /** A prompt of so many tokens is known to work; 0: none is. */
  works: number;
  ask(tokens: number): ProbeNote;
  /** False when no time is left. */
  mayGoOn(): boolean;
}

/** Probes in all, and tries of one size that fails without a refusal: such a failure may be chance. */
const most = 24;
const tries = 3;
/** The search ends when the largest that works and the smallest that does not differ by this share. */
const within = 0.001;
/** The part of the documented size that is tried where nothing has worked. */
const smallest = 128;
/** Sizes over the documented one that are tried while none is refused. */
const beyond = [1.25, 2];

/**
 * Looks for the largest prompt that works: the documented size first, then one token over it, then by bisection between
 * what works and what does not. All that was asked, in order.
 */
export function searchLimit({ documented, answer, works, ask, mayGoOn }: Search): ProbeNote[] {
  const asked: ProbeNote[] = [];
  const tried = (tokens: number): boolean => {
    for (let i = 0; i < tries; i++) {
      const probe = ask(tokens);
      asked.push(probe);
      if (isAnswered(probe)) return true;
      if (isRefused(probe) || isSilent(probe) || !mayGoOn()) return false;
    }
    return false;
  };
  let low = works;
  let high: number | undefined;
  const note = (tokens: number) => {
    if (tried(tokens)) low = Math.max(low, tokens);
    else high = Math.min(high ?? Infinity, tokens);
  };
  note(documented - answer);
  if (high === undefined)
    for (const tokens of [1, ...beyond]) {
      if (high !== undefined || !mayGoOn()) break;
      note(tokens === 1 ? documented + 1 : Math.round(tokens * documented));
    }
  // Where nothing has worked yet, a small prompt is tried before the halves: a target that hangs takes its time with each.
  if (high !== undefined && low === 0 && mayGoOn()) note(Math.max(1, Math.round(documented / smallest)));
  if (low === 0) return asked;
  while (high !== undefined && mayGoOn() && asked.length < most) {
    // Between the documented size and one token more there is nothing to look for: the answer's tokens lie there.
    if (high - low <= Math.max(answer + 1, within * high)) break;
    note(Math.round((low + high) / 2));
  }
  return asked;
}

/** Answered, and with all of the prompt, as far as the usage tells. */
export function isAnswered({ outcome, promptTokens, tokens }: ProbeNote): boolean {
  return outcome === 'ok' && !isCut({ promptTokens, tokens });
}

/** The answer's usage tells fewer tokens than were sent. */
export function isCut({ promptTokens, tokens }: Pick<ProbeNote, 'promptTokens' | 'tokens'>): boolean {
  return promptTokens >= 0 && promptTokens < 0.98 * tokens;
}

/** The target said in order that it does not take this size (4xx). */
export const isRefused = ({ outcome }: ProbeNote) => outcome === 'http_4xx';

/** The target did not answer within the time-out. */
export const isSilent = ({ outcome }: ProbeNote) => outcome.startsWith('timeout');
