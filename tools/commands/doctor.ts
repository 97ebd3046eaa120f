import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { runCommand } from '../programs/command';
import { buildK6, bundle } from '../build/build';

const help = `npm run doctor -- -e BASE_URL=http://gateway:4000/v1 -e API_KEY=... -e MODEL=... [-e NAME=value ...]

Asks a gateway what it can do, one request for each question: its list of models, streams, plain answers, the usage in streams,
stream_options, the name of the bound for an answer's length, tools, errors, gzip, kept connections, the protocol, embeddings and
how large their batches may be. It prints a table, and the parameter that helps where something does not work, and writes
target.json into OUT (results): a target file to start from (docs/gateways.md). It takes the parameters of the scripts; with
-e TARGET=file it starts from that file.

Where nothing is built, bin/k6 run dist/doctor.js does the same.`;

async function main(args: readonly string[]): Promise<number> {
  await buildK6();
  await bundle();
  const child = spawn('bin/k6', ['run', '--quiet', '--log-format', 'raw', 'dist/doctor.js', ...args], {
    stdio: ['ignore', 'inherit', 'inherit'],
    env: { ...process.env, K6_AUTO_EXTENSION_RESOLUTION: 'false', K6_NO_USAGE_REPORT: 'true' },
  });
  const [code] = (await once(child, 'close')) as [number | null];
  return code ?? 1;
}

void runCommand(help, main, true);
