import words from '../../data/words.json';
import { random } from '../statistics';

/*
 * Prompts of an exact number of tokens, each with a beginning of its own: no cache of the target's knows it.
 *
 * Each word of data/words.json is one token in the public tokenizers, with a space before it and without, and two of
 * them never become one token: n words with spaces between them are n tokens. So a long prompt is cut out of one text
 * of some thousand words, at places that are known; nothing is counted, and nothing is kept of a prompt.
 */

const bits = Math.log2(words.length);
/** Words of the beginning: more than 60 bits. */
const ownWords = Math.ceil(60 / bits);
/** It ends with what makes an answer short. */
export const closing = ' please answer with one short word';
const closingWords = closing.split(' ').length - 1;

const textWords = 4096;
/** The text, with a space before each word, and where each word (its space) begins; the last entry is the end. */
let text = '';
let places: Int32Array | undefined;

function placesOf(): Int32Array {
  if (places) return places;
  places = new Int32Array(textWords + 1);
  const { below } = random(0x7e47, 0);
  const parts: string[] = [];
  let length = 0;
  for (let i = 0; i < textWords; i++) {
    const word = ` ${words[below(words.length)]!}`;
    places[i] = length;
    length += word.length;
    parts.push(word);
  }
  places[textWords] = length;
  text = parts.join('');
  return places;
}

/** A prompt of so many tokens (at least 1). The same `own` gives the same prompt; another gives another beginning. */
export function exactPrompt(tokens: number, own: string): string {
  const [beginning, hash] = beginningOf(own, Math.min(ownWords, tokens));
  let left = tokens - ownWords - closingWords;
  if (left < 0) return beginning + filler(Math.max(0, tokens - ownWords), hash);
  let body = '';
  const from = hash % textWords;
  const first = Math.min(left, textWords - from);
  body += filler(first, from);
  left -= first;
  if (left >= textWords) {
    body += text.repeat(Math.floor(left / textWords));
    left %= textWords;
  }
  return beginning + body + filler(left, 0) + closing;
}

function filler(count: number, from: number): string {
  const at = placesOf();
  const start = Math.min(from, textWords) % textWords;
  return text.slice(at[start], at[Math.min(textWords, start + count)]);
}

/** FNV-1a in two lanes: each seeds draws of its own, which choose every other word, so that all 60 bits differ. */
function beginningOf(own: string, count: number): [string, number] {
  let [one, other] = [0x811c9dc5, 0x01234567];
  for (let i = 0; i < own.length; i++) {
    one = Math.imul(one ^ own.charCodeAt(i), 0x01000193);
    other = Math.imul(other ^ own.charCodeAt(i), 0x01000193) + i;
  }
  const draws = [random(one, 0), random(other, 1)];
  const chosen: string[] = [];
  for (let i = 0; i < count; i++) chosen.push(words[draws[i % 2]!.below(words.length)]!);
  return [chosen.join(' '), one >>> 0];
}
