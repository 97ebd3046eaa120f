import type { Histogram } from 'k6/x/sse';
import { carries, type MetricName, type Tags } from '../../../lib/metrics';
import { merge } from '../../../lib/statistics';
import type { RunRecord } from '../../../lib/summary';

/** All values of a record's metric under some tags, in one histogram. */
export function gather(run: RunRecord, metric: MetricName, tags: Tags): Histogram {
  const rows = (run.metrics[metric] ?? []).filter((row) => carries(row.tags, tags));
  return merge(rows.flatMap(({ histogram }) => histogram ?? []));
}
