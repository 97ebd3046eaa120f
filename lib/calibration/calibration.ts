/*
 * What `npm run calibrate` found out about this machine: how far the suite's figures are from the truth, by the load
 * that it makes. A run looks its own load up in it.
 */

/**
 * One load against the null target, compared with what the target wrote down. Errors are shares of the truth, without
 * sign.
 */
export interface CalibrationPoint {
  /** Streams at a time. */
  streams: number;
  /** Content events a second, of all streams. */
  events_per_s: number;
  ttft_p95_error: number;
  gap_p95_error: number;
  gap_p99_error: number;
  /** CPU of the generator, ms. */
  cpu_per_1000_events: number;
  /** Share of the machine's CPU that the generator used. */
  cpu: number;
  /** p99 of the generator's own lateness, ms. */
  lateness_p99: number;
  /** Content events per read that brought any; the target writes each by itself, so above 1 the reads coalesce. */
  events_per_read: number;
  lost: number;
}

export interface Calibration {
  schema: 1;
  /** When it was made, ISO 8601. */
  at: string;
  cpu_model: string;
  cpus: number;
  points: CalibrationPoint[];
}

/** The load of a run: its highest phase. */
export interface RunLoad {
  streams: number;
  eventsPerSecond: number;
}

/** The smallest calibrated load that is at least as high; undefined beyond all of them. */
export function covering({ points }: Calibration, load: RunLoad): CalibrationPoint | undefined {
  return points
    .filter((point) => point.streams >= load.streams && point.events_per_s >= load.eventsPerSecond)
    .sort((a, b) => a.streams - b.streams || a.events_per_s - b.events_per_s)[0];
}

/** The largest error of a point: TTFT p95, gap p95 or gap p99. */
export function worstError(point: CalibrationPoint): number {
  return Math.max(point.ttft_p95_error, point.gap_p95_error, point.gap_p99_error);
}

/**
 * Why a run at this load says nothing by the calibration, in words; "" when it may be trusted. `most` is the largest
 * error allowed, a share.
 */
export function beyond(calibration: Calibration, load: RunLoad, most: number): string {
  const point = covering(calibration, load);
  const told = `${load.streams} streams at a time with ${Math.round(load.eventsPerSecond)} events/s`;
  const date = calibration.at.slice(0, 10);
  if (!point)
    return `the load (${told}) is beyond what the calibration of ${date} measured on this machine: make less load, or calibrate for more (npm run calibrate)`;
  const percent = (share: number) => `${(100 * share).toFixed(1)} %`;
  if (point.lost > 0)
    return `at this load (${told}) the generator lost ${point.lost} streams of its own when it was calibrated (${date}): make less load`;
  const worst = worstError(point);
  if (worst <= most) return '';
  return `at this load (${told}) the figures may be ${percent(worst)} wrong, as the calibration of ${date} measured, and MAX_ERROR allows ${percent(most)}: make less load, use a larger machine, or raise MAX_ERROR`;
}

/** Reads a calibration; undefined when it is none, or another machine's. */
export function parseCalibration(text: string, machine: { cpuModel: string; cpus: number }): Calibration | undefined {
  let value: Partial<Calibration> | null;
  try {
    value = JSON.parse(text) as Partial<Calibration> | null;
  } catch {
    return undefined;
  }
  if (value?.schema !== 1 || !Array.isArray(value.points) || typeof value.at !== 'string') return undefined;
  return value.cpu_model === machine.cpuModel && value.cpus === machine.cpus ? (value as Calibration) : undefined;
}
