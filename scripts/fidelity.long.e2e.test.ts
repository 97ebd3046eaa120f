import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { connect, createServer as listen, type AddressInfo, type Server } from 'node:net';
import { join } from 'node:path';
import { test } from 'node:test';
import { scratch } from '../tools/programs/scratch';
import { flawedRun } from '../tools/testing/flawed-run';
import { why } from '../tools/testing/k6';

const env = { RATE: '20', DURATION: '8s' };

test('a small load three times gives the same, and held against its own record nothing differs; against one of a larger machine nearby, CPUs, runtime and round trip do', async (t) => {
  const first = await flawedRun(t, 'fidelity', { env, pages: true });
  assert.notEqual(first.record.verdict, 'FAIL', why(first.record));
  assert.match(first.text('repeats-agree'), /^the same small load three times gives the same(, within 2 %)?: medians/);
  const rows = first.record.findings.find(({ id }) => id === 'environment')!.table!.rows;
  const names = rows.map(([name]) => name);
  for (const name of ['round trip', 'new connection', 'generator and target', 'gateway: runtime'])
    assert.ok(names.includes(name), names.join());

  const same = join(scratch(), 'same.json');
  writeFileSync(same, JSON.stringify(first.record));
  const other = join(scratch(), 'other.json');
  const elsewhere: Record<string, string> = {
    "generator's CPUs": '64 x another CPU',
    'gateway: runtime': 'nodejs v1.2.3',
  };
  for (const row of rows) row[1] = elsewhere[row[0]!] ?? row[1]!;
  writeFileSync(other, JSON.stringify(first.record));
  const [again, far] = [
    await flawedRun(t, 'fidelity', { env: { ...env, RECORD: same }, pages: true }),
    await flawedRun(t, 'fidelity', { env: { ...env, RECORD: other }, pages: true, flaws: { network_ms: 30 } }),
  ];
  assert.notEqual(again.record.verdict, 'FAIL', why(again.record));
  assert.match(again.text('differs-from-record'), /^nothing differs from the record/);
  assert.equal(far.record.verdict, 'FAIL', why(far.record));
  assert.match(far.text('differs-from-record'), /round trip 3\d(\.\d)? ms against [\d.]+ ms \(changes timings\)/);
  assert.match(far.text('differs-from-record'), /generator's CPUs .* against 64 x another CPU \(changes timings\)/);
  assert.match(
    far.text('differs-from-record'),
    /gateway: runtime nodejs \S+ against nodejs v1\.2\.3 \(changes timings\)/,
  );
});

test('an environment in which the same load becomes slower from time to time is told: three repeats do not agree', async (t) => {
  const { record, text } = await flawedRun(t, 'fidelity', { env, flaws: { drift_ms_per_1k_requests: 4000 } });
  assert.equal(record.verdict, 'FAIL', why(record));
  assert.match(text('repeats-agree'), /^the same small load three times does not give the same: .* beyond doubt/);
});

test('pages of the containers and of the database: what runs there is listed, limits that are not set are told, and another version than in the record is named', async (t) => {
  let postgres = '16.3.0';
  // As cAdvisor and PostgreSQL's exporter write them.
  const page = createServer((_, response) =>
    response.end(
      [
        'container_last_seen{container_label_com_docker_compose_service="api",image="gsai/api:1.4",name="gsai-api-1"} 1.7e9',
        'container_last_seen{container_label_com_docker_compose_service="db",image="postgres:16",name="gsai-db-1"} 1.7e9',
        `pg_static{server="db:5432",short_version="${postgres}",version="PostgreSQL ${postgres} on x86_64"} 1`,
        'pg_settings_max_connections 100',
        'process_resident_memory_bytes 3e8',
        'process_cpu_seconds_total 5',
        '',
      ].join('\n'),
    ),
  );
  await new Promise<void>((resolve) => page.listen(0, '127.0.0.1', resolve));
  t.after(() => page.close());
  const METRICS_URLS = `deploy=http://127.0.0.1:${(page.address() as AddressInfo).port}/metrics`;
  const first = await flawedRun(t, 'fidelity', { env: { ...env, METRICS_URLS } });
  const rows = Object.fromEntries(
    first.record.findings.find(({ id }) => id === 'environment')!.table!.rows.map(([name, value]) => [name, value]),
  );
  // Both are on one machine, and the header tells whole seconds.
  assert.match(rows["target's clock ahead of the generator's"] ?? '', /^-?0(\.\d+)? s$/);
  assert.equal(rows['deploy: containers'], 'api gsai/api:1.4, db postgres:16');
  assert.equal(rows['deploy: database'], 'PostgreSQL 16.3.0');
  assert.match(rows['deploy: CPU and memory limits'] ?? '', /^none are told, so shares of a limit cannot be judged$/);
  const record = join(scratch(), 'production.json');
  writeFileSync(record, JSON.stringify(first.record));
  postgres = '17.1.0';
  const { record: run, text } = await flawedRun(t, 'fidelity', { env: { ...env, METRICS_URLS, RECORD: record } });
  assert.notEqual(run.verdict, 'PASS', why(run));
  assert.match(
    text('differs-from-record'),
    /deploy: database PostgreSQL 17\.1\.0 against PostgreSQL 16\.3\.0 \(changes timings\)/,
  );
});

/** A way to a port that carries so many bytes a second there, and on which every so many pieces is 220 ms late. */
async function narrowWay(to: number, bytesPerSecond: number, lostOf: number): Promise<Server> {
  let pieces = 0;
  const server = listen((client) => {
    const target = connect(to, '127.0.0.1');
    let free = 0;
    client.on('data', (piece) => {
      pieces += 1;
      const lost = pieces % lostOf === 0 ? 220 : 0;
      free = Math.max(Date.now(), free) + (1000 * piece.length) / bytesPerSecond + lost;
      setTimeout(() => target.write(piece), free - Date.now());
    });
    target.pipe(client);
    for (const [one, other] of [
      [client, target],
      [target, client],
    ] as const)
      one.on('error', () => other.destroy()).on('close', () => other.destroy());
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return server;
}

test('a narrow way to the target on which packets are lost is told against a record of a wide one: what a large body takes, and round trips that wait for a packet', async (t) => {
  const wide = await flawedRun(t, 'fidelity', { env, evenDisturbed: true });
  const record = join(scratch(), 'wide.json');
  writeFileSync(record, JSON.stringify(wide.record));
  const narrow = await flawedRun(t, 'fidelity', {
    evenDisturbed: true,
    env: async ({ gateway }) => {
      const way = await narrowWay(Number(new URL(gateway).port), 2 * 2 ** 20, 6);
      t.after(() => way.close());
      const BASE_URL = gateway.replace(/:\d+/, `:${(way.address() as AddressInfo).port}`);
      return { ...env, BASE_URL, RECORD: record };
    },
  });
  const told = narrow.text('differs-from-record');
  assert.match(told, /a body of 1 MB there and refused \d{3,4} ms \([01]\.?\d* MB\/s or more\) against \d+/);
  assert.match(told, /round trips with a packet that was sent again, by their time \d+ of 29 against 0 of 29/);
  const missed = narrow.record.objectives.find(({ metric }) => metric === 'differs-from-record')!;
  assert.equal(missed.state, 'missed', why(narrow.record));
});
