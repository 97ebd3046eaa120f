import { metrics, type Metric } from '../../../lib/metrics';
import type { Row } from './lost-values';

/** When a value comes about: when its request starts, ends well, or fails. */
export type Moment = 'started' | 'ok' | 'failed';
export const moments: readonly Moment[] = ['started', 'ok', 'failed'];

/** At which of its moments a request gives the samples of a row. */
export const momentOf = ({ metric, tags }: Row): Moment => {
  const { source } = metrics[metric] as Metric;
  if (source.from === 'count' && source.when === 'start') return 'started';
  return tags.outcome === undefined || tags.outcome === 'ok' || tags.outcome === 'cancelled' ? 'ok' : 'failed';
};
