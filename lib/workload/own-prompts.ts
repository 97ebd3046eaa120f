import type { ChatCall, Message } from './mix';

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
  const length = messages.reduce((sum, { content }) => sum + contentLength(content), 0);
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

/** Content may be a list of parts with images: their data says nothing of the prompt's length. */
function contentLength(content: unknown): number {
  if (typeof content === 'string') return content.length;
  if (!Array.isArray(content)) return 0;
  return content.reduce((sum: number, part: { text?: unknown }) => {
    return sum + (typeof part?.text === 'string' ? part.text.length : 0);
  }, 0);
}

/** The chat with a text of its own, before everything or behind it: no cache has seen it then. */
export function unique(call: ChatCall, where: 'prefix' | 'suffix', id: string): ChatCall {
  const at = where === 'prefix' ? 0 : call.messages.length - 1;
  const messages = call.messages.map((message, i) => {
    if (i !== at) return message;
    const content = message.content as unknown;
    const note = where === 'prefix' ? `[${id}] ` : ` [${id}]`;
    if (typeof content === 'string')
      return { ...message, content: where === 'prefix' ? note + content : content + note };
    const part = { type: 'text', text: note };
    const parts = Array.isArray(content) ? (content as unknown[]) : [];
    return { ...message, content: (where === 'prefix' ? [part, ...parts] : [...parts, part]) as unknown as string };
  });
  return { ...call, messages };
}
