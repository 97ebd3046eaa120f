import { ParameterError, text, word, wrong, type Env } from './reading';
import type { ParameterRow } from './row';

/** What serves scripts that need an operator: the target is started anew, its traces are read, a record is held against. */
export interface OperationParameters {
  /** A POST there stops the target and starts it again; a GET tells when that was. */
  restartUrl?: string;
  /** Jaeger's query service, or what answers as it does. */
  jaegerUrl?: string;
  /** run.json of an earlier run, to hold this one against. */
  record?: string;
  /** What InfluxDB gets: each sample, or sums and percentiles of each second. */
  influx: 'samples' | 'aggregate';
}

export const operationRows: readonly ParameterRow[] = [
  {
    name: 'RESTART_URL',
    default: '',
    allowed: 'http(s) URL',
    meaning:
      'restart: a POST there stops the target and starts it again, a GET tells when it did; npm run sampler -- --start serves it',
  },
  {
    name: 'JAEGER_URL',
    default: '',
    allowed: 'http(s) URL',
    meaning: "monitoring: Jaeger's query service (http://127.0.0.1:16686), or the simulated provider's port",
  },
  {
    name: 'RECORD',
    default: '',
    allowed: 'path of a run.json',
    meaning: 'fidelity: an earlier run of it, elsewhere or before a change; what differs is rated',
  },
  {
    name: 'INFLUX',
    default: 'samples',
    allowed: 'samples, aggregate',
    meaning:
      'what --out influxdb writes: each sample, or sums and percentiles of each second, which are far fewer points. The verdict and run.json are the same',
  },
];

function address(env: Env, name: string): string | undefined {
  const given = text(env, name);
  if (given !== undefined && !/^https?:\/\/(\[[0-9a-f:.]+\]|[a-z0-9._-]+)(:\d{1,5})?(\/[^\s?#]*)?$/i.test(given))
    throw wrong(name, given, 'an http(s) address without query is wanted');
  return given?.replace(/\/+$/, '');
}

/** Reads the parameters of the scripts about operation. Throws a {@link ParameterError}. */
export function operationParameters(env: Env, readFile: (path: string) => string): OperationParameters {
  const record = text(env, 'RECORD');
  if (record !== undefined)
    try {
      JSON.parse(readFile(record));
    } catch {
      throw new ParameterError(`RECORD=${record} is wrong: the run.json of an earlier run is wanted`);
    }
  return {
    restartUrl: address(env, 'RESTART_URL'),
    jaegerUrl: address(env, 'JAEGER_URL'),
    record,
    influx: word(env, 'INFLUX', ['samples', 'aggregate']) ?? 'samples',
  };
}
