/**
 * The words that simulated models say. Each, with a space before it, is exactly one token in o200k_base and
 * cl100k_base, and words never melt together into other tokens; so an answer of n words is n tokens for every
 * cross-check. A few are not ASCII, so that a client which splits a character between two reads is found out.
 */
const WORDS = (
  'the of and to in is that for café it as was with on by this from at are which not but have had one has their all were when there ' +
  'can been more will would about who what some out time people into could than other then now only its over new also way even ' +
  'because any these most such through where much after should how years work between long down before own under last might great ' +
  'old year off come since against go came right used take three states himself few house use during without again place around ' +
  'however home small found thought went say part once general high every another means'
).split(' ');

/**
 * `count` tokens of text, from the place `from` of an endless round of words. Only the very first of an answer has no
 * space before it.
 */
export function words(from: number, count: number, first: boolean): string {
  const key = (from % WORDS.length) * 1000 + count;
  let text = count < 1000 ? pieces.get(key) : undefined;
  if (text === undefined) {
    text = '';
    for (let index = from; index < from + count; index += 1) text += ` ${WORDS[index % WORDS.length]}`;
    // Flattened and kept: the same few hundred pieces are sent again and again.
    if (count < 1000) pieces.set(key, text);
  }
  return first ? text.slice(1) : text;
}

const pieces = new Map<number, string>();
