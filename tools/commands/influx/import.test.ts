import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { scratch } from '../../programs/scratch';
import { freePort } from '../../programs/services/service';
import { databaseAt } from '../../programs/services/influxdb-client';
import { madeRun } from '../compare/made.fixture';
import { main } from './import';

function fileWith(text: string): string {
  const file = join(scratch(), 'run.json');
  writeFileSync(file, text);
  return file;
}

test('an address is that of k6’s --out influxdb=: database, user and password in it or in the environment', () => {
  assert.deepEqual(databaseAt('http://localhost:8086/k6'), { server: 'http://localhost:8086', name: 'k6' });
  assert.deepEqual(databaseAt('https://me:p%40ss@db.example/load%20tests/'), {
    server: 'https://db.example',
    name: 'load tests',
    authorization: `Basic ${Buffer.from('me:p@ss').toString('base64')}`,
  });
  assert.equal(
    databaseAt('http://h:1', { K6_INFLUXDB_USERNAME: 'u', K6_INFLUXDB_PASSWORD: 'p' }).authorization,
    `Basic ${Buffer.from('u:p').toString('base64')}`,
  );
});

test('bad input is told in a sentence', async () => {
  const url = ['--url', `http://127.0.0.1:${await freePort()}/k6`];
  await assert.rejects(main(['--dry-run']), /^ToolError: no run is named|no run is named/);
  await assert.rejects(main(['nowhere', ...url]), /nowhere cannot be read: ENOENT\. Give the folder of a run/);
  await assert.rejects(main([fileWith('{'), ...url]), /run\.json is no JSON/);
  await assert.rejects(
    main([fileWith('{"schema":1,"verdict":"PASS"}'), ...url]),
    /run\.json is no run\.json: it has no "schema" and "run_id"/,
  );
  await assert.rejects(main(['x', '--url', 'localhost:8086']), /must with http:\/\/ or https:\/\//);
  await assert.rejects(
    main(['x', '--url', 'k6']),
    /"k6" is no address; InfluxDB's is like http:\/\/localhost:8086\/k6/,
  );
  await assert.rejects(main(['x', '--to', 'y']), /--to.*see --help/);
  const sound = fileWith(JSON.stringify(madeRun({ seed: 1, seconds: 2 }).record));
  await assert.rejects(main([sound, ...url]), /InfluxDB does not answer at http:\/\/127\.0\.0\.1:\d+: ECONNREFUSED/);
});
