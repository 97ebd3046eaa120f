import assert from 'node:assert/strict';
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { parquetMetadata, parquetReadObjects } from 'hyparquet';
import { scratch } from '../../programs/scratch';
import { madeRequests, madeRun } from '../compare/made.fixture';
import { main } from './report';

const made = { seed: 3, seconds: 60 };
const evil = '"><script>alert(1)</script>\n\u202e=1+1';

function run(text: string, kept = 0): string {
  const folder = join(scratch(), `run-${Math.random().toString(36).slice(2)}`);
  mkdirSync(folder);
  const change = (record: object) => Object.assign(record, { requests: { ...madeRequests(made).report, kept } });
  writeFileSync(join(folder, 'run.json'), JSON.stringify(madeRun({ ...made, change }).record));
  writeFileSync(join(folder, 'requests.jsonl'), text);
  return folder;
}

test('Parquet holds every request of the file, field by field, with a column for each tag', async () => {
  const entries = madeRequests(made).entries.map((entry, i) => ({
    ...entry,
    ...(i === 7 ? { error: evil } : {}),
    tags: { ...entry.tags, ...(i % 2 ? { agency: '1' } : {}), outcome: 'as a tag' },
  }));
  const folder = run(entries.map((entry) => `${JSON.stringify(entry)}\n`).join(''));
  const said: string[] = [];
  assert.equal(await main([folder, '--format', 'parquet'], (text) => said.push(text)), 0);
  assert.deepEqual(said, [`${join(folder, 'requests.parquet')}\n`]);
  const bytes = readFileSync(join(folder, 'requests.parquet'));
  const file = bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.length);
  const { num_rows, key_value_metadata } = parquetMetadata(file);
  assert.equal(Number(num_rows), entries.length);
  assert.deepEqual(key_value_metadata, [{ key: 'run_id', value: 'made-3' }]);
  const rows = await parquetReadObjects({ file });
  for (const [i, { tags, ...fields }] of entries.entries()) {
    const { outcome, ...rest } = tags;
    const expected: Record<string, unknown> = { ...fields, ...rest, tag_outcome: outcome };
    const had = Object.fromEntries(
      Object.entries(rows[i]!).filter(([, value]) => value !== null && value !== undefined),
    );
    assert.deepEqual(had, expected);
  }
});

test('an empty file of requests is an empty Parquet file; a damaged one is none, and nothing is left of it', async () => {
  const folder = run('');
  assert.equal(await main([folder, '--format', 'parquet'], () => {}), 0);
  const damaged = run('{"outcome":"ok","connect_ms":0,"tags":{}}\n{"outcome":\n');
  await assert.rejects(
    main([damaged, '--format', 'parquet'], () => {}),
    /requests\.jsonl, line 2: it is no JSON/,
  );
  assert.deepEqual(readdirSync(damaged).sort(), ['requests.jsonl', 'run.json']);
});

test('a run without such a file, a terminal, and tags that are ids are refused in one sentence', async () => {
  const ids = Array.from({ length: 200 }, (_, i) => `{"outcome":"ok","connect_ms":0,"tags":{"id${i}":"x"}}\n`).join('');
  await assert.rejects(
    main([run(ids), '--format', 'parquet'], () => {}),
    /more than 100 different tags/,
  );
  const folder = run('');
  await assert.rejects(
    main([folder, '--format', 'parquet', '--stdout'], () => {}),
    /--stdout is for text/,
  );
  writeFileSync(join(folder, 'run.json'), JSON.stringify(madeRun(made).record));
  await assert.rejects(
    main([folder, '--format', 'parquet'], () => {}),
    /no file of single requests.*REQUESTS=all/,
  );
  assert.ok(!existsSync(join(folder, 'requests.parquet')));
});
