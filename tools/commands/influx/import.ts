import { parseArgs } from 'node:util';
import type { RunRecord } from '../../../lib/summary';
import { runCommand } from '../../programs/command';
import { ToolError } from '../../programs/process';
import { readRecord } from '../shared/record';
import { databaseAt, query, write, type Database } from '../../programs/services/influxdb-client';
import { Gap } from './gap';
import { identifier, line, quoted } from './point';

const help = `npm run influx:import -- results/<run> [--url http://localhost:8086/k6] [--dry-run]

Fills in what InfluxDB lacks of a run, out of its run.json: when InfluxDB was down for a while, or the run was made without it.
It asks InfluxDB what it has of the run and writes the rest, so a second time it writes nothing. What is filled in has the tag
source=run.json. Counts and tags are exact, values are those of run.json's histograms (within 0.25 %); in which second of the gap
a value lies is worked out from the timeline (seconds, or 10 s in runs of over 10 minutes). k6's own metrics (http_*, data_*, vus,
iterations) and the generator's CPU by the second stay missing; of the target's own metrics (METRICS_URLS) there is one value for each second. --dry-run says what would be written. A user and a password belong in the
address, or in K6_INFLUXDB_USERNAME and K6_INFLUXDB_PASSWORD. Exit code: 0; 2 when it could not be done.`;

/** Points of one write, about 2 MB. */
const batch = 10_000;
/** Seconds that one question covers: some 100,000 points at 500 requests a second. */
const window = 10;

export interface Imported {
  points: number;
  measurements: number;
  /** Seconds since the load began that InfluxDB lacked requests of; undefined when it lacked none. */
  from?: number;
  to?: number;
}

/** Takes what InfluxDB has of the run into a {@link Gap}. */
async function take(gap: Gap, run: RunRecord, db: Database): Promise<void> {
  const of = `"run_id" = ${quoted(run.run_id)}`;
  const begin = Date.parse(run.started_at) - 10_000;
  const end = begin + 1000 * (run.duration_s + 130);
  for (let from = begin; from < end; from += window * 1000) {
    const series = await query(
      db,
      `SELECT "value" FROM /^((llm|target)_.*|dropped_iterations)$/ WHERE ${of} AND time >= ${from}ms AND time < ${from + window * 1000}ms GROUP BY *`,
    );
    for (const each of series) gap.add(each);
  }
}

/** Writes what InfluxDB lacks of a run; with `dry` only counts it. Rejects with {@link ToolError}. */
async function importRun(run: RunRecord, db: Database, dry = false): Promise<Imported> {
  const gap = new Gap(run);
  const known = (await query(db, 'SHOW DATABASES')).some(({ values }) => values.some(([name]) => name === db.name));
  if (known) await take(gap, run, db);
  else if (!dry) await query(db, `CREATE DATABASE ${identifier(db.name)}`); // as k6 does
  const missing = gap.missing();
  const lacking = run.timeline.filter((_, i) => missing.started[i]! + missing.ok[i]! + missing.failed[i]! > 0);
  const measurements = new Set<string>();
  let points = 0;
  let lines: string[] = [];
  const flush = async () => {
    if (!dry && lines.length > 0) await write(db, lines);
    lines = [];
  };
  for (const point of gap.points()) {
    measurements.add(point.measurement);
    points++;
    lines.push(line(point));
    if (lines.length >= batch) await flush();
  }
  await flush();
  const last = lacking[lacking.length - 1];
  return {
    points,
    measurements: measurements.size,
    ...(last ? { from: lacking[0]!.t_s, to: last.t_s + last.seconds } : {}),
  };
}

function told(
  { run_id, started_at }: RunRecord,
  { server, name }: Database,
  { points, measurements, from, to }: Imported,
  dry: boolean,
): string {
  const where = `${server}/${name}`;
  if (points === 0) return `${where} has all of ${run_id}: nothing to fill in`;
  const clock = (seconds: number) => new Date(Date.parse(started_at) + seconds * 1000).toISOString().slice(11, 19);
  const when = from === undefined ? '' : `, for ${clock(from)} to ${clock(to!)} UTC (${from} to ${to} s of the load)`;
  return `${points} points of ${measurements} measurements ${dry ? 'would be' : 'were'} filled into ${where}${when}; they have the tag source=run.json`;
}

/** Fills in what the database lacks of each run that is named; returns what there is to say. */
export async function main(args: readonly string[]): Promise<string> {
  let given: { values: { url?: string; 'dry-run'?: boolean }; positionals: string[] };
  try {
    given = parseArgs({
      args: [...args],
      allowPositionals: true,
      options: { url: { type: 'string' }, 'dry-run': { type: 'boolean' } },
    });
  } catch (error) {
    throw new ToolError(`${(error as Error).message}; see --help`);
  }
  const { values, positionals } = given;
  if (positionals.length === 0)
    throw new ToolError('no run is named: give its folder, such as results/20261124T060435-310-baseline; see --help');
  const db = databaseAt(values.url ?? 'http://localhost:8086/k6', process.env);
  const said: string[] = [];
  for (const run of positionals) {
    const { file, record } = readRecord(run);
    if (record.environment.parameters.influx === 'aggregate')
      throw new ToolError(
        `${file} is of a run with INFLUX=aggregate: samples beside its seconds would be counted twice, so nothing is filled in. run.json has all of the run; npm run report shows it`,
      );
    try {
      said.push(told(record, db, await importRun(record, db, values['dry-run']), values['dry-run'] ?? false));
    } catch (error) {
      throw error instanceof TypeError
        ? new ToolError(`${file} does not follow the schema of run.json: ${error.message}`)
        : error;
    }
  }
  return said.join('\n');
}

async function command(args: readonly string[]): Promise<number> {
  process.stdout.write(`${await main(args)}\n`);
  return 0;
}

if (require.main === module) void runCommand(help, command, true);
