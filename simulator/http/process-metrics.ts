import type { Registry } from 'prom-client';

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
  }
  return { contentType: registry.contentType, text: await registry.metrics() };
}
