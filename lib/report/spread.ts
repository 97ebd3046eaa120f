import type { Histogram } from 'k6/x/sse';
import type { MetricReport } from '../measurements';
import type { MetricName } from '../metrics';
import { countBelow, merge, quantile } from '../statistics';
import type { RunRecord } from '../summary';
import { brief, groupRoles, type Line, type LinesBlock } from './document';

const shares = [
  0.01, 0.05, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.85, 0.9, 0.925, 0.95, 0.97, 0.98, 0.99, 0.995, 0.999,
];
const tailOf = (share: number) => brief(-Math.log2(1 - share))!;

const shown: readonly (readonly [MetricName, string])[] = [
  ['llm_ttft', 'Time to first token'],
  ['llm_inter_chunk', 'Gap between chunks'],
  ['llm_e2e', 'Response time'],
];

/** Groups of a metric's values that are compared in one chart: phases, or kinds of request where there is one phase. */
function groups(run: RunRecord, metric: MetricName): { name: string; h: Histogram }[] {
  const rows = (run.metrics[metric] ?? []).filter(
    (row): row is MetricReport & { histogram: Histogram } => row.histogram !== undefined,
  );
  const phases = new Set(rows.map(({ tags }) => tags.phase ?? ''));
  // Kinds of request take times of different orders: they never share a line.
  const keyOf = ({ tags }: MetricReport) =>
    [phases.size > 1 && tags.phase, tags.kind].filter(Boolean).join(', ') || 'all';
  return [...new Set(rows.map(keyOf))]
    .map((name) => ({ name, h: merge(rows.filter((row) => keyOf(row) === name).map(({ histogram }) => histogram)) }))
    .filter(({ h }) => h.count > 0);
}

/** The groups with the most values, as many as a chart can show. */
const chosen = (run: RunRecord, metric: MetricName) => {
  const all = groups(run, metric);
  const large = [...all].sort((a, b) => b.h.count - a.h.count).slice(0, groupRoles.length);
  return all.filter((each) => large.includes(each));
};

/** Percentile curves: each step to the right is a tail half as thick. */
export function curves(run: RunRecord): LinesBlock[] {
  return shown.flatMap(([metric, name]) => {
    const lines = chosen(run, metric).map(
      ({ name: group, h }, i): Line => ({
        name: `${group} (${h.count})`,
        role: groupRoles[i % groupRoles.length]!,
        // A percentile of fewer values than lie beyond it once says nothing.
        values: shares.map((share) => (h.count * (1 - share) >= 1 ? brief(quantile(h, share)) : null)),
      }),
    );
    if (lines.length === 0) return [];
    const x = { scale: 'tail' as const, name: 'percentile', values: shares.map(tailOf) };
    return [{ kind: 'lines' as const, title: `${name} by percentile`, unit: 'ms', x, lines }];
  });
}

/** Bins in each power of ten. */
const bins = 16;

/** How the values are spread, on a logarithmic axis. */
export function distributions(run: RunRecord): LinesBlock[] {
  return shown.flatMap(([metric, name]) => {
    const all = chosen(run, metric);
    const positive = all.filter(({ h }) => h.max > 0);
    if (positive.length === 0) return [];
    const low = Math.floor(bins * Math.log10(Math.max(1e-3, Math.min(...positive.map(({ h }) => h.min)))));
    const high = Math.ceil(bins * Math.log10(Math.max(...positive.map(({ h }) => h.max)))) + 1;
    const edges = Array.from({ length: high - low + 1 }, (_, i) => 10 ** ((low + i) / bins));
    const lines = positive.map(({ name: group, h }, i): Line => {
      const below = edges.map((edge) => countBelow(h, edge));
      return {
        name: `${group} (${h.count})`,
        role: groupRoles[i % groupRoles.length]!,
        values: edges.slice(1).map((_, j) => brief((100 * (below[j + 1]! - below[j]!)) / h.count)),
      };
    });
    const x = {
      scale: 'log' as const,
      name: 'ms',
      values: edges.slice(1).map((edge, i) => brief(Math.sqrt(edge * edges[i]!))!),
    };
    return [
      { kind: 'lines' as const, title: `Distribution: ${name.toLowerCase()}`, unit: '% of the values', x, lines },
    ];
  });
}
