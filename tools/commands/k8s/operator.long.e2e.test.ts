import assert from 'node:assert/strict';
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, readdirSync, readFileSync, symlinkSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { after, before, test } from 'node:test';
import { parseAllDocuments } from 'yaml';
import type { RunRecord } from '../../../lib/summary';
import { debian } from '../../programs/debian';
import { capture } from '../../programs/process';
import { scratch } from '../../programs/scratch';
import { freePort } from '../../programs/services/service';
import { type Simulator, startSimulator } from '../../programs/simulator';
import { jobsOf, type Container } from './jobs.fixture';

/*
 * There is no cluster here. What a cluster would run is what the operator's own code makes of our TestRun; these commands
 * are run as they are, as processes of this machine, with the image's folder in another place and a port for each runner.
 */

let simulator: Simulator;
before(async () => {
  simulator = await startSimulator();
  await debian('curl', 'curl');
});
after(() => simulator.stop());

const ofTheMachine = /the generator (was late|read late|used)/;

/** The image's folders, as far as its commands read them, in a folder of this machine. */
function image(): string {
  const work = join(scratch(), 'work');
  mkdirSync(join(work, 'results'), { recursive: true });
  mkdirSync(join(work, 'bin'));
  for (const folder of ['dist', 'data', 'thresholds']) symlinkSync(resolve(folder), join(work, folder));
  symlinkSync(resolve('bin/k6'), join(work, 'bin/k6'));
  return work;
}

test("the commands that k6-operator's own code makes of our TestRun check the script, send one load together, and are merged to one verdict", async () => {
  const out = scratch();
  const parameters = { BASE_URL: simulator.gateway, API_KEY: 'secret:keys/API_KEY', RATE: '40', DURATION: '5s' };
  const more = { PROVIDER_URL: 'none', START_AFTER: '3s', OBJECTIVES: 'thresholds/smoke.json' };
  const words = Object.entries({ ...parameters, ...more }).flatMap(([name, value]) => ['-e', `${name}=${value}`]);
  const written = await capture(process.execPath, [
    ...['tools/run.mjs', 'k8s', 'smoke', '--parallelism', '2', '--name', 'try', '--out', out],
    ...words,
  ]);
  assert.equal(written.code, 0, written.stderr);
  const documents = (file: string) =>
    parseAllDocuments(readFileSync(join(out, 'try', file), 'utf8')).map((each) => each.toJS() as { kind: string });
  const run = documents('testrun.yaml').find(({ kind }) => kind === 'TestRun')!;
  const jobs = await jobsOf(run);

  const work = image();
  mkdirSync(join(work, 'given'));
  symlinkSync(resolve('thresholds/smoke.json'), join(work, 'given/objectives-smoke.json'));
  const ports = [await freePort(), await freePort()];
  const here = (text: string) =>
    text
      .replaceAll('/tmp/', '/work/')
      .replaceAll('/work/', `${work}/`)
      .replace(/runner-(\d):6565/g, (_, i) => `127.0.0.1:${ports[Number(i) - 1]}`);
  const start = ({ command, env = [] }: Container, port?: number): ChildProcess => {
    const set = Object.fromEntries(env.map(({ name, value }) => [name, here(value ?? 'gsai-sim-key')]));
    const [program, ...args] = command.map((word) =>
      here(word).replaceAll('--address=0.0.0.0:6565', `--address=127.0.0.1:${port}`),
    );
    return spawn(program!, args, {
      cwd: work,
      stdio: ['ignore', 'pipe', 'pipe'],
      env: { ...set, PATH: `${work}/bin:${process.env.PATH}`, HOME: work, K6_AUTO_EXTENSION_RESOLUTION: 'false' },
    });
  };
  const end = async (child: ChildProcess) => {
    let said = '';
    for (const stream of [child.stdout!, child.stderr!]) stream.on('data', (text: Buffer) => (said += text.toString()));
    const [code] = (await once(child, 'close')) as [number];
    return { code, said };
  };

  const initialized = await end(start(jobs.initializer));
  assert.equal(initialized.code, 0, initialized.said);

  const runners = jobs.runners.map((each, i) => end(start(each, ports[i])));
  for (const port of ports)
    for (let ready = false; !ready; await new Promise((done) => setTimeout(done, 50)))
      ready = await fetch(`http://127.0.0.1:${port}/v1/status`).then(
        ({ ok }) => ok,
        () => false,
      );
  assert.deepEqual(readdirSync(join(work, 'results')), [], 'paused, as the operator starts them');
  const started = await end(start(jobs.starter));
  assert.match(started.said, /"http_code":200/);
  for (const { code, said } of await Promise.all(runners)) assert.ok([0, 99, 110].includes(code), said);

  const merge = documents('merge.yaml')[0] as unknown as {
    spec: { template: { spec: { containers: [Container] } } };
  };
  const merged = await end(start(merge.spec.template.spec.containers[0]));
  assert.ok([0, 110].includes(merged.code), merged.said);
  const [folder] = readdirSync(join(work, 'results/try-merged'));
  const record = JSON.parse(readFileSync(join(work, 'results/try-merged', folder!, 'run.json'), 'utf8')) as RunRecord;
  // On a machine that others use too a generator may be late: that is told, and is not what is tested here.
  assert.deepEqual(
    record.reasons.filter(({ text }) => !ofTheMachine.test(text)),
    [],
  );
  assert.equal(record.counts.started, 200);
  assert.deepEqual(
    record.merged_from!.map(({ segment }) => segment),
    ['0:1/2', '1/2:1'],
  );
});
