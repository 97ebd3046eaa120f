import {
  cpuPer1000,
  median,
  middlePair,
  of,
  percent,
  relativeError,
  requestsPerCore,
  requestsPerSecond,
  type Client,
  type Quantity,
  type Row,
  type Trial,
} from './figures';

/* What the bench must reach, and whether it did. */

/** One limit that the bench must keep to. `met` is null when this bench has not measured it. */
export interface Line {
  text: string;
  met: boolean | null;
  measured: string;
}

/** The lines that our client must reach in this bench; `met` is null where a trial for them is missing. */
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
    line(
      "2,000 streams by the script ttft: CPU per 1,000 events, its start included, at most 0.85 x the bare Go client's",
      ratio(whole(at('scripts 2000', 'ttft')), whole(at('scripts 2000', 'go'))),
      0.85,
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
    ...errors('tls', '200 streams over TLS'),
    ...errors('http2', '200 streams over HTTP/2'),
    line('200 users without pause: none lost', lost(at('closed', 'project')), 0, (v) => `${v} lost`),
    line(
      '200 streams with InfluxDB on: the error of TTFT p95 grows by at most 1 percentage point',
      growth(error(at('influx', 'influx'), 'ttft_p95'), error(at('influx', 'project'), 'ttft_p95')),
      0.01,
      (v) => `${(100 * v).toFixed(2)} points`,
    ),
    line(
      'embeddings: requests/s at least those of plain k6 http.post',
      ratio(
        median(at('embeddings', 'project').map(requestsPerSecond)),
        median(at('embeddings', 'http-post').map(requestsPerSecond)),
      ),
      1,
      times,
      true,
    ),
    line(
      'short streams with REQUESTS=all: CPU of a stream at most 1.1 x that without',
      ratio(cpu(at('requests', 'requests')), cpu(at('requests', 'project'))),
      1.1,
      times,
    ),
    line(
      'short streams with REQUESTS=all: the error of TTFT p95 grows by at most 1 percentage point',
      growth(error(at('requests', 'requests'), 'ttft_p95'), error(at('requests', 'project'), 'ttft_p95')),
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

/** The lines as text, one below the other. */
export function linesText(lines: readonly Line[]): string {
  return lines
    .map(({ text, met, measured }) => `${met === null ? '?     ' : met ? 'met   ' : 'MISSED'}  ${text}: ${measured}`)
    .join('\n');
}
