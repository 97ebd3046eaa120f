import type { Content, Message, Part } from '../../workload';

/*
 * Messages with more than a text (pictures, files, tools, marks for a cache), in the words of each wire. Ours are those of
 * OpenAI's chat wire.
 */

type Json = Record<string, unknown>;

/** Whether a conversation has anything but texts: nothing is converted where there is nothing to convert. */
const isPlain = (messages: readonly Message[]): boolean =>
  messages.every(({ content, toolCall, toolCallId }) => typeof content === 'string' && !toolCall && !toolCallId);

const partsOf = (content: Content): readonly Part[] =>
  typeof content === 'string' ? (content === '' ? [] : [{ type: 'text', text: content }]) : content;

/**
 * The text of a content, without what is no text. lib/workload has the same for its own use: nothing here may import a
 * value from there, because its data needs k6, and these wires are tested without k6.
 */
export const textIn = (content: Content): string =>
  partsOf(content)
    .map(({ text }) => text ?? '')
    .join('');

/** Where marks stand: at the system message and at the last one. */
const isMarked = (messages: readonly Message[], i: number) =>
  i === messages.length - 1 || messages[i]!.role === 'system';

const mark = { cache_control: { type: 'ephemeral' } };
const markLast = (parts: readonly Json[]): Json[] =>
  parts.map((part, i) => (i === parts.length - 1 ? { ...part, ...mark } : part));

/** For OpenAI's chat wire. */
export function chatMessages(messages: readonly Message[], marks: boolean): readonly object[] {
  if (!marks && isPlain(messages)) return messages;
  return messages.map(({ role, content, toolCall, toolCallId }, i) => ({
    role,
    content: marks && isMarked(messages, i) ? markLast(partsOf(content)) : toolCall && content === '' ? null : content,
    ...(toolCall
      ? {
          tool_calls: [
            { id: toolCall.id, type: 'function', function: { name: toolCall.name, arguments: toolCall.arguments } },
          ],
        }
      : {}),
    ...(toolCallId === undefined ? {} : { tool_call_id: toolCallId }),
  }));
}

/** What a data URI holds, or the address that it is instead. */
function source(uri: string): Json {
  const [, type, data] = /^data:([^;,]+);base64,(.*)$/s.exec(uri) ?? [];
  return type === undefined ? { type: 'url', url: uri } : { type: 'base64', media_type: type, data };
}

const urlOf = (value: unknown): string =>
  typeof value === 'string' ? value : String((value as { url?: unknown })?.url ?? '');

/** Anthropic's block of a part; what it has no block for stays as it is, for the target to judge. */
function block(part: Part): Json {
  if (part.type === 'image_url') return { type: 'image', source: source(urlOf(part.image_url)) };
  if (part.type === 'file')
    return { type: 'document', source: source(urlOf((part.file as Json | undefined)?.file_data)) };
  return part;
}

const isSystem = ({ role }: Message) => role === 'system' || role === 'developer';

/** For Anthropic's Messages: the system message, which stands apart, and the rest. */
export function anthropicMessages(
  all: readonly Message[],
  marks: boolean,
): { system?: unknown; messages: readonly object[] } {
  const systems = all.filter(isSystem);
  const rest = all.filter((message) => !isSystem(message));
  const text = systems.map(({ content }) => content);
  const plain = !marks && isPlain(all);
  const system =
    systems.length === 0
      ? undefined
      : text.every((each) => typeof each === 'string') && !marks
        ? text.join('\n\n')
        : markedBlocks(
            text.flatMap((each) => partsOf(each).map(block)),
            marks,
          );
  return {
    system,
    messages: plain
      ? rest
      : rest.map((message, i) => ({
          role: message.role === 'tool' ? 'user' : message.role,
          content: contentOf(message, marks && i === rest.length - 1),
        })),
  };
}

const markedBlocks = (blocks: readonly Json[], marked: boolean): readonly Json[] =>
  marked ? markLast(blocks) : blocks;

function contentOf({ content, toolCall, toolCallId }: Message, marked: boolean): unknown {
  if (toolCallId !== undefined)
    return markedBlocks([{ type: 'tool_result', tool_use_id: toolCallId, content }], marked);
  if (typeof content === 'string' && !toolCall && !marked) return content;
  const use = toolCall
    ? [{ type: 'tool_use', id: toolCall.id, name: toolCall.name, input: JSON.parse(toolCall.arguments) as unknown }]
    : [];
  return markedBlocks([...partsOf(content).map(block), ...use], marked);
}

/** For OpenAI's Responses: calls and results of tools are items beside the messages. */
export function responsesItems(messages: readonly Message[]): readonly object[] {
  if (isPlain(messages)) return messages;
  return messages.flatMap(({ role, content, toolCall, toolCallId }): object[] => {
    if (toolCallId !== undefined) return [{ type: 'function_call_output', call_id: toolCallId, output: content }];
    const said = typeof content === 'string' ? content : content.map((part) => item(part, role));
    const call = toolCall
      ? [{ type: 'function_call', call_id: toolCall.id, name: toolCall.name, arguments: toolCall.arguments }]
      : [];
    return [...(toolCall && content === '' ? [] : [{ role, content: said }]), ...call];
  });
}

function item(part: Part, role: Message['role']): Json {
  if (part.type === 'text') return { type: role === 'assistant' ? 'output_text' : 'input_text', text: part.text };
  if (part.type === 'image_url') return { type: 'input_image', image_url: urlOf(part.image_url) };
  if (part.type === 'file') return { type: 'input_file', ...(part.file as Json) };
  return part;
}
