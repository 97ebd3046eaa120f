import type { RunRecord } from './run-record';

/** Grafana shows so much before and after a run, ms. */
const margin = 10_000;

/**
 * The address of the run in the Grafana of GRAFANA_URL: on the dashboard that it names, or else on the overview, from which
 * the other pages are linked; "" where the parameter was not given.
 */
export function grafanaLink({ environment, script, run_id, started_at, duration_s }: RunRecord): string {
  const { grafanaUrl } = environment.parameters;
  if (typeof grafanaUrl !== 'string') return '';
  const from = Date.parse(started_at);
  const query = {
    'var-script': script,
    'var-run': run_id,
    from: Math.floor(from - margin),
    to: Math.ceil(from + 1000 * duration_s + margin),
  };
  const text = Object.entries(query).map(([name, value]) => `${name}=${encodeURIComponent(value)}`);
  const page = grafanaUrl.includes('/d/') ? grafanaUrl : `${grafanaUrl}/d/gsai-perf-overview`;
  return `${page}?${text.join('&')}`;
}
