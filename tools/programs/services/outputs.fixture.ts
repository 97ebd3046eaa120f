import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createReadStream } from 'node:fs';
import { createServer, request, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createInterface } from 'node:readline';

/** A server that passes everything on to the InfluxDB at `influxdb` and notes how large each write was. */
export async function meter(influxdb: string): Promise<{ url: string; sizes: number[]; server: Server }> {
  const sizes: number[] = [];
  const server = createServer((from, to) => {
    let size = 0;
    from.on('data', (chunk: Buffer) => (size += chunk.length));
    from.on('end', () => from.url!.startsWith('/write') && sizes.push(size));
    const passed = request(`${influxdb}${from.url}`, { method: from.method, headers: from.headers }, (answer) => {
      to.writeHead(answer.statusCode!, answer.headers);
      answer.pipe(to);
    });
    passed.on('error', () => to.destroy());
    from.pipe(passed);
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, sizes, server };
}

/** Samples by metric in the file of k6's JSON output; every value must be a number. */
export async function samplesIn(file: string): Promise<Record<string, number>> {
  const counts: Record<string, number> = {};
  for await (const line of createInterface({ input: createReadStream(file) })) {
    const { type, metric, data } = JSON.parse(line) as { type: string; metric: string; data: { value?: unknown } };
    if (type !== 'Point') continue;
    assert.equal(typeof data.value, 'number', line); // k6 writes null for Infinity and NaN
    counts[metric] = (counts[metric] ?? 0) + 1;
  }
  return counts;
}
