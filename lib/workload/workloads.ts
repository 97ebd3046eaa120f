import { random, type Random } from '../statistics';
import { maxBatch } from './batches';
import {
  chatsByLength,
  chatsBySize,
  embeddingText,
  embeddingTexts,
  embeddingTextsFrom,
  messagesAt,
  tokensAt,
  type Conversation,
  type Prompt,
} from './data';
import { mix, textIn, type Call, type ChatCall, type EmbeddingCall, type Share, type Workload } from './mix';

/** The number of a text of a group. */
const pick = ({ from, count }: { from: number; count: number }, random: Random): number => from + random.below(count);

/** A chat of one prompt. */
export function prompt(size: Prompt['size'], random: Random): ChatCall {
  const number = pick(chatsBySize[size], random);
  return storedChat(size, number, number);
}

/** A chat whose messages are read only where somebody looks at them; `counted`: the prompt whose tokens are known. */
function storedChat(size: string, number: number, counted?: number): ChatCall {
  const call: ChatCall = {
    kind: 'chat',
    size,
    get messages() {
      return messagesAt(number);
    },
    get tokens() {
      return counted === undefined ? undefined : tokensAt(counted);
    },
  };
  call.stored = { number, call };
  return call;
}

function conversation(length: Conversation['length'], random: Random): Call {
  // A conversation's first question is as real a short one as a dialogue of a few turns.
  const group =
    length === 'short' && random.next() < 0.5
      ? chatsBySize[random.next() < 0.7 ? 'small' : 'medium']
      : chatsByLength[length];
  return storedChat(length, pick(group, random));
}

function embedding(size: 'single' | 'batch', random: Random): Call {
  const count = size === 'single' ? 1 : 10 + random.below(maxBatch - 10 + 1);
  const first = random.below(embeddingTexts.count);
  const call: EmbeddingCall = {
    kind: 'embedding',
    size,
    get texts() {
      return embeddingTextsFrom(first, count);
    },
  };
  call.stored = { number: embeddingTexts.from + first, count, call };
  return call;
}

/** One text. */
export const singleEmbedding = (random: Random): Call => embedding('single', random);

const chat = (share: number, length: Conversation['length']): Share => ({
  share,
  kind: 'chat',
  call: (random) => conversation(length, random),
});
const embed = (share: number, size: 'single' | 'batch'): Share => ({
  share,
  kind: 'embedding',
  call: (random) => embedding(size, random),
});

/**
 * Plan 7.4.2: 70 % chat by conversation length (under 5, 5 to 20, over 20 turns), 25 % embeddings, 5 % model list. Of the
 * chats 6 in 7 are asked for whole: the test cases have 60 % of all requests so, and 10 % streamed
 * (PERF_MIXED_GATEWAY_STD_LOAD_001).
 */
export const planMix: Workload = mix(
  [
    chat(40, 'short'),
    chat(20, 'medium'),
    chat(10, 'long'),
    embed(15, 'single'),
    embed(10, 'batch'),
    { share: 5, kind: 'models', call: () => ({ kind: 'models', size: 'list' }) },
  ],
  6 / 7,
);

/** Plan 7.4.1: smallest, average and largest prompts, as many of each. */
export const promptSizes: Workload = mix(
  (['small', 'medium', 'large'] as const).map((size) => ({
    share: 1,
    kind: 'chat',
    call: (random) => prompt(size, random),
  })),
);

/** Small prompts only: where what happens to requests is looked at, not their size. */
export const chats: Workload = mix([{ share: 1, kind: 'chat', call: (random) => prompt('small', random) }]);

/** Small prompts, and half as many embeddings of one text. */
export const chatsOrEmbeddings: Workload = mix([
  { share: 2, kind: 'chat', call: (random) => prompt('small', random) },
  { share: 1, kind: 'embedding', call: singleEmbedding },
]);

/**
 * Small prompts, half of them asked for whole: a gateway may hold something for a plain call that it does not hold for
 * a stream.
 */
export const chatsBothWays: Workload = mix(
  [{ share: 1, kind: 'chat', call: (random) => prompt('small', random) }],
  0.5,
);

/** What users say in conversations of 5 to 20 turns; the answers in them are left out where they are held for real. */
export const dialogues: Workload = mix([{ share: 1, kind: 'chat', call: (random) => conversation('medium', random) }]);

/** A beginning of about so many tokens that prompts have in common: who answers, and what the office has on file. */
export function sharedBeginning(tokens: number): string {
  let text = beginnings.get(tokens);
  if (text === undefined) {
    const { messages } = promptOfTokens(Math.max(1, tokens - instruction.length / 5), random(0x5ea7ed, 0)) as ChatCall;
    text = `${instruction}\n\n${messages.map(({ content }) => textIn(content)).join('\n\n')}`;
    beginnings.set(tokens, text);
  }
  return text;
}

/** The chat with the shared beginning before it: of this run, so that what an earlier one left in a cache is not hit. */
export function withBeginning(call: ChatCall, tokens: number, run: string): ChatCall {
  const system = { role: 'system', content: `[${run}] ${sharedBeginning(tokens)}` } as const;
  return { ...call, size: 'prefix', tokens: undefined, messages: [system, ...call.messages] };
}

const beginnings = new Map<number, string>();
const instruction =
  'You help residents at the front desk of a city administration. Answer in a few plain sentences. These are papers of the office, for you to look things up in:';

/** A little of everything. */
export const oneOfEach: Workload = mix([
  { share: 2, kind: 'chat', call: (random) => prompt('small', random) },
  embed(1, 'single'),
  { share: 1, kind: 'models', call: () => ({ kind: 'models', size: 'list' }) },
]);

/** The size of a prompt of so many tokens, as data/prompts.json has it. */
export const sizeOf = (tokens: number): Prompt['size'] => (tokens < 200 ? 'small' : tokens < 1000 ? 'medium' : 'large');

/**
 * A chat prompt of about `tokens` tokens: prompts put one after another, the last one cut. Its size is that of
 * data/prompts.json.
 */
export function promptOfTokens(tokens: number, random: Random): Call {
  const parts: string[] = [];
  for (let left = tokens; left > 0; ) {
    const number = pick(chatsBySize[left < 200 ? 'small' : left < 1000 ? 'medium' : 'large'], random);
    const text = messagesAt(number)[0]!.content as string;
    const has = tokensAt(number);
    parts.push(has <= left ? text : text.slice(0, Math.max(1, Math.round((text.length * left) / has))));
    left -= has;
  }
  return { kind: 'chat', size: sizeOf(tokens), messages: [{ role: 'user', content: parts.join('\n\n') }] };
}

/** Chats that a feature of the script makes, each by its case. */
export const anyChat: Workload = {
  kinds: ['chat'],
  fixed: true,
  next: () => ({ kind: 'chat', size: 'case', messages: [] }),
};

/** Model lists and chats that a feature of the script makes, each by its case. */
export const listsAndChats: Workload = {
  kinds: ['chat', 'models'],
  fixed: true,
  next: () => ({ kind: 'models', size: 'list' }),
};

/**
 * A question whose answer is long: as long as max_tokens allows, of a real model. The simulated provider says so many
 * tokens (simulator/README.md); a real one reads over that.
 */
export function longAnswer(tokens: number, topic: number, more: Partial<ChatCall>): ChatCall {
  const about = topics[topic % topics.length]!;
  const content = `Write an essay of at least 400 words about ${about}, for readers who know nothing of it. [[sim tokens=${tokens}]]`;
  return { kind: 'chat', size: 'long', messages: [{ role: 'user', content }], ...more };
}

const topics = [
  'how a town keeps its drinking water clean',
  'what a public library is for',
  'how a bridge is built over a wide river',
  'why the seasons change',
  'how bread is made',
  'how a railway timetable is planned',
  'what happens to rubbish after it is collected',
] as const;

/** Embeddings that a feature of the script makes, each by its case. */
export const anyEmbedding: Workload = {
  kinds: ['embedding'],
  fixed: true,
  next: () => ({ kind: 'embedding', size: 'case', texts: [] }),
};

/** A text that stands at the same place of each batch: its vector must always be the same. */
export const repeatedText = { place: 1, text: 'Opening hours of the town library on public holidays' } as const;

/** So many texts of the corpus, drawn by the request's id; the repeated text stands at its place, where there is one. */
export function textsOf(count: number, own: string, place: number): string[] {
  let hash = 0x811c9dc5;
  for (let i = 0; i < own.length; i++) hash = Math.imul(hash ^ own.charCodeAt(i), 0x01000193);
  const first = hash >>> 0;
  return Array.from({ length: count }, (_, i) => (i === place ? repeatedText.text : embeddingText(first + i)));
}
