import type { OutputErrors } from 'k6/x/sse';

/**
 * An output of k6 (`--out`) that could not keep everything. The run's own figures do not come from outputs: the verdict
 * is not touched.
 */
export interface OutputReport {
  /** As k6 names it: InfluxDBv1, Prometheus remote write. */
  name: string;
  /** Writes that failed. */
  errors: number;
  /** The first different messages, three at most. */
  messages: string[];
  /** Times (ISO 8601, UTC) whose samples were not kept, as far as the errors tell, and about how many there were. */
  holes: { from: string; to: string; lost_samples: number }[];
}

/** What run.json says of the outputs; undefined where none complained. */
export function outputsReport(told: readonly OutputErrors[]): OutputReport[] | undefined {
  if (told.length === 0) return undefined;
  const iso = (ms: number) => new Date(ms).toISOString();
  return told.map(({ name, errors, messages, holes }) => ({
    name,
    errors,
    messages,
    holes: holes.map(({ from, to, samples }) => ({ from: iso(from), to: iso(to), lost_samples: Math.round(samples) })),
  }));
}

/** Only what InfluxDB lacks can be written into it afterwards: Prometheus takes no old samples. */
const fillable = (name: string) => name.startsWith('InfluxDB');

/** Errors that come so long after the load, ms, are about samples of an earlier time. */
const heldAfter = 10_000;

/** The table's lines: where the dashboards have a hole, and what fills it. */
export function outputLines(
  { outputs, started_at, duration_s }: { outputs?: OutputReport[]; started_at: string; duration_s: number },
  folder: string,
): string[] {
  const ended = Date.parse(started_at) + 1000 * duration_s;
  return (outputs ?? []).flatMap(({ name, errors, messages, holes }) => {
    const clock = (at: string) => at.slice(11, 19);
    const when = holes
      .slice(0, 3)
      .map(({ from, to }) => `${clock(from)} to ${clock(to)}`)
      .join(', ');
    const more = holes.length > 3 ? ` and ${holes.length - 3} more times` : '';
    const lost = holes.reduce((sum, hole) => sum + hole.lost_samples, 0);
    const samples = fillable(name) ? `, about ${lost} samples` : '';
    // An output that gets no answer waits. Its errors come when the load is over, and do not tell when that began.
    const held = holes.every((hole) => Date.parse(hole.from) > ended + heldAfter);
    const what = held
      ? `it got no answer, and the samples that it kept meanwhile are lost; since when is not known (its errors came ${when}${more} UTC)`
      : `dashboards have a hole from ${when}${more} UTC${samples}`;
    const fill = fillable(name) ? `; npm run influx:import -- ${folder || 'results/<run>'} fills it` : '';
    return [
      `  output      ${name} failed ${errors === 1 ? 'once' : `${errors} times`}: ${what}${fill}`,
      `              ${messages[0] ?? ''}`,
    ];
  });
}
