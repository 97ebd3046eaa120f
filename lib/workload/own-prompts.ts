import { joined, textIn, type ChatCall, type Content, type Message, type Part } from './mix';

/*
 * Prompts of the user's own (PROMPTS).
 */

/** Roles of ShareGPT in OpenAI's words; every other one is the user's: there is no call that a tool's result belongs to. */
const roles: Readonly<Record<string, Message['role']>> = {
  gpt: 'assistant',
  chatgpt: 'assistant',
  bing: 'assistant',
  bard: 'assistant',
  assistant: 'assistant',
  model: 'assistant',
  system: 'system',
};

/** A message in OpenAI's own form. */
interface OwnMessage {
  role: Message['role'];
  content?: Content | null;
  tool_calls?: { id: string; function: { name: string; arguments?: string } }[];
  tool_call_id?: string;
}

interface OwnRecord {
  messages?: OwnMessage[];
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
  const length = messages.reduce((sum, { content }) => sum + textIn(content).length, 0);
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
  if (messages) return upToQuestion(messages.some(hasTools) ? withTools(messages) : (messages as Message[]));
  if (conversations) return upToQuestion(inTurns(conversations));
  return [{ role: 'user', content: prompt ?? text ?? '' }];
}

const hasTools = ({ content, tool_calls, tool_call_id }: OwnMessage): boolean =>
  typeof content !== 'string' && !Array.isArray(content) ? true : (tool_calls ?? tool_call_id) !== undefined;

/**
 * Messages with calls of tools and their results, as our wires word them. Calls that were made at once become one after
 * the other, each with its result behind it.
 */
function withTools(messages: readonly OwnMessage[]): Message[] {
  const results = new Map(messages.flatMap((each) => (each.tool_call_id ? [[each.tool_call_id, each] as const] : [])));
  return messages.flatMap(({ role, content, tool_calls: calls = [], tool_call_id: id }): Message[] => {
    // It stands behind its call.
    if (id !== undefined && results.has(id) && callsOf(messages).has(id)) return [];
    if (calls.length === 0) return [{ role, content: content ?? '' }];
    return calls.flatMap((call, i): Message[] => {
      const result = results.get(call.id);
      const { name, arguments: given } = call.function;
      const asked: Message = {
        role,
        content: i === 0 ? (content ?? '') : '',
        toolCall: { id: call.id, name, arguments: objectOf(given) },
      };
      return result ? [asked, { role: 'tool', content: result.content ?? '', toolCallId: call.id }] : [asked];
    });
  });
}

/** Arguments that are no JSON object cannot be worded on every wire. */
function objectOf(given: string | undefined): string {
  try {
    const parsed: unknown = JSON.parse(given ?? '');
    return typeof parsed === 'object' && parsed !== null && !Array.isArray(parsed) ? given! : '{}';
  } catch {
    return '{}';
  }
}

const callsOf = (messages: readonly OwnMessage[]) =>
  new Set(messages.flatMap(({ tool_calls: calls = [] }) => calls.map(({ id }) => id)));

/**
 * A conversation of ShareGPT, whose files were cut up: answers at its beginning belong to no question, and turns of one
 * side that follow each other are one. Many targets refuse both.
 */
function inTurns(turns: readonly { from: string; value: string }[]): Message[] {
  const all: Message[] = [];
  for (const { from, value } of turns) {
    const role = roles[from.toLowerCase()] ?? 'user';
    const last = all[all.length - 1];
    if (role === 'assistant' && (!last || last.role === 'system')) continue;
    if (last?.role === role) last.content = joined(last.content, `\n\n${value}`, 'behind');
    else all.push({ role, content: value });
  }
  return all;
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
