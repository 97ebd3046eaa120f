import type { Finding } from '../../measurements';
import { medianOf, wilson } from '../../statistics';
import { afterPhase, faults, isToLeave } from './phases';
import { distribution, type Seen } from './effects';
import { count, ms, percent } from './words';

/*
 * What becomes of plain calls and of embeddings whose deployment fails. A gateway may go on to another deployment for
 * streams alone: it has to hold nothing back there, while an answer that is asked for whole is held to its end anyway.
 */

const good = ({ outcome }: Seen) => outcome === 'ok';
const early = Object.keys(faults).filter((fault) => faults[fault]!.early && isToLeave(faults[fault]!));

/** Of the requests of a kind that met a fault before their answer, those that were answered; nothing where none met one. */
export function answeredOf(id: string, noun: string, all: readonly Seen[]): Finding[] {
  const [primary] = [...distribution(all.filter(({ phase }) => phase === 'before'))][0] ?? [];
  if (primary === undefined) return [];
  const met = all.filter(
    ({ phase, calls }) =>
      early.includes(phase) && calls.some((call) => call.deployment === primary && call.fault !== null),
  );
  if (met.length === 0) return [];
  const answered = met.filter(good);
  const usual = medianOf(all.filter((each) => each.phase === 'before' && good(each)).map(({ e2e }) => e2e)) ?? 0;
  const later = medianOf(answered.map(({ e2e }) => e2e - usual));
  const lost = early.flatMap((fault) => {
    const n = met.filter((each) => each.phase === fault && !good(each)).length;
    return n > 0 ? [`${fault} ${n}`] : [];
  });
  const after = all.filter((each) => early.some((fault) => each.phase === afterPhase(fault)));
  const failedLater = after.filter((each) => !good(each)).length;
  const outcomes = [...new Set(met.filter((each) => !good(each)).map(({ outcome }) => outcome))].join(', ');
  return [
    {
      id,
      value: answered.length / met.length,
      unit: 'share',
      n: met.length,
      interval: wilson(answered.length, met.length),
      text: `${answered.length} of ${met.length} ${noun} that met a fault of ${primary} were answered all the same (${percent(answered.length / met.length)})${later === undefined ? '' : `, ${ms(Math.max(0, later))} later than usual (median)`}${lost.length > 0 ? `; lost: ${lost.join(', ')} (${outcomes})` : ''}${failedLater > 0 ? `; ${count(failedLater, 'one')} failed after the faults` : ''}`,
    },
  ];
}
