import type { RunRecord } from '../../../lib/summary';

/**
 * The run as one JSON object a line, each with its `type`: first the run, then its objectives, findings, phases, slots of
 * time, outcomes and metrics. Histograms are left out: they stand in run.json.
 */
export function jsonl(run: RunRecord): string {
  const { run_id } = run;
  const line = (type: string, value: object) => JSON.stringify({ type, run_id, ...value });
  const { script, row, started_at, duration_s, verdict, reasons, counts, environment } = run;
  const told = Object.entries(run.metrics).flatMap(([metric, rows]) =>
    rows.map(({ histogram: _, batches: __, ...figures }) => line('metric', { metric, ...figures })),
  );
  return [
    line('run', { script, row, started_at, duration_s, verdict, reasons, counts, environment }),
    ...run.objectives.map((each) => line('objective', each)),
    ...run.findings.map((each) => line('finding', each)),
    ...run.phases.map((each) => line('phase', each)),
    ...run.timeline.map((each) => line('slot', each)),
    ...run.outcomes.map((each) => line('outcome', each)),
    ...told,
    '',
  ].join('\n');
}
