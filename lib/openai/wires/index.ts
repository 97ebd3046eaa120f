import type { WireName } from '../../config';
import { chat } from './chat';
import { completions } from './completions';
import { messages } from './messages';
import { responses } from './responses';
import type { Wire } from './wire';

export { documentPaths, rerankPaths } from './chat-paths';
export type { Wire } from './wire';

/** The wires that WIRE names. */
export const wires: Readonly<Record<WireName, Wire>> = { chat, responses, messages, completions };
