import type { Histogram } from 'k6/x/sse';
import type { MetricName, Tags } from '../metrics';
import { merge, quantile, samplesNeeded } from '../statistics';
import type { RunRecord } from '../summary';
import { brief, type Cell, type TableBlock } from './document';

/** A percentile for a table: marked when it has fewer samples than it takes. */
export function percentile(h: Histogram, q: number): Cell {
  const value = brief(quantile(h, q));
  if (value === null) return null;
  return h.count < samplesNeeded(q) ? `${value} (few)` : value;
}

function gathered(run: RunRecord, metric: MetricName, chosen: (tags: Tags) => boolean): Histogram {
  return merge(
    (run.metrics[metric] ?? []).flatMap(({ tags, histogram }) => (histogram && chosen(tags) ? [histogram] : [])),
  );
}

const tagsShown = ['kind', 'model', 'agency', 'size'] as const;

/** Requests, errors and times by kind, by model, by agency: never of several kinds in one figure. */
export function groupTables(run: RunRecord): TableBlock[] {
  return tagsShown.flatMap((tag) => {
    const keys = new Map<string, Tags>();
    for (const { tags } of run.outcomes)
      if (tags[tag] !== undefined)
        keys.set(`${tags[tag]} ${tag === 'kind' ? '' : tags.kind}`, {
          [tag]: tags[tag]!,
          ...(tags.kind ? { kind: tags.kind } : {}),
        });
    if (keys.size < (tag === 'kind' ? 1 : 2)) return [];
    const rows = [...keys.values()].map((wanted): Cell[] => {
      const chosen = (tags: Tags) => Object.entries(wanted).every(([name, value]) => tags[name] === value);
      const of = run.outcomes.filter(({ tags }) => chosen(tags));
      const total = of.reduce((sum, { count }) => sum + count, 0);
      const well = of
        .filter(({ outcome }) => outcome === 'ok' || outcome === 'cancelled' || outcome === 'interrupted')
        .reduce((sum, { count }) => sum + count, 0);
      const [ttft, e2e, speed] = (['llm_ttft', 'llm_e2e', 'llm_tokens_per_second'] as const).map((metric) =>
        gathered(run, metric, chosen),
      );
      const names = tag === 'kind' ? [wanted.kind!] : [wanted[tag]!, wanted.kind ?? ''];
      return [
        ...names,
        total,
        total > 0 ? brief((100 * (total - well)) / total) : null,
        ...[0.5, 0.95].map((q) => percentile(ttft!, q)),
        ...[0.5, 0.95, 0.99].map((q) => percentile(e2e!, q)),
        percentile(speed!, 0.5),
      ];
    });
    const head = [
      ...(tag === 'kind' ? ['kind'] : [tag, 'kind']),
      'requests',
      'errors %',
      'TTFT p50, ms',
      'p95',
      'response p50, ms',
      'p95',
      'p99',
      'tokens/s p50',
    ];
    return [{ kind: 'table' as const, title: `By ${tag}`, head, rows }];
  });
}

/** Tokens in and out, by model, as the server's usage says. */
export function tokenTable(run: RunRecord): TableBlock[] {
  const all = run.metrics.llm_completion_tokens ?? run.metrics.llm_prompt_tokens ?? [];
  const models = [...new Set(all.flatMap(({ tags, histogram }) => (histogram ? [tags.model ?? 'all'] : [])))];
  const rows = models.map((model): Cell[] => {
    const chosen = (tags: Tags) => (tags.model ?? 'all') === model;
    const [input, output] = [
      gathered(run, 'llm_prompt_tokens', chosen),
      gathered(run, 'llm_completion_tokens', chosen),
    ];
    const mean = (h: Histogram) => (h.count > 0 ? brief(h.sum / h.count) : null);
    const perSecond = (h: Histogram) => (run.duration_s > 0 ? brief(h.sum / run.duration_s) : null);
    return [model, input.sum, mean(input), perSecond(input), output.sum, mean(output), perSecond(output)];
  });
  const head = ['model', 'prompt tokens', 'a request', 'a second', 'output tokens', 'a request', 'a second'];
  return rows.length > 0 ? [{ kind: 'table', title: 'Tokens, as the usage of the answers says', head, rows }] : [];
}
