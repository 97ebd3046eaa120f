import type { EventShape } from '../../../simulator/null/settings';
import { columns } from '../shared/columns';

/*
 * The bench's arithmetic: errors against the truth, medians over the rounds, the table, and the lines of "must reach".
 */

export const clientNames = {
  go: 'bare Go net/http',
  project: 'this project',
  ttft: 'this project, script ttft',
  influx: 'this project, InfluxDB on',
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
  'embeddings',
  'influx',
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
  /** From the start of the command to its first request, as the target saw it. */
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

export const relativeError = ({ measured, truth }: Pair): number => measured / truth - 1;

/** CPU ms for 1,000 events (embeddings: requests); undefined when there were none. */
export function cpuPer1000(trial: Trial, whole = false): number | undefined {
  const count = trial.events > 0 ? trial.events : trial.requests;
  return count > 0 ? ((whole ? trial.cpu_seconds_whole : trial.cpu_seconds) * 1e6) / count : undefined;
}

export const requestsPerSecond = (trial: Trial): number | undefined =>
  trial.load_seconds > 0 ? trial.requests / trial.load_seconds : undefined;

/** Requests for a second of CPU time: what a core carries, also where other programs took part of it. */
export const requestsPerCore = (trial: Trial): number | undefined =>
  trial.cpu_seconds > 0 ? trial.requests / trial.cpu_seconds : undefined;

/** The middle one by size (of an even number the larger of the two in the middle); undefined of nothing. */
export function medianBy<T>(items: readonly T[], size: (item: T) => number): T | undefined {
  return [...items].sort((a, b) => size(a) - size(b))[Math.floor(items.length / 2)];
}

export function median(values: readonly (number | undefined)[]): number | undefined {
  return medianBy(
    values.filter((value) => value !== undefined),
    (value) => value,
  );
}

type Quantity = 'ttft_p95' | 'gap_p95' | 'gap_p99';

/** The figure of the round whose error is the median of the errors' sizes: a sign must not help a mean towards zero. */
export function middlePair(trials: readonly Trial[], quantity: Quantity): Pair | undefined {
  return medianBy(
    trials.flatMap((trial) => trial[quantity] ?? []),
    (pair) => Math.abs(relativeError(pair)),
  );
}

const percent = (share: number, digits = 1) => `${(100 * share).toFixed(digits)} %`;
const signed = (pair: Pair | undefined) =>
  pair === undefined ? '-' : `${relativeError(pair) < 0 ? '' : '+'}${percent(relativeError(pair), 2)}`;
const fixed = (value: number | undefined, digits: number) => (value === undefined ? '-' : value.toFixed(digits));

/** The middle of the rounds, of each figure by its size. */
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

const of = (trials: readonly Trial[], row: Row, client: Client) =>
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

/** One line of the "must reach". `met` is null when this bench has not measured it. */
export interface Line {
  text: string;
  met: boolean | null;
  measured: string;
}

export function mustReach(rows: readonly Row[], trials: readonly Trial[]): Line[] {
  const at = (id: string, client: Client) => {
    const row = rows.find((each) => each.id === id);
    return row ? of(trials, row, client) : [];
  };
  const line = (
    text: string,
    value: number | undefined,
    limit: number,
    show: (value: number) => string,
    atLeast = false,
  ): Line => ({
    text,
    met: value === undefined ? null : atLeast ? value >= limit : value <= limit,
    measured: value === undefined ? 'not measured' : show(value),
  });
  const error = (own: readonly Trial[], quantity: Quantity) => {
    const pair = middlePair(own, quantity);
    return pair && Math.abs(relativeError(pair));
  };
  const errors = (id: string, name: string) => [
    line(`${name}: TTFT p95 within 1 % of the truth`, error(at(id, 'project'), 'ttft_p95'), 0.01, (v) => percent(v, 2)),
    line(`${name}: gap p95 within 2 %`, error(at(id, 'project'), 'gap_p95'), 0.02, (v) => percent(v, 2)),
    line(`${name}: gap p99 within 5 %`, error(at(id, 'project'), 'gap_p99'), 0.05, (v) => percent(v, 2)),
  ];
  const ratio = (a: number | undefined, b: number | undefined) =>
    a === undefined || b === undefined || b === 0 ? undefined : a / b;
  const growth = (a: number | undefined, b: number | undefined) =>
    a === undefined || b === undefined ? undefined : a - b;
  const cpu = (own: readonly Trial[]) => median(own.map((trial) => cpuPer1000(trial)));
  const whole = (own: readonly Trial[]) => median(own.map((trial) => cpuPer1000(trial, true)));
  const lost = (own: readonly Trial[]) =>
    own.length === 0 ? undefined : own.reduce((sum, trial) => sum + trial.lost, 0);
  const times = (v: number) => `${v.toFixed(2)} x`;
  return [
    ...errors('400', '400 streams'),
    line(
      "400 streams: CPU per 1,000 events at most 1.25 x the bare Go client's",
      ratio(cpu(at('400', 'project')), cpu(at('400', 'go'))),
      1.25,
      times,
    ),
    line(
      '400 streams: at most 200 MB',
      median(at('400', 'project').map((trial) => trial.memory_bytes / 1e6)),
      200,
      (v) => `${v.toFixed(0)} MB`,
    ),
    ...errors('800', '800 streams, both cores'),
    line('2,000 streams x 20 events/s: none lost', lost(at('2000', 'project')), 0, (v) => `${v} lost`),
    line('2,000 streams x 20 events/s: TTFT p95 within 5 %', error(at('2000', 'project'), 'ttft_p95'), 0.05, (v) =>
      percent(v, 2),
    ),
    line(
      "400 streams by the script ttft: CPU per 1,000 events, its start included, at most 0.95 x the bare Go client's",
      ratio(whole(at('scripts', 'ttft')), whole(at('scripts', 'go'))),
      0.95,
      times,
    ),
    ...rows
      .filter(({ group }) => group === 'shapes')
      .map(({ id }) =>
        line(
          `400 streams of ${id} by the script ttft: CPU per 1,000 events, its start included, at most 0.95 x the bare Go client's`,
          ratio(whole(at(id, 'ttft')), whole(at(id, 'go'))),
          0.95,
          times,
        ),
      ),
    line(
      'a flood: at most 1.0 ms of CPU for 1,000 events',
      cpu(at('flood', 'project')),
      1,
      (v) => `${v.toFixed(2)} ms`,
    ),
    line(
      '500 users: under 1.5 s from the command to the first request',
      median(at('start', 'ttft').map((trial) => trial.start_seconds)),
      1.5,
      (v) => `${v.toFixed(2)} s`,
    ),
    line('10,000 streams x 1 event/s: none lost', lost(at('held', 'project')), 0, (v) => `${v} lost`),
    line(
      '10,000 streams x 1 event/s: at most 1 GB',
      median(at('held', 'project').map((trial) => trial.memory_bytes / 1e6)),
      1000,
      (v) => `${v.toFixed(0)} MB`,
    ),
    ...errors('bursts', '400 streams, bursts of 50'),
    line(
      '200 streams with InfluxDB on: the error of TTFT p95 grows by at most 1 percentage point',
      growth(error(at('influx', 'influx'), 'ttft_p95'), error(at('influx', 'project'), 'ttft_p95')),
      0.01,
      (v) => `${(100 * v).toFixed(2)} points`,
    ),
    line(
      'embeddings: requests/s a core at least 0.9 x plain k6 http.post',
      ratio(
        median(at('embeddings', 'project').map(requestsPerCore)),
        median(at('embeddings', 'http-post').map(requestsPerCore)),
      ),
      0.9,
      times,
      true,
    ),
  ];
}

export function linesText(lines: readonly Line[]): string {
  return lines
    .map(({ text, met, measured }) => `${met === null ? '?     ' : met ? 'met   ' : 'MISSED'}  ${text}: ${measured}`)
    .join('\n');
}
