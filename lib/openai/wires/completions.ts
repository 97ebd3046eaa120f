import type { Message } from '../../workload';
import { chat } from './chat';
import type { Wire } from './wire';

/** A conversation as one text; a single question is itself. */
function promptOf(messages: readonly Message[]): string {
  if (messages.length === 1) return messages[0]!.content;
  const names = { system: 'System', user: 'User', assistant: 'Assistant', tool: 'Tool' } as const;
  return `${messages.map(({ role, content }) => `${names[role]}: ${content}`).join('\n\n')}\n\nAssistant:`;
}

/** OpenAI's older completions: a text goes on. Its parts are among the chat's paths (`choices.0.text`). */
export const completions: Wire = {
  ...chat,
  body(asked) {
    const { messages, ...rest } = chat.body(asked);
    return { ...rest, prompt: promptOf(messages as readonly Message[]) };
  },
};
