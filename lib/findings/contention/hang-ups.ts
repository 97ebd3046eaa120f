import { failuresOf } from '../../ladder';
import type { Finding } from '../../measurements';
import { sumOf, wilson } from '../../statistics';
import type { Observed } from '../observed';
import { outcomesOf } from '../outcomes';
import { ladderOf } from './view';

/** Plain calls that fail by themselves more often than this say nothing of hang-ups. */
const usual = 0.01;

/** Requests that fail since clients hang up, where plain calls did not fail before. */
export function brokenByHangUps(observed: Observed): Finding[] {
  const before = ladderOf(observed, 'plain').rungs;
  const sent = sumOf(before.map((rung) => rung.ok + failuresOf(rung)));
  if (sent === 0 || sumOf(before.map(failuresOf)) > usual * sent) return [];
  const during = outcomesOf(observed, { phase: 'hang-ups', size: 'hang-up' });
  const after = outcomesOf(observed, { phase: 'after-hang-ups', size: 'plain' });
  const { cancelled = 0 } = during;
  const failed = sumOf([during, after].map(({ http_5xx = 0, reset = 0 }) => http_5xx + reset));
  const all = sumOf([during, after].map((each) => sumOf(Object.values(each)) - (each.interrupted ?? 0)));
  if (cancelled === 0) return [];
  return [
    {
      id: 'broken-by-hang-ups',
      value: failed / all,
      unit: 'share',
      n: all,
      interval: wilson(failed, all),
      text:
        failed === 0
          ? `after ${cancelled} hang-ups none of the plain calls of the same keys failed`
          : `after ${cancelled} hang-ups ${failed} of ${all} plain calls of the same keys failed, and none did before: what a hang-up leaves behind (a transaction that is not rolled back) breaks the request that comes next`,
    },
  ];
}
