import type { EventShape } from '../../../simulator/null/settings';
import { columns } from '../shared/columns';

/*
 * The bench's arithmetic: errors against the truth, medians over the rounds, the table.
 */

export const clientNames = {
  go: 'bare Go net/http',
  project: 'this project',
  ttft: 'this project, script ttft',
  influx: 'this project, InfluxDB on',
  requests: 'this project, REQUESTS=all',
  handler: 'k6, JavaScript per event',
  'http-post': 'plain k6 http.post',
  aiperf: 'AIPerf',
  guidellm: 'GuideLLM',
} as const;
export type Client = keyof typeof clientNames;

export const groups = [
  'streams',
  'scripts',
  'shapes',
  'flood',
  'start',
  'held',
  'bursts',
  'tls',
  'http2',
  'closed',
  'embeddings',
  'influx',
  'requests',
  'peers',
] as const;
export type Group = (typeof groups)[number];

/** One load, which several clients make in turn. */
export interface Row {
  id: string;
  group: Group;
  title: string;
  /** Streams (or, for embeddings, users) at a time. */
  streams: number;
  /** Between two events of a stream, ms. */
  gap: number;
  /** Content events of a stream; 100 unless it says so. */
  events?: number;
  /** Streams that begin in the same instant. */
  burst?: number;
  /** What the events are like; constant unless it says so. */
  shape?: EventShape;
  /** Content events in one write. */
  together?: number;
  /** Users that play the load, where Little's law is not to say it. */
  users?: number;
  /** The target speaks TLS, and this over it. */
  over?: 'HTTP/1.1' | 'HTTP/2';
  /** Users go on at once when a stream has ended, in place of streams at a rate. */
  closed?: boolean;
  /** Client on core 0 and target on core 1, else both on any. */
  pinned: boolean;
  clients: readonly Client[];
}

/** ms */
export interface Pair {
  measured: number;
  truth: number;
}

/** How far p50, p99 and the worst are from the truth's, microseconds. */
export type Micro = readonly [p50: number, p99: number, worst: number];

/** What one client did in one round of one row. */
export interface Trial {
  row: string;
  client: Client;
  round: number;
  ttft_p95?: Pair;
  gap_p95?: Pair;
  gap_p99?: Pair;
  ttft_us?: Micro;
  gap_us?: Micro;
  /** From the start of the command to the load's first request, as the target saw it; of rows that ask for it. */
  start_seconds?: number;
  /** Streams, or requests for embeddings, that ended well. */
  requests: number;
  lost: number;
  /** Content events, by the target's count. */
  events: number;
  /** Between the first request and the last event, or request for embeddings, as the target saw them. */
  load_seconds: number;
  /** CPU time of the client and all that it started: over the load, and in all. */
  cpu_seconds: number;
  cpu_seconds_whole: number;
  memory_bytes: number;
  /** Share of one core, over the load. */
  target_cpu: number;
  /** What neither client nor target used, in cores: other programs of this machine. */
  others_cpu: number;
  /** p99 of how late the target wrote, ms. */
  target_late_p99: number | null;
}

/** By which share a figure differs from the truth; negative where it is too small. */
export const relativeError = ({ measured, truth }: Pair): number => measured / truth - 1;

/** CPU ms for 1,000 events (embeddings: requests); undefined when there were none. */
export function cpuPer1000(trial: Trial, whole = false): number | undefined {
  const count = trial.events > 0 ? trial.events : trial.requests;
  return count > 0 ? ((whole ? trial.cpu_seconds_whole : trial.cpu_seconds) * 1e6) / count : undefined;
}

/** Requests per second of the load; undefined where it had no length. */
export const requestsPerSecond = (trial: Trial): number | undefined =>
  trial.load_seconds > 0 ? trial.requests / trial.load_seconds : undefined;

/** Requests for a second of CPU time: what a core carries, also where other programs took part of it. */
export const requestsPerCore = (trial: Trial): number | undefined =>
  trial.cpu_seconds > 0 ? trial.requests / trial.cpu_seconds : undefined;

/** The middle one by size (of an even number the larger of the two in the middle); undefined of nothing. */
function medianBy<T>(items: readonly T[], size: (item: T) => number): T | undefined {
  return [...items].sort((a, b) => size(a) - size(b))[Math.floor(items.length / 2)];
}

/** The median of what is known; undefined where nothing is. */
export function median(values: readonly (number | undefined)[]): number | undefined {
  return medianBy(
    values.filter((value) => value !== undefined),
    (value) => value,
  );
}

export type Quantity = 'ttft_p95' | 'gap_p95' | 'gap_p99';

/** The figure of the round whose error is the median of the errors' sizes: a sign must not help a mean towards zero. */
export function middlePair(trials: readonly Trial[], quantity: Quantity): Pair | undefined {
  return medianBy(
    trials.flatMap((trial) => trial[quantity] ?? []),
    (pair) => Math.abs(relativeError(pair)),
  );
}

/** A share as per cent. */
export const percent = (share: number, digits = 1) => `${(100 * share).toFixed(digits)} %`;
const signed = (pair: Pair | undefined) =>
  pair === undefined ? '-' : `${relativeError(pair) < 0 ? '' : '+'}${percent(relativeError(pair), 2)}`;
const fixed = (value: number | undefined, digits: number) => (value === undefined ? '-' : value.toFixed(digits));

/** For each figure the median of the rounds, by the size of the figure. */
function micro(trials: readonly Trial[], quantity: 'ttft_us' | 'gap_us'): string {
  const known = trials.flatMap((trial) => trial[quantity] ?? []);
  if (known.length === 0) return '-';
  return [0, 1, 2]
    .map((i) =>
      medianBy(
        trials.flatMap((trial) => trial[quantity]?.[i as 0 | 1 | 2] ?? []),
        Math.abs,
      )!.toFixed(0),
    )
    .join(' / ');
}

/** The trials of one row and one client. */
export const of = (trials: readonly Trial[], row: Row, client: Client) =>
  trials.filter((trial) => trial.row === row.id && trial.client === client);

/** One block for each row that has trials; `missing` says in words why a client has none. */
export function table(
  rows: readonly Row[],
  trials: readonly Trial[],
  missing: Partial<Record<Client, string>> = {},
): string {
  const blocks = rows.flatMap((row) => {
    const clients = row.clients.filter((client) => of(trials, row, client).length > 0 || missing[client]);
    if (clients.length === 0) return [];
    const lines = clients.map((client) => {
      const own = of(trials, row, client);
      const tail = [
        fixed(median(own.map((trial) => cpuPer1000(trial))), 1),
        fixed(median(own.map((trial) => cpuPer1000(trial, true))), 1),
        fixed(median(own.map((trial) => trial.memory_bytes / 1e6)), 0),
        own.length === 0 ? '-' : String(own.reduce((sum, trial) => sum + trial.lost, 0)),
        own.length === 0 ? '-' : percent(Math.max(...own.map((trial) => trial.target_cpu)), 0),
        own.length === 0 ? '-' : percent(Math.max(...own.map((trial) => trial.others_cpu)), 0),
      ];
      if (row.group === 'embeddings')
        return [
          clientNames[client],
          fixed(median(own.map(requestsPerSecond)), 0),
          fixed(median(own.map(requestsPerCore)), 0),
          ...tail,
        ];
      const ttft = middlePair(own, 'ttft_p95');
      return [
        clientNames[client],
        fixed(ttft?.measured, 1),
        fixed(ttft?.truth, 1),
        signed(ttft),
        signed(middlePair(own, 'gap_p95')),
        signed(middlePair(own, 'gap_p99')),
        micro(own, 'ttft_us'),
        micro(own, 'gap_us'),
        fixed(median(own.map((trial) => trial.start_seconds)), 2),
        ...tail,
      ];
    });
    const tail = ['CPU ms/1,000', 'whole', 'MB', 'lost', 'target', 'others'];
    const head =
      row.group === 'embeddings'
        ? ['client', 'requests/s', 'a core', ...tail]
        : ['client', 'TTFT p95', 'truth', 'error', 'gap p95', 'gap p99', 'TTFT us', 'gap us', 'start s', ...tail];
    return [`${row.title}\n${columns([head, ...lines])}`];
  });
  const words = Object.entries(missing).map(([client, why]) => `${clientNames[client as Client]}: ${why}`);
  return [...blocks, ...words].join('\n\n');
}
