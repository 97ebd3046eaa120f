import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { before, test } from 'node:test';
import { scratch } from '../programs/scratch';
import { ownPlatform, platformName, platforms } from './platforms';
import { makeRelease } from './release';

/*
 * No other system is at hand, so nothing is run here: that each archive is made, and holds a program for its system and its
 * processor.
 */

const others = platforms.filter((one) => platformName(one) !== platformName(ownPlatform()));
const out = scratch();
let names: string[] = [];
before(async () => {
  names = await makeRelease(out, others);
});

/** For which system and processor a program is, by the first bytes of its file. */
function madeFor(program: Buffer): string {
  if (program.readUInt32BE(0) === 0x7f454c46)
    return `linux-${{ 62: 'amd64', 183: 'arm64' }[program.readUInt16LE(18)] ?? 'unknown'}`;
  if (program.readUInt32LE(0) === 0xfeedfacf)
    return `darwin-${{ 16777223: 'amd64', 16777228: 'arm64' }[program.readUInt32LE(4)] ?? 'unknown'}`;
  const header = program.readUInt32LE(0x3c);
  if (program.toString('latin1', 0, 2) === 'MZ' && program.toString('latin1', header, header + 4) === 'PE\0\0')
    return `windows-${{ 34404: 'amd64', 43620: 'arm64' }[program.readUInt16LE(header + 4)] ?? 'unknown'}`;
  return 'unknown';
}

for (const platform of others)
  test(`the archive for ${platformName(platform)} is made, and its k6 is a program for that system`, () => {
    const name = names.find((each) => each.includes(platformName(platform)))!;
    const folder = name.replace(/\.(tar\.gz|zip)$/, '');
    const into = scratch();
    if (name.endsWith('.zip')) execFileSync('python3', ['-m', 'zipfile', '-e', join(out, name), into]);
    else execFileSync('tar', ['-xzf', join(out, name), '-C', into]);
    const program = join(into, folder, platform.os === 'windows' ? 'k6.exe' : 'k6');
    assert.equal(madeFor(readFileSync(program)), platformName(platform));
    assert.match(readFileSync(join(into, folder, 'README.md'), 'utf8'), /has not been tried on this one/);
  });
