import assert from 'node:assert/strict';
import { execFileSync, spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { appendFileSync, cpSync, existsSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { createInterface } from 'node:readline';
import { after, before, test } from 'node:test';
import type { RunRecord } from '../../lib/summary';
import { scratch } from '../programs/scratch';
import { capture, type Ran } from '../programs/process';
import { ownPlatform } from './platforms';
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
    cwd: unpacked,
    env: { PATH: '/nowhere', HOME: unpacked, K6_AUTO_EXTENSION_RESOLUTION: 'false', K6_NO_USAGE_REPORT: 'true' },
  });

test('the same commit gives the same bytes', async () => {
  const again = scratch();
  const [name] = await makeRelease(again, [ownPlatform()]);
  assert.deepEqual(readFileSync(join(again, name!)), readFileSync(join(out, name!)));
  assert.match(readFileSync(join(out, 'SHA256SUMS'), 'utf8'), new RegExp(`^[0-9a-f]{64}  ${name}\n$`));
});

test('a machine with the archive alone tries a script in two commands, without Node and without the network', async () => {
  const target = spawn(join(unpacked, 'k6'), ['x', 'sse-target', '--address', '127.0.0.1:0', '--tokens', '5'], {
    cwd: unpacked,
    env: { PATH: '/nowhere', HOME: unpacked },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const [line] = (await once(createInterface({ input: target.stdout }), 'line')) as [string];
  const url = /^target ready: (\S+)/.exec(line)![1]!;
  const given = [`BASE_URL=${url}`, 'API_KEY=none', 'RATE=50', 'DURATION=3s', 'OUT=tried'];
  const ran = await bare(join(unpacked, 'k6'), ['run', 'dist/smoke.js', ...given.flatMap((each) => ['-e', each])]);
  assert.equal(ran.code, 0, ran.stdout + ran.stderr);
  target.kill('SIGINT');
  assert.deepEqual(await once(target, 'exit'), [0, null]);
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

/** `npm run build` in a checkout of the project with this one's packages, on a machine without Go. */
function checkout(): { folder: string; build: (env: NodeJS.ProcessEnv) => Promise<Ran> } {
  const folder = scratch();
  for (const file of execFileSync('git', ['ls-files'], { encoding: 'utf8' }).trim().split('\n'))
    if (existsSync(file)) cpSync(file, join(folder, file), { preserveTimestamps: true });
  symlinkSync(resolve('node_modules'), join(folder, 'node_modules'));
  return {
    folder,
    build: (env) =>
      capture(process.execPath, ['tools/run.mjs', 'build'], { cwd: folder, env: { PATH: '/nowhere', ...env } }),
  };
}

test('without Go, npm run build takes the k6 of the archive of these sources, and no other', async () => {
  const { folder, build } = checkout();
  const k6 = join(unpacked, 'k6');
  assert.match((await build({})).stderr, /^Go is not on the PATH: .* K6_BINARY=path\/to\/k6\.\n$/);
  assert.match((await build({ K6_BINARY: '/no/k6' })).stderr, /^K6_BINARY=\/no\/k6 cannot be read: ENOENT\n$/);

  const taken = await build({ K6_BINARY: k6 });
  assert.equal(taken.code, 0, taken.stderr);
  assert.deepEqual(readFileSync(join(folder, 'bin/k6')), readFileSync(k6));
  assert.ok(existsSync(join(folder, 'dist/smoke.js')));
  assert.equal((await build({})).code, 0, 'the next command needs neither Go nor K6_BINARY');

  appendFileSync(join(folder, 'xk6-sse/register.go'), '// changed\n');
  const refused = await build({ K6_BINARY: k6 });
  assert.equal(refused.code, 2);
  assert.match(refused.stderr, /is not made of the sources of xk6-sse\/ that are here\. Take the k6 of the archive/);
  assert.match(
    (await build({})).stderr,
    /^bin\/k6 was not built from the sources that are here, and Go, .* is not on the PATH/,
  );
});

test('a released k6 that does not run on this system is refused with a sentence', async () => {
  const { folder, build } = checkout();
  const broken = join(folder, 'k6-of-another-system');
  const content = readFileSync(join(unpacked, 'k6'));
  content.fill(0, 0, 64); // without its header it is no program of this system
  writeFileSync(broken, content);
  const { code, stderr } = await build({ K6_BINARY: broken });
  assert.equal(code, 2);
  assert.match(stderr, /^K6_BINARY=\S+ does not run here: .*\. Is it of the archive for this system\?\n$/);
  assert.ok(!existsSync(join(folder, 'bin/k6')));
});
