import type { Histogram, Registry } from 'prom-client';

let registry: Registry | undefined;

/**
 * The Prometheus page of this process: `process_*` and `nodejs_*` as Prometheus' client for Node has them. It is made
 * at its first reading: until then it costs nothing.
 */
export async function metricsPage(): Promise<{ contentType: string; text: string }> {
  if (registry === undefined) {
    const { collectDefaultMetrics, Registry } = await import('prom-client');
    registry = new Registry();
    collectDefaultMetrics({ register: registry });
    // There from the beginning, not from the first collection on: a counter that appears has no rate yet.
    const collections = registry.getSingleMetric('nodejs_gc_duration_seconds') as Histogram | undefined;
    for (const kind of ['minor', 'major', 'incremental']) collections?.zero({ kind });
  }
  return { contentType: registry.contentType, text: await registry.metrics() };
}
