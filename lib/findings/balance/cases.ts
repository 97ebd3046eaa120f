import { prompt, type Call } from '../../workload';
import { random } from '../../statistics';

/*
 * The cases of `balance`, side by side: the same requests over a kept connection and over a new one, and past the balancer
 * to each of its instances.
 */

export interface BalanceCase {
  size: string;
  /** Over a connection of its own. */
  fresh?: true;
  /** A chat; else the model list, which needs no provider. */
  chat?: true;
  /** Sent to this address. */
  base?: string;
}

/** `direct`: addresses of instances behind the balancer. */
export function balanceCases(direct: readonly string[]): BalanceCase[] {
  return [
    { size: 'kept' },
    { size: 'new', fresh: true },
    { size: 'chat', chat: true },
    { size: 'chat-new', chat: true, fresh: true },
    ...direct.map((base, i) => ({ size: `direct-${i + 1}`, base })),
  ];
}

/** Tokens of an answer. */
const answerTokens = 16;

/**
 * The request of a case: a list of models or a short plain chat, on a connection of its own where the case wants one.
 */
export function balanceCall({ size, fresh, chat, base }: BalanceCase, round: number): Call {
  if (!chat) return { kind: 'models', size, fresh, base };
  const asked = prompt('small', random(round, 1));
  return { ...asked, size, fresh, plain: true, maxTokens: answerTokens };
}
