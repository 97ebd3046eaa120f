import { joined, textOf, type ChatCall, type Message, type Part } from './mix';

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
  input?: string;
  system?: string;
  /** Data URIs or addresses. */
  image?: string | string[];
  file?: string | string[];
  /** A number, or what a CSV has of it. */
  max_tokens?: number | string;
}

/** Characters of a token of English, about: only to sort prompts by size. */
const charactersPerToken = 4;

/** A chat of one record of the file: a text, a prompt, messages, or a conversation in ShareGPT's form. */
export function chatOf(record: string): ChatCall {
  const parsed = JSON.parse(record) as string | OwnRecord;
  const messages = typeof parsed === 'string' ? [{ role: 'user' as const, content: parsed }] : messagesOf(parsed);
  const length = messages.reduce((sum, { content }) => sum + textOf(content).length, 0);
  const tokens = length / charactersPerToken;
  const bound = typeof parsed === 'string' ? NaN : Number(parsed.max_tokens);
  return {
    kind: 'chat',
    size: tokens < 200 ? 'small' : tokens < 1000 ? 'medium' : 'large',
    messages,
    ...(Number.isInteger(bound) && bound > 0 ? { maxTokens: bound } : {}),
  };
}

/** A text to embed of one record. */
export function textOfRecord(record: string): string {
  const parsed = JSON.parse(record) as string | OwnRecord;
  return typeof parsed === 'string' ? parsed : (parsed.text ?? parsed.prompt ?? parsed.input ?? '');
}

function messagesOf(record: OwnRecord): Message[] {
  const { system } = record;
  const rest = withData(saidIn(record), record);
  return system === undefined || rest[0]?.role === 'system' ? rest : [{ role: 'system', content: system }, ...rest];
}

function saidIn({ messages, prompt, text, conversations }: OwnRecord): Message[] {
  if (messages) return upToQuestion(messages);
  if (conversations)
    return upToQuestion(conversations.map(({ from, value }) => ({ role: roles[from] ?? 'user', content: value })));
  return [{ role: 'user', content: prompt ?? text ?? '' }];
}

const listOf = (value: string | string[] | undefined): string[] =>
  value === undefined || value === null ? [] : Array.isArray(value) ? value : [value];

/** With the record's pictures and files in the last message. */
function withData(messages: Message[], { image, file }: OwnRecord): Message[] {
  const parts: Part[] = [
    ...listOf(image).map((url) => ({ type: 'image_url', image_url: { url } })),
    ...listOf(file).map((data, i) => ({
      type: 'file',
      file: { filename: `file-${i + 1}${endings[/^data:([^;,]+)/.exec(data)?.[1] ?? ''] ?? ''}`, file_data: data },
    })),
  ];
  if (parts.length === 0) return messages;
  return messages.map((message, i) => {
    if (i < messages.length - 1) return message;
    const { content } = message;
    return {
      ...message,
      content: [...(typeof content === 'string' ? [{ type: 'text', text: content }] : content), ...parts],
    };
  });
}

/** Names of files end as their kinds are written: some providers go by that. */
const endings: Readonly<Record<string, string>> = {
  'application/pdf': '.pdf',
  'text/plain': '.txt',
  'text/csv': '.csv',
  'application/json': '.json',
};

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
