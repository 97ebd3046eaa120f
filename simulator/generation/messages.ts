import { isFields, type Fields } from '../settings/merge';

/** The text of a part: its own, or that of a tool's result. */
function partText(part: unknown): string {
  if (!isFields(part)) return '';
  return typeof part.text === 'string' ? part.text : part.type === 'tool_result' ? contentText(part.content) : '';
}

/** The text of a message's content: a string, or the text parts of a list; anything else has none. */
export function contentText(content: unknown): string {
  if (typeof content === 'string') return content;
  return Array.isArray(content) ? content.map(partText).join('') : '';
}

/** What a message says; of Responses' results of tools, their output. */
const said = (message: Fields): string => contentText(message.content ?? message.output);

/** The text of each message, whatever the form of its content; "" for what is no message. */
export function contentsOf(messages: readonly unknown[]): string[] {
  return messages.map((message) => (isFields(message) ? said(message) : ''));
}

/** The text of the last message that the client's side has said: a user's, or a tool's result. Empty: there is none. */
export function lastUserText(messages: readonly unknown[]): string {
  const last = messages
    .filter(isFields)
    .filter(({ role, type }) => role === 'user' || role === 'tool' || type === 'function_call_output')
    .pop();
  return last === undefined ? '' : said(last);
}
