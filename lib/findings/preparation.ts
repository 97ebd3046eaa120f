import type { Finding } from '../measurements';
import { sumOf } from '../statistics';

/*
 * Whether each request prepares anew (a client, a session, a cache's entry) what the first of a model prepares after a start.
 */

/** How many of some requests paid what a first request did. */
export interface Payers {
  paid: number;
  of: number;
}

/**
 * What the first request of a model cost above the usual, ms; whether that is beyond what the usual varies by; and how many
 * paid it too: of all that were sent before it was answered, itself too; of those in the later half of the time that it cost;
 * and of those that were sent after it was answered, in as long a time as it took.
 */
export interface First extends Payers {
  model: string;
  excess: number;
  standsOut: boolean;
  late: Payers;
  after: Payers;
}

/**
 * Whether those that come during a first request pay as it does. What is the gateway's way of preparing shows in most of
 * the firsts that had others beside them; a single one is a process that has just begun and has no time for anybody. Who
 * waits for the first to end pays less the later it comes, and who comes after it pays nothing: where that is otherwise,
 * a line or a slow process is the reason.
 */
export function together(all: readonly First[]): Finding {
  const base = { id: 'stampede', unit: 'requests', n: sumOf(all.map(({ of }) => of)) };
  const dear = all.filter((first) => first.standsOut);
  if (2 * dear.length <= all.length)
    return {
      ...base,
      value: 1,
      text: 'a first request costs so little more than the others that it would not show whether several pay it',
    };
  const beside = dear.filter(({ of }) => of > 1);
  const several = beside.filter(({ paid }) => paid > 1);
  const worst = several.reduce<First | undefined>((a, b) => (a && a.paid >= b.paid ? a : b), undefined);
  if (worst && 2 * several.length > beside.length) {
    const other = otherThanPreparing(beside);
    if (other !== undefined)
      return {
        ...base,
        value: 1,
        text: `${several.length} of ${beside.length} first requests had others beside them that took as long, ${other}`,
      };
    return {
      ...base,
      value: worst.paid,
      text: `${worst.paid} of ${worst.of} requests, the first of ${worst.model} and those that were sent while it was being prepared, paid as much as it did, and so it was with ${several.length} of ${beside.length} first requests: each makes its own preparation`,
    };
  }
  return {
    ...base,
    value: 1,
    text:
      several.length > 0
        ? `of ${beside.length} first requests with others beside them ${several.length} were not alone in paying: in most cases nobody else pays`
        : 'the first of each model pays alone: those that come meanwhile wait for nothing',
  };
}

/** Why requests beside a first one take as long as it does, where nothing shows that each prepares anew. */
function otherThanPreparing(beside: readonly First[]): string | undefined {
  if (mostPay(beside.map(({ after }) => after)))
    return 'and so did those that were sent after they were answered: the whole target is slow then, and whether each request prepares anew does not show';
  const late = beside.map((first) => first.late);
  if (mostPay(late)) return undefined;
  return late.some(({ of }) => of > 0)
    ? 'but the later they were sent, the less they took: they waited, and nothing shows that each prepares anew'
    : 'but none of them was sent in the later half of the time that they cost, and nothing shows that each prepares anew';
}

const mostPay = (payers: readonly Payers[]) =>
  2 * sumOf(payers.map(({ paid }) => paid)) > sumOf(payers.map(({ of }) => of));
