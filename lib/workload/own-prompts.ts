import { joined, textOf, type ChatCall, type Message } from './mix';

/*
 * Prompts of the user's own (PROMPTS).
 */

/** Roles of ShareGPT in OpenAI's words. */
const roles: Readonly<Record<string, Message['role']>> = {
  human: 'user',
  user: 'user',
  gpt: 'assistant',
  chatgpt: 'assistant',
  bing: 'assistant',
  bard: 'assistant',
  assistant: 'assistant',
  system: 'system',
  tool: 'tool',
};

interface OwnRecord {
  messages?: Message[];
  prompt?: string;
  text?: string;
  conversations?: { from: string; value: string }[];
}

/** Characters of a token of English, about: only to sort prompts by size. */
const charactersPerToken = 4;

/** A chat of one record of the file: a text, a prompt, messages, or a conversation in ShareGPT's form. */
export function chatOf(record: string): ChatCall {
  const parsed = JSON.parse(record) as string | OwnRecord;
  const messages = typeof parsed === 'string' ? [{ role: 'user' as const, content: parsed }] : messagesOf(parsed);
  const length = messages.reduce((sum, { content }) => sum + textOf(content).length, 0);
  const tokens = length / charactersPerToken;
  return { kind: 'chat', size: tokens < 200 ? 'small' : tokens < 1000 ? 'medium' : 'large', messages };
}

function messagesOf({ messages, prompt, text, conversations }: OwnRecord): Message[] {
  if (messages) return upToQuestion(messages);
  if (conversations)
    return upToQuestion(conversations.map(({ from, value }) => ({ role: roles[from] ?? 'user', content: value })));
  return [{ role: 'user', content: prompt ?? text ?? '' }];
}

/** Without the answers that stand at the end: they are what is asked for. All of it, where nothing else is there. */
function upToQuestion(messages: Message[]): Message[] {
  let end = messages.length;
  while (end > 0 && messages[end - 1]!.role === 'assistant') end -= 1;
  return end === 0 ? messages : messages.slice(0, end);
}

/** The chat with a text of its own, before everything or behind it: no cache has seen it then. */
export function unique(call: ChatCall, where: 'prefix' | 'suffix', id: string): ChatCall {
  const at = where === 'prefix' ? 0 : call.messages.length - 1;
  const messages = call.messages.map((message, i) => {
    if (i !== at) return message;
    const content =
      where === 'prefix'
        ? joined(message.content, `[${id}] `, 'before')
        : joined(message.content, ` [${id}]`, 'behind');
    return { ...message, content };
  });
  return { ...call, messages };
}
