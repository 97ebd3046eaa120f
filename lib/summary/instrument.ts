import type { Snapshot } from 'k6/x/sse';
import type { CalibrationPoint } from '../calibration';
import { stats, type Stats } from '../measurements';

/** How sound the measuring itself was. */
export interface InstrumentReport {
  clock: string;
  clock_reason: string;
  /** Who read the sockets: 'epoll' (pollers of the extension's own) or 'runtime' (those of Go's runtime). */
  poller: string;
  /** By which timers users waited for their arrivals: 'timerfd' or 'runtime'. */
  timer: string;
  /**
   * Requests whose answer was stamped at the read although the clock is the kernel's: over HTTP/2, over a unix socket, or
   * in gzip over HTTP/1.1.
   */
  read_clock: { http2: number; gzip: number; unix?: number };
  /** The wall clock, in which the kernel stamps, was set during the run: how often, and by how much at most, ms. */
  clock_steps?: { count: number; largest_ms: number };
  /** The generator's own lateness against the schedule, ms. The name in run.json is older than the one here. */
  wake: Stats;
  /** Kernel's receive stamp to our read, ms. */
  read_delay: Stats;
  /** Content events per read that brought any. */
  events_per_read: number | null;
  /** Share of the machine's CPU time over the load, and in its worst second. */
  cpu: number;
  cpu_peak: number;
  max_rss_bytes: number;
  histogram_error: number;
  /**
   * Share of the content events that came in one read with others that was late by so much that the cause may be ours.
   */
  late_shared: number;
  /**
   * How far the figures may be off at this load by `npm run calibrate` (shares of the truth); null when that is not
   * known.
   */
  error: {
    calibrated_at: string;
    streams: number;
    events_per_s: number;
    ttft_p95: number;
    gap_p95: number;
    gap_p99: number;
  } | null;
}

/** What a snapshot says of the instrument, and its error by the calibration where that is known. */
export function instrumentReport(
  { instrument: i }: Snapshot,
  calibrated?: { at: string; point?: CalibrationPoint },
): InstrumentReport {
  const gamma = i.lateness.gamma;
  const { http2, gzip, unix } = i.readClock;
  return {
    clock: i.clock,
    clock_reason: i.clockReason,
    poller: i.poller,
    timer: i.timer,
    read_clock: { http2, gzip, ...(unix > 0 ? { unix } : {}) },
    clock_steps: i.clockSteps.count > 0 ? { count: i.clockSteps.count, largest_ms: i.clockSteps.largest } : undefined,
    wake: stats(i.lateness),
    read_delay: stats(i.readDelay),
    events_per_read: i.contentReads > 0 ? i.contentEvents / i.contentReads : null,
    cpu: i.wallSeconds > 0 ? i.cpuSeconds / (i.wallSeconds * i.cpus) : 0,
    cpu_peak: i.cpuPeak,
    max_rss_bytes: i.maxRssBytes,
    histogram_error: gamma > 1 ? (gamma - 1) / (gamma + 1) : 0,
    late_shared: i.contentEvents > 0 ? i.lateShared / i.contentEvents : 0,
    error: calibrated?.point
      ? {
          calibrated_at: calibrated.at,
          streams: calibrated.point.streams,
          events_per_s: calibrated.point.events_per_s,
          ttft_p95: calibrated.point.ttft_p95_error,
          gap_p95: calibrated.point.gap_p95_error,
          gap_p99: calibrated.point.gap_p99_error,
        }
      : null,
  };
}
