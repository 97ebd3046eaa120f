import { environment, openPrompts, promptAt } from 'k6/x/sse';
import { ParameterError, type Parameters } from '../config';
import type { Random } from '../statistics';
import { chatOf, textOfRecord, type ChatCall } from '../workload';

/** Draws the chats of a file of prompts. */
export interface OwnPrompts {
  count: number;
  next(random: Random): ChatCall;
}

/** Draws texts to embed, of a file. */
export interface OwnTexts {
  /** So many that follow each other in the file, from a place that is drawn. */
  next(random: Random, count: number): string[];
}

/** Looks the file of a parameter through, and returns how many records it has. Throws a {@link ParameterError}. */
function opened(name: string, path: string, columns: Parameters['columns'], texts: boolean): number {
  try {
    return openPrompts(path.startsWith('/') ? path : `${environment().cwd}/${path}`, columns ?? {}, texts);
  } catch (error) {
    const says = (error as { message?: string }).message ?? String(error);
    throw new ParameterError(`${name}=${path} is wrong: ${says}`);
  }
}

/** Opens the file that PROMPTS names; undefined without one. In the init context. Throws a {@link ParameterError}. */
export function openOwnPrompts({ prompts, columns }: Parameters): OwnPrompts | undefined {
  if (prompts === undefined) return undefined;
  const count = opened('PROMPTS', prompts, columns, false);
  return { count, next: (random) => chatOf(promptAt(random.below(count))) };
}

/** The same of TEXTS. */
export function openOwnTexts({ texts, columns }: Parameters): OwnTexts | undefined {
  if (texts === undefined) return undefined;
  const all = opened('TEXTS', texts, columns, true);
  return {
    next(random, count) {
      const first = random.below(all);
      return Array.from({ length: count }, (_, i) => textOfRecord(promptAt((first + i) % all, true)));
    },
  };
}
