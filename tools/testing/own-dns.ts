import { spawnSync } from 'node:child_process';
import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { join } from 'node:path';
import { k6 } from '../programs/k6';
import { scratch } from '../programs/scratch';
import { streaming } from './few-ports';

/*
 * To be run in namespaces of its own for mounts and network: a name server, and a gateway at each of the addresses of one
 * name. Prints for each way of `--dns` where the requests went, and how often the name was looked up, as JSON.
 */

export interface Looked {
  dns: string;
  /** How its requests ended. */
  outcomes: Record<string, number>;
  /** Connections by the address that they came to. */
  to: Record<string, number>;
  /** Questions about the name that the name server had, by the type of the address. */
  asked: { A: number; AAAA: number };
}

const port = 39_998;
const name = 'gateway.test';
const addresses = { A: ['127.0.0.2', '127.0.0.3'], AAAA: ['::1'] } as const;

/** RFC 1035 and 3596: the answer to a question, with no time to live. */
function answerTo(query: Buffer, counts: Looked['asked']): Buffer {
  let at = 12;
  const labels: string[] = [];
  while (query[at]! > 0) {
    labels.push(query.toString('latin1', at + 1, at + 1 + query[at]!));
    at += 1 + query[at]!;
  }
  const question = query.subarray(12, at + 5);
  const type = query.readUInt16BE(at + 1) === 1 ? 'A' : 'AAAA';
  const known = labels.join('.').toLowerCase() === name;
  if (known) counts[type] += 1;
  const records = (known ? addresses[type] : []).map((address) => {
    const data =
      type === 'A' ? Buffer.from(address.split('.').map(Number)) : Buffer.from([...Array<number>(15).fill(0), 1]);
    const head = Buffer.from([0xc0, 12, 0, type === 'A' ? 1 : 28, 0, 1, 0, 0, 0, 0, 0, data.length]);
    return Buffer.concat([head, data]);
  });
  const head = Buffer.from([query[0]!, query[1]!, 0x81, known ? 0x80 : 0x83, 0, 1, 0, records.length, 0, 0, 0, 0]);
  return Buffer.concat([head, question, ...records]);
}

async function main(): Promise<void> {
  spawnSync('ip', ['link', 'set', 'lo', 'up']);
  const resolver = join(scratch(), 'resolv.conf');
  writeFileSync(resolver, 'nameserver 127.0.0.1\n');
  const mounted = spawnSync('mount', ['--bind', resolver, '/etc/resolv.conf'], { encoding: 'utf8' });
  if (mounted.status !== 0) throw new Error(mounted.stderr);
  let looked: Looked = { dns: '', outcomes: {}, to: {}, asked: { A: 0, AAAA: 0 } };
  const names = createSocket('udp4');
  names.on('message', (query, from) => names.send(answerTo(query, looked.asked), from.port, from.address));
  names.bind(53, '127.0.0.1');
  await once(names, 'listening');
  const answer = streaming(1);
  const gateways = [...addresses.A, ...addresses.AAAA].map((address) => {
    const gateway = createServer((request, response) => {
      // A connection for each request: an address is looked for each time.
      response.setHeader('connection', 'close');
      answer(request, response);
    });
    gateway.on('connection', () => (looked.to[address] = (looked.to[address] ?? 0) + 1));
    gateway.listen(port, address);
    return gateway;
  });
  await Promise.all(gateways.map((gateway) => gateway.listening || once(gateway, 'listening')));
  const all: Looked[] = [];
  for (const dns of process.argv.slice(2)) {
    looked = { dns, outcomes: {}, to: {}, asked: { A: 0, AAAA: 0 } };
    const env = { API_KEY: 'none', MODEL: 'one', RATE: '20', DURATION: '2s', BASE_URL: `http://${name}:${port}/v1` };
    const { run, stderr } = await k6('dist/ttft.js', { env, args: ['--dns', dns] });
    if (!run) throw new Error(stderr);
    for (const { outcome, count } of run.outcomes) looked.outcomes[outcome] = (looked.outcomes[outcome] ?? 0) + count;
    all.push(looked);
  }
  process.stdout.write(JSON.stringify(all));
  names.close();
  for (const gateway of gateways) {
    gateway.closeAllConnections();
    gateway.close();
  }
}

if (require.main === module) void main();
