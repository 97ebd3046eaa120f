import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { statSync, readFileSync, writeFileSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { scratch } from '../programs/scratch';
import { type Entry, tarGz, zip } from './archive';

const time = new Date('2026-11-26T12:00:00Z');
const entries: Entry[] = [
  { path: 'a/z.txt', content: Buffer.from('last') },
  { path: 'a/k6', content: Buffer.from('#!'), executable: true },
  { path: 'a/data/ü.json', content: Buffer.from('{}') },
];

for (const [name, make, unpack] of [
  ['tar.gz', tarGz, ['tar', '-xzf']],
  ['zip', zip, ['python3', '-m', 'zipfile', '-e']],
] as const) {
  test(`${name}: the same bytes whatever the order of the files and the time zone`, async () => {
    const zone = process.env.TZ;
    try {
      process.env.TZ = 'Asia/Kathmandu';
      const one = await make(entries, time);
      process.env.TZ = 'America/St_Johns';
      assert.deepEqual(await make([...entries].reverse(), time), one);
    } finally {
      if (zone === undefined) delete process.env.TZ;
      else process.env.TZ = zone;
    }
  });

  test(`${name}: what an ordinary program unpacks is what went in`, async () => {
    const folder = scratch();
    writeFileSync(join(folder, 'archive'), await make(entries, time));
    mkdirSync(join(folder, 'out'));
    const [command, ...words] = unpack;
    const to = name === 'zip' ? [join(folder, 'out')] : ['-C', join(folder, 'out')];
    execFileSync(command, [...words, join(folder, 'archive'), ...to]);
    for (const { path, content } of entries) assert.deepEqual(readFileSync(join(folder, 'out', path)), content);
    if (name === 'tar.gz') {
      assert.equal(statSync(join(folder, 'out/a/k6')).mode & 0o777, 0o755);
      assert.equal(statSync(join(folder, 'out/a/z.txt')).mode & 0o777, 0o644);
      assert.equal(statSync(join(folder, 'out/a/k6')).mtime.getTime(), time.getTime());
    }
  });
}
