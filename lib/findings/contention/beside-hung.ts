import type { Limit } from '../../ladder';
import { gather, type Finding } from '../../measurements';
import { countBelow, medianOf } from '../../statistics';
import type { Observed } from '../observed';
import { outcomesOf } from '../outcomes';
import { statsOf } from './view';
import { shown } from './words';

/** What streams and model lists got while plain calls hung. */
export function besideHung(observed: Observed, limits: readonly Limit[]): Finding[] {
  const tags = { phase: 'hung', size: 'beside' };
  const ended = outcomesOf(observed, tags);
  const sent = Object.values(ended).reduce((a, b) => a + b, 0) - (ended.interrupted ?? 0);
  if (sent === 0) return [];
  const ok = ended.ok ?? 0;
  const soon = answeredSoon(observed);
  const hung = Object.values(outcomesOf(observed, { phase: 'hung', size: 'hung' })).reduce((a, b) => a + b, 0);
  const [slow, usual] = ['hung', 'before'].map(
    (phase) => statsOf(observed, 'llm_e2e', { phase, size: 'beside', kind: 'chat' })?.p50,
  );
  const failures = (observed.failures ?? []).filter((each) => each.phase === 'hung' && each.size !== 'bystander');
  const refused = failures.filter(({ status }) => status >= 400);
  const after = medianOf(refused.map(({ end }) => end));
  const atOnce = after !== undefined && after < 1000;
  const why = atOnce
    ? ': the hung calls use up what is let in, and the others are refused'
    : limits.some(isBusy)
      ? ': the process is busy as it is (see the ceilings)'
      : limits.some(({ nature }) => nature === 'used up')
        ? ': the target answers hardly anything any more (see the ceilings)'
        : `: they need what the hung calls hold (${heldBy(limits)}), and starve behind them`;
  const told =
    after === undefined
      ? failures.length > 0
        ? ` (${failures[0]!.outcome}: the clients gave up before the target said anything)`
        : ''
      : `; ${atOnce ? 'they' : 'those that wait'} get status ${refused[0]!.status} ${atOnce ? 'at once' : `after ${shown(after / 1000)} s`}: ${refused[0]!.error}`;
  // Each of them may have been a model list.
  const before = typeof usual !== 'number' ? '' : `; ${shown(usual)} ms before`;
  const took = typeof slow !== 'number' ? '' : `, streams in ${shown(slow)} ms (median${before})`;
  return [
    {
      id: 'beside-hung',
      value: Math.min(ok, soon) / sent,
      unit: 'share',
      n: sent,
      text:
        Math.min(ok, soon) >= 0.99 * sent
          ? `while ${hung} plain calls hung at the provider, all ${sent} streams and model lists beside them were answered${took}`
          : `while ${hung} plain calls hung at the provider, ${ok} of ${sent} streams and model lists beside them were answered, ${Math.min(ok, soon)} of them in their usual time${why}${told}`,
    },
  ];
}

/** What streams need of a pool: where their own ladder has its ceiling, a place for the whole call; else one to begin. */
const heldBy = (limits: readonly Limit[]) =>
  limits.some(({ kind, nature }) => kind === 'stream' && nature === 'held')
    ? 'a place that each call holds to its end, see the ceilings'
    : 'a place of the pool for the check of their key';

const isBusy = ({ nature }: Limit) => nature === 'busy' || nature === 'collapse';

/** How much of its usual time a request may take and still count as answered, and the least that counts as late, ms. */
const patience = { times: 5, least: 500 };

/** How many streams and model lists beside the hung calls were answered in about their usual time. */
function answeredSoon(observed: Observed): number {
  const counts = ['chat', 'models'].map((kind) => {
    const tags = { size: 'beside', kind };
    const usual = statsOf(observed, 'llm_e2e', { ...tags, phase: 'before' })?.p50 ?? 0;
    const values = gather(observed.booked?.rows ?? [], 'llm_e2e', { ...tags, phase: 'hung' });
    return countBelow(values, Math.max(patience.least, patience.times * usual));
  });
  return Math.round(counts.reduce((a, b) => a + b, 0));
}
