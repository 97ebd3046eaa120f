import assert from 'node:assert/strict';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { capture } from '../../tools/programs/process';
import { scratch } from '../../tools/programs/scratch';

/*
 * What k6 itself says of a load, without sending it: in an inspection, in an archive, and in the description of a run
 * whose target is not there.
 */

const env = { PATH: process.env.PATH, HOME: process.env.HOME, K6_AUTO_EXTENSION_RESOLUTION: 'false' };
const k6 = async (...args: string[]) => {
  const { code, stdout, stderr } = await capture('bin/k6', args, { env });
  return { code, stdout, said: stdout + stderr };
};
interface Inspected {
  scenarios: { load: { executor: string; stages?: { phase: string; target: number; duration: string }[] } };
  totalDuration: string;
  maxVUs: number;
}
const inspect = async (...args: string[]) =>
  JSON.parse((await k6('inspect', '--execution-requirements', ...args)).stdout) as Inspected;
const given = ['-e', 'API_KEY=none', '-e', 'SCALE=0.1', '-e', 'TIME_SCALE=0.1'];

test("k6 inspect told of every load 'per-vu-iterations': now it tells phases and rates, also of an archive", async () => {
  const script = await inspect('dist/spike.js', ...given);
  const { executor, stages } = script.scenarios.load;
  assert.equal(executor, 'llm-arrival-rate');
  const phases = [...new Set(stages!.map(({ phase }) => phase))];
  assert.deepEqual(phases, ['before', 'spike', 'recovery']);
  assert.ok(Math.max(...stages!.map(({ target }) => target)) > Math.min(...stages!.map(({ target }) => target)));

  const archive = join(scratch(), 'spike.tar');
  const archived = await k6('archive', '-O', archive, 'dist/spike.js', ...given);
  assert.equal(archived.code, 0, archived.said);
  const again = await inspect(archive);
  assert.deepEqual(again.scenarios.load, script.scenarios.load);
  assert.deepEqual([again.maxVUs, again.totalDuration], [script.maxVUs, script.totalDuration]);
});

test('the other kinds of load have executors of their own: users without pause', async () => {
  const { scenarios, maxVUs } = await inspect('dist/spike.js', ...given, '-e', 'VUS=20');
  assert.equal(scenarios.load.executor, 'llm-constant-users');
  assert.equal(maxVUs, 8);
});

test("k6's description of a run names phases and rates, and a segment's its share of them", async () => {
  const describe = async (...more: string[]) => {
    const nobody = [
      '-e',
      'BASE_URL=http://127.0.0.1:1',
      '-e',
      'API_KEY=none',
      '-e',
      `OUT=${join(scratch(), 'results')}`,
    ];
    const { code, said } = await k6(
      'run',
      '--no-color',
      ...more,
      'dist/smoke.js',
      ...nobody,
      '-e',
      'RATE=8',
      '-e',
      'DURATION=8s',
    );
    assert.equal(code, 110, said);
    return /\* load: (.*)/.exec(said)?.[1] ?? said;
  };
  assert.match(await describe(), /^8 requests\/s for \S+ \(\d+ users in \d+ VUs; ends after \S+ at the latest\)/);
  assert.match(await describe('--execution-segment', '0:1/4'), /^2 requests\/s for /);
});

test('a DURATION of NaN: what npm run bench runs can be inspected without parameters, as every bundle can', async () => {
  const bundles = readdirSync('dist').filter((file) => /^bench-[a-z-]+\.js$/.test(file));
  assert.ok(bundles.includes('bench-handler.js') && bundles.includes('bench-http-post.js'));
  for (const file of bundles) {
    const { code, said } = await k6('inspect', '--execution-requirements', `dist/${file}`);
    assert.equal(code, 0, `${file}: ${said}`);
    assert.doesNotMatch(said, /NaN/, file);
  }
});
