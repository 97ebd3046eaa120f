import { SharedArray } from 'k6/data';
import type { Message } from './mix';

/*
 * The data of `data/`, read once for all VUs. Paths count from the bundled script in dist/.
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

/** What was read, till all arrays are made: each file is taken apart once, by the first VU alone. */
const files = new Map<string, unknown>();

function read<T>(file: string): T {
  if (!files.has(file)) files.set(file, JSON.parse(open(`../data/${file}`)));
  return files.get(file) as T;
}

function prompts(size: Prompt['size']) {
  return new SharedArray<Prompt>(`prompts ${size}`, () =>
    read<Prompt[]>('prompts.json').filter((each) => each.size === size),
  );
}

function conversations(length: Conversation['length']) {
  return new SharedArray<Conversation>(`conversations ${length}`, () =>
    read<Conversation[]>('conversations.json').filter((each) => each.length === length),
  );
}

export const promptsBySize = { small: prompts('small'), medium: prompts('medium'), large: prompts('large') };
const conversationsByLength = {
  short: conversations('short'),
  medium: conversations('medium'),
  long: conversations('long'),
};
/** The messages of a chat as JSON, and their tokens. */
export interface WrittenChat {
  messages: string;
  tokens: number;
}

const written = (name: string, size: Prompt['size'] | Conversation['length'], all: () => readonly WrittenChat[]) =>
  new SharedArray<WrittenChat>(`written ${name} ${size}`, () => [...all()]);

function writtenPrompts(size: Prompt['size']) {
  return written('prompts', size, () =>
    read<Prompt[]>('prompts.json')
      .filter((each) => each.size === size)
      .map(({ text, tokens }) => ({ messages: JSON.stringify([{ role: 'user', content: text }]), tokens })),
  );
}

function writtenConversations(length: Conversation['length']) {
  return written('conversations', length, () =>
    read<Conversation[]>('conversations.json')
      .filter((each) => each.length === length)
      .map(({ messages, tokens }) => ({ messages: JSON.stringify(messages), tokens })),
  );
}

/** The same prompts and conversations, in the same order, ready to be sent. */
export const chatsBySize = {
  small: writtenPrompts('small'),
  medium: writtenPrompts('medium'),
  large: writtenPrompts('large'),
};
export const chatsByLength = {
  short: writtenConversations('short'),
  medium: writtenConversations('medium'),
  long: writtenConversations('long'),
};

/** Prompts and conversations that chats are made of. */
export const storedTexts = [...Object.values(promptsBySize), ...Object.values(conversationsByLength)].reduce(
  (sum, { length }) => sum + length,
  0,
);
export const embeddingTexts = new SharedArray<string>(
  'embedding texts',
  () => read<{ texts: string[] }>('embeddings.json').texts,
);
files.clear();
