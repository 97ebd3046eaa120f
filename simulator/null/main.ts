import { parseArgs } from 'node:util';
import { UsageError } from '../arguments';
import { outliveReaders } from '../output';
import { ConfigError, integer } from '../settings/check';
import type { Range } from '../settings/types';
import { issue, keepAuthority, OWN_NAMES } from '../tls/authority';
import type { NullSettings } from './settings';
import { openNullTarget } from './target';

const help = `Usage: node -r ts-node/register/transpile-only simulator/null/main.ts [options]

The null target: streams as an LLM gateway does, at the least cost, so that the measuring program itself can be measured.

  --port N               (0: any free one)
  --host ADDRESS         (127.0.0.1)
  --ttft LOW,HIGH        request to first content event, ms, drawn uniformly for each stream (200,221)
  --gap MS               between two content events, ms; LOW,HIGH to draw (20)
  --events N             content events a stream (100)
  --seed N               of the draws (1)
  --dimensions N         numbers in a vector of an embedding (16)
  --tls FOLDER           speaks TLS, with HTTP/1.1 and HTTP/2, by an authority that is kept in this folder (ca.pem)
  --keep N               content events that the truth has room for (4000000)

Routes: GET /v1/models, POST /v1/chat/completions (streams only), POST /v1/embeddings, GET and PATCH /config,
GET and DELETE /truth, GET /truth/summary; both GETs take ?after_ns=, CLOCK_MONOTONIC.
`;

/** Exit codes: 0 stopped by a signal or --help, 2 a wrong argument or a port that cannot be had. */
async function main(args: string[]): Promise<void> {
  let given: { [name: string]: string | boolean | undefined };
  const text = { type: 'string' } as const;
  try {
    given = parseArgs({
      args,
      options: {
        port: text,
        host: text,
        ttft: text,
        gap: text,
        events: text,
        seed: text,
        dimensions: text,
        keep: text,
        tls: text,
        help: { type: 'boolean', short: 'h' },
      },
    }).values;
  } catch (error) {
    throw new UsageError(`${(error as Error).message}; see --help`);
  }
  if (given.help) {
    process.stdout.write(help);
    return;
  }
  const numbers = (name: string): Range | undefined => {
    const value = given[name];
    if (typeof value !== 'string') return undefined;
    const [low, high, ...more] = value.split(',').map((part) => (part.trim() === '' ? NaN : Number(part)));
    if (low === undefined || Number.isNaN(low) || Number.isNaN(high) || more.length > 0)
      throw new UsageError(`--${name} is "${value}", but must be a number, or two with a comma between.`);
    return high === undefined ? low : [low, high];
  };
  const settings = Object.fromEntries(
    ['ttft', 'gap', 'events', 'seed', 'dimensions'].flatMap((name) =>
      given[name] === undefined ? [] : [[name, numbers(name)]],
    ),
  ) as Partial<NullSettings>;
  const port = integer(0, 65_535)(numbers('port') ?? 0, '--port');
  const keep = integer(1000, 100_000_000)(numbers('keep') ?? 4_000_000, '--keep');
  const identity =
    typeof given.tls === 'string' ? await issue((await keepAuthority(given.tls)).authority, OWN_NAMES) : undefined;
  const target = await openNullTarget({
    identity,
    host: typeof given.host === 'string' ? given.host : undefined,
    port,
    settings,
    keep,
  }).catch((error: unknown) => {
    throw new UsageError((error as Error).message);
  });
  const stop = (): void => void target.close().then(() => process.exit(0));
  process.once('SIGINT', stop);
  process.once('SIGTERM', stop);
  process.stdout.write(`null target ready: ${target.url}\n`);
}

outliveReaders();
main(process.argv.slice(2)).catch((error: unknown) => {
  const known = error instanceof UsageError || error instanceof ConfigError;
  process.stderr.write(
    known
      ? `null target: ${error.message}\n`
      : `null target: ${error instanceof Error ? error.stack : String(error)}\n`,
  );
  process.exit(2);
});
