import { store, storedNumber, storedText, type StoredForm, type StoredGroup } from 'k6/x/sse';
import type { Random } from '../statistics';
import type { Message } from './mix';

/*
 * The data of `data/`: kept in Go, read once for all VUs. Paths count from the bundled script in dist/. A text has a
 * number, and a request names it by that: what is sent is what stands in the file.
 */

export interface Prompt {
  id: string;
  category: string;
  size: 'small' | 'medium' | 'large';
  tokens: number;
  text: string;
}

export interface Conversation {
  id: string;
  length: 'short' | 'medium' | 'long';
  turns: number;
  tokens: number;
  messages: Message[];
}

/** Opened as bytes: as a text it would become one of JavaScript's. */
const kept = (file: string, form: StoredForm): Record<string, StoredGroup> =>
  store(file, () => open(`../data/${file}`, 'b'), form);

/** The messages of each prompt, by its size. */
export const chatsBySize = kept('prompts.json', {
  by: 'size',
  value: 'text',
  before: '[{"role":"user","content":',
  behind: '}]',
  number: 'tokens',
}) as Record<Prompt['size'], StoredGroup>;

/** The messages of each conversation, by its length. */
export const chatsByLength = kept('conversations.json', { by: 'length', value: 'messages' }) as Record<
  Conversation['length'],
  StoredGroup
>;

/** The texts that are embedded. */
export const embeddingTexts = kept('embeddings.json', { list: 'texts' })['']!;

/** The messages with that number. */
export const messagesAt = (number: number): Message[] => JSON.parse(storedText(number)) as Message[];

/** How many tokens the prompt with that number has. */
export const tokensAt = (number: number): number => storedNumber(number);

/** A text to embed by its place; behind the last comes the first again. */
export function embeddingText(place: number): string {
  const { from, count } = embeddingTexts;
  return JSON.parse(storedText(from + (place % count))) as string;
}

/** So many texts to embed, from a place on. */
export const embeddingTextsFrom = (first: number, count: number): string[] =>
  Array.from({ length: count }, (_, i) => embeddingText(first + i));

/** So many texts to embed that follow each other, from a place that is drawn. */
export const drawnTexts = (count: number, random: Random): string[] =>
  embeddingTextsFrom(random.below(embeddingTexts.count), count);

/** Prompts and conversations that chats are made of. */
export const storedTexts = [...Object.values(chatsBySize), ...Object.values(chatsByLength)].reduce(
  (sum, { count }) => sum + count,
  0,
);
