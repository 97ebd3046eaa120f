import { ToolError } from '../process';

/**
 * One series of an InfluxQL answer: its columns, and rows of values in their order. Times are ns since the epoch, as
 * JavaScript numbers: exact to about 256 ns.
 */
export interface Series {
  name: string;
  tags?: Record<string, string>;
  columns: string[];
  values: (string | number | boolean | null)[][];
}

/** A database of an InfluxDB 1.x. */
export interface Database {
  /** Without the database, without a name or a password: http://localhost:8086. */
  server: string;
  name: string;
  authorization?: string;
}

/**
 * Reads an address as k6's `--out influxdb=` takes it: http://user:password@host:8086/database. Throws {@link
 * ToolError}.
 */
export function databaseAt(address: string, env: Readonly<Record<string, string | undefined>> = {}): Database {
  let url: URL;
  try {
    url = new URL(address);
  } catch {
    throw new ToolError(
      `"${address}" is no address; InfluxDB's is like http://localhost:8086/k6, where k6 is the database`,
    );
  }
  if (!/^https?:$/.test(url.protocol))
    throw new ToolError(`"${address}" begins with ${url.protocol}, but must with http:// or https://`);
  const name = decodeURIComponent(url.pathname.replace(/^\/|\/$/g, '')) || 'k6';
  const [user, password] = [
    decodeURIComponent(url.username) || env.K6_INFLUXDB_USERNAME,
    decodeURIComponent(url.password) || env.K6_INFLUXDB_PASSWORD,
  ];
  return {
    server: url.origin,
    name,
    ...(user ? { authorization: `Basic ${Buffer.from(`${user}:${password ?? ''}`).toString('base64')}` } : {}),
  };
}

/**
 * Asks; several statements' series are put together in their order. Rejects with {@link ToolError} that holds the
 * server's own sentence.
 */
export async function query(db: Database, influxql: string): Promise<Series[]> {
  const answer = await call(db, '/query', new URLSearchParams({ db: db.name, q: influxql, epoch: 'ns' }));
  let body: { error?: string; results?: { error?: string; series?: Series[] }[] };
  try {
    body = JSON.parse(answer.text) as typeof body;
  } catch {
    throw new ToolError(
      `${db.server} is no InfluxDB 1.x: it answered ${answer.status} with ${JSON.stringify(answer.text.slice(0, 80))}`,
    );
  }
  const error = body.error ?? body.results?.find((result) => result.error)?.error;
  if (error) throw new ToolError(`InfluxDB refused "${influxql}": ${error}`);
  return (body.results ?? []).flatMap((result) => result.series ?? []);
}

/** Writes lines of InfluxDB's line protocol, times in ns. Rejects with {@link ToolError}. */
export async function write(db: Database, lines: readonly string[]): Promise<void> {
  const answer = await call(db, `/write?${new URLSearchParams({ db: db.name, precision: 'ns' })}`, lines.join('\n'));
  if (answer.status !== 204)
    throw new ToolError(`InfluxDB did not take ${lines.length} points (${answer.status}): ${answer.text.trim()}`);
}

async function call(
  db: Database,
  route: string,
  body: URLSearchParams | string,
): Promise<{ status: number; text: string }> {
  try {
    const answer = await fetch(`${db.server}${route}`, {
      method: 'POST',
      body,
      headers: db.authorization ? { authorization: db.authorization } : {},
      signal: AbortSignal.timeout(60_000),
    });
    return { status: answer.status, text: await answer.text() };
  } catch (error) {
    const cause = (error as { cause?: { code?: string; message?: string } }).cause;
    throw new ToolError(
      `InfluxDB does not answer at ${db.server}: ${cause?.code ?? cause?.message ?? (error as Error).message}`,
    );
  }
}
