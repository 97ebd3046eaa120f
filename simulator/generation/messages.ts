import { isFields } from '../settings/merge';

/** The text of a message's content: a string, or the text parts of a list; anything else has none. */
export function contentText(content: unknown): string {
  if (typeof content === 'string') return content;
  if (!Array.isArray(content)) return '';
  return content.map((part: unknown) => (isFields(part) && typeof part.text === 'string' ? part.text : '')).join('');
}

export function contentsOf(messages: readonly unknown[]): string[] {
  return messages.map((message) => (isFields(message) ? contentText(message.content) : ''));
}

/** The text of the last message whose role is user; empty when there is none. */
export function lastUserText(messages: readonly unknown[]): string {
  const last = messages.filter((message) => isFields(message) && message.role === 'user').pop();
  return isFields(last) ? contentText(last.content) : '';
}
