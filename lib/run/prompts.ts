import { environment, openPrompts, promptAt } from 'k6/x/sse';
import { ParameterError, type Parameters } from '../config';
import type { Random } from '../statistics';
import { chatOf, type ChatCall } from '../workload';

/** Draws the chats of a file of prompts. */
export interface OwnPrompts {
  count: number;
  next(random: Random): ChatCall;
}

/** Opens the file that PROMPTS names; undefined without one. In the init context. Throws a {@link ParameterError}. */
export function openOwnPrompts({ prompts: path }: Parameters): OwnPrompts | undefined {
  if (path === undefined) return undefined;
  let count: number;
  try {
    count = openPrompts(path.startsWith('/') ? path : `${environment().cwd}/${path}`);
  } catch (error) {
    const says = (error as { message?: string }).message ?? String(error);
    throw new ParameterError(`PROMPTS=${path} is wrong: ${says}`);
  }
  return { count, next: (random) => chatOf(promptAt(random.below(count))) };
}
