import type { Message } from '../../workload';
import { chat } from './chat';
import { textIn } from './parts';
import type { Wire } from './wire';

/** A conversation as one text; a single question is itself. */
function promptOf(messages: readonly Message[]): string {
  if (messages.length === 1) return textIn(messages[0]!.content);
  const names = { system: 'System', developer: 'System', user: 'User', assistant: 'Assistant', tool: 'Tool' } as const;
  return `${messages.map(({ role, content }) => `${names[role]}: ${textIn(content)}`).join('\n\n')}\n\nAssistant:`;
}

/** OpenAI's older completions: a text goes on. Its parts are among the chat's paths (`choices.0.text`). */
export const completions: Wire = {
  ...chat,
  toolCall: undefined,
  body(asked) {
    const { messages: _, ...rest } = chat.body({ ...asked, tool: undefined, marks: false });
    return { ...rest, prompt: promptOf(asked.messages) };
  },
};
