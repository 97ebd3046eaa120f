import type { Calibration } from '../../../lib/calibration';

/*
 * What machines need to make a load, worked out from what one stream and one event were measured to cost. docs/scale.md
 * says where the figures come from; its tables are made of this file.
 */

/** Measured costs of the generator. */
export interface Costs {
  /** CPU for 1,000 content events, ms. */
  cpuPer1000Events: number;
  /** CPU for one request of a script beside its events, ms. */
  cpuPerRequest: number;
  /** Memory of the program before its load, and of each request under way, bytes. */
  memoryBase: number;
  memoryPerStream: number;
  /** On the wire for one event, and for one request with its prompt and the head of its answer, bytes. */
  bytesPerEvent: number;
  bytesPerRequest: number;
}

/** Of docs/scale.md, rounded up. */
export const measured: Costs = {
  cpuPer1000Events: 20,
  cpuPerRequest: 0.5,
  memoryBase: 80e6,
  memoryPerStream: 60e3,
  bytesPerEvent: 300,
  bytesPerRequest: 4000,
};

/** The load of one runner at its height. */
export interface Height {
  /** Requests under way. */
  streams: number;
  /** Content events a second, of all streams together. */
  eventsPerSecond: number;
  requestsPerSecond: number;
}

export interface Needs {
  /** Cores that are busy. */
  busy: number;
  /** Cores that are wanted, so that the generator is not late: twice the busy ones. */
  cores: number;
  memoryBytes: number;
  /** Connections, each with a file descriptor and a port of its own (HTTP/1.1). */
  connections: number;
  files: number;
  /** Bytes a second that come in. */
  bandwidth: number;
}

/** Beside connections: logs, results, outputs, k6's own. */
const otherFiles = 200;

/** A generator that uses more than this share of its cores begins to be late (docs/scale.md). */
const busyAtMost = 0.5;

/** What one machine needs for a load at its height. */
export function needs({ streams, eventsPerSecond, requestsPerSecond }: Height, costs: Costs = measured): Needs {
  const busy =
    (eventsPerSecond / 1000) * (costs.cpuPer1000Events / 1000) + requestsPerSecond * (costs.cpuPerRequest / 1000);
  return {
    busy,
    cores: busy / busyAtMost,
    memoryBytes: costs.memoryBase + streams * costs.memoryPerStream,
    connections: Math.ceil(streams),
    files: Math.ceil(streams) + otherFiles,
    bandwidth: eventsPerSecond * costs.bytesPerEvent + requestsPerSecond * costs.bytesPerRequest,
  };
}

/**
 * The costs on a calibrated machine: CPU of an event as its calibration measured it at about this height, but never less
 * than half of the usual, since the calibration's own events are of the cheapest kind.
 */
export function calibrated({ points }: Calibration, { streams }: Height): Costs {
  const fitting = [...points].sort((a, b) => Math.abs(a.streams - streams) - Math.abs(b.streams - streams))[0];
  if (!fitting) return measured;
  return { ...measured, cpuPer1000Events: Math.max(fitting.cpu_per_1000_events, measured.cpuPer1000Events / 2) };
}

/** What one runner should carry at most, so that what it is late by stays small: one core busy, of two. */
const busyEach = 1;

/** Runners of two cores for a load, each at most half busy. */
export const runnersFor = (height: Height, costs: Costs = measured): number =>
  Math.max(1, Math.ceil(needs(height, costs).busy / busyEach));
