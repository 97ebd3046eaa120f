import assert from 'node:assert/strict';
import { execFileSync, spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { after, before, test } from 'node:test';
import type { RunRecord } from '../../lib/summary/record';
import { scratch } from '../k6';
import { capture } from '../processes';
import { ownPlatform, platformName } from './platforms';
import { makeRelease } from './release';

const out = scratch();
/** The unpacked archive, far from the project and its node_modules. */
let unpacked: string;
const simulator: { url: string; stop: () => void } = { url: '', stop: () => {} };

before(async () => {
  const [name] = await makeRelease(out, [ownPlatform()]);
  const folder = scratch();
  execFileSync('tar', ['-xzf', join(out, name!), '-C', folder]);
  unpacked = join(folder, name!.replace('.tar.gz', ''));
  const child = spawn(process.execPath, ['tools/simulator.cjs', '--gateway-port', '0', '--provider-port', '0'], {
    cwd: unpacked,
    env: { PATH: '/nowhere' },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  simulator.stop = () => child.kill();
  const [ready] = (await once(createInterface({ input: child.stdout }), 'line')) as [string];
  simulator.url = /gateway (\S+)/.exec(ready)![1]!;
});
after(() => simulator.stop());

/** Runs a program of the archive where neither Node nor Go can be found. */
const bare = (program: string, args: readonly string[]) =>
  capture(program, args, {
    onStart: () => {},
    cwd: unpacked,
    env: { PATH: '/nowhere', HOME: unpacked, K6_AUTO_EXTENSION_RESOLUTION: 'false', K6_NO_USAGE_REPORT: 'true' },
  });

test('the same commit gives the same bytes', async () => {
  const again = scratch();
  const [name] = await makeRelease(again, [ownPlatform()]);
  assert.deepEqual(readFileSync(join(again, name!)), readFileSync(join(out, name!)));
  assert.match(readFileSync(join(out, 'SHA256SUMS'), 'utf8'), new RegExp(`^[0-9a-f]{64}  ${name}\n$`));
});

test('a machine with the archive alone, without Node and Go, runs smoke to its verdict', async () => {
  const ran = await bare(join(unpacked, 'k6'), [
    'run',
    'dist/smoke.js',
    '-e',
    `BASE_URL=${simulator.url}`,
    '-e',
    'API_KEY=gsai-sim-key',
  ]);
  assert.equal(ran.code, 0, ran.stdout + ran.stderr);
  const [folder] = readdirSync(join(unpacked, 'results'));
  const run = JSON.parse(readFileSync(join(unpacked, 'results', folder!, 'run.json'), 'utf8')) as RunRecord;
  assert.equal(run.verdict, 'PASS');

  const report = await bare(process.execPath, ['tools/report.cjs', `results/${folder}`]);
  assert.equal(report.code, 0, report.stderr);
  assert.ok(existsSync(join(unpacked, 'results', folder!, 'report.html')));
});

test('every script of the archive loads in its k6', async () => {
  const scripts = readdirSync(join(unpacked, 'dist')).filter((file) => file.endsWith('.js'));
  assert.ok(scripts.includes('spike.js'));
  for (const script of scripts) {
    const { code, stderr } = await bare(join(unpacked, 'k6'), ['inspect', `dist/${script}`]);
    assert.equal(code, 0, `${script}: ${stderr}`);
  }
});

test('each tool is one file, starts with Node alone and tells its own help', async () => {
  for (const tool of readdirSync(join(unpacked, 'tools'))) {
    const { code, stdout, stderr } = await bare(process.execPath, [`tools/${tool}`, '--help']);
    assert.equal(code, 0, stderr);
    assert.match(stdout, new RegExp(tool.replace('.cjs', ''), 'i'));
  }
});

test('checksums hold, and every part of the bills of materials has its licence text', () => {
  const sums = readFileSync(join(unpacked, 'SHA256SUMS'), 'utf8').trim().split('\n');
  for (const line of sums) {
    const [sum, path] = line.split('  ');
    assert.equal(
      createHash('sha256')
        .update(readFileSync(join(unpacked, path!)))
        .digest('hex'),
      sum,
      path,
    );
  }
  const licences = readFileSync(join(unpacked, 'THIRD-PARTY-LICENSES.txt'), 'utf8');
  const without = /without a licence text in their package: (.*)\./.exec(licences)?.[1] ?? '';
  for (const [bill, expected] of [
    ['k6', ['go.k6.io/k6/v2@v2.2.0', 'github.com/tidwall/gjson@v1.19.0']],
    ['tools', ['gpt-tokenizer@4.0.0', 'prom-client@15.1.3']],
  ] as const) {
    const { components } = JSON.parse(readFileSync(join(unpacked, `sbom/${bill}.cdx.json`), 'utf8')) as {
      components: { name: string; group?: string; version: string }[];
    };
    const names = components
      .filter(({ name }) => name !== 'std')
      .map(({ name, group, version }) => `${group ? `${group}/` : ''}${name}@${version}`);
    for (const name of expected) assert.ok(names.includes(name), `${name} is not in the bill of ${bill}`);
    for (const name of names) {
      assert.ok(licences.includes(`\n${name}\n===`) || without.includes(name), `no licence of ${name}`);
    }
  }
});

test(`a binary of the release tells on which sources it was made (${platformName(ownPlatform())})`, async () => {
  const { stdout } = await capture('go', ['tool', 'buildid', join(unpacked, 'k6')]);
  assert.match(stdout, /^gsai-perf\/[0-9a-f]{64}\n$/);
});
