import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { scratch } from '../../programs/scratch';
import { calibrated, measured, needs } from '../shared/capacity';
import { parse } from './arguments';
import { carried } from './files';
import { heightOf, told } from './k8s';
import { mergeJob, testRun } from './manifests';

const now = new Date('2026-11-26T18:05:00Z');
const words = (text: string) => parse(text.split(' '), '0.1.0', now);

for (const [args, sentence] of [
  ['spike', '--parallelism must be a whole number from 1 to 500: the number of runners'],
  ['spike --parallelism 0', '--parallelism must be a whole number from 1 to 500: the number of runners'],
  ['--parallelism 2', 'no script is named: give one, such as spike; see --help'],
  ['spike peak --parallelism 2', 'two scripts were given, spike and peak'],
  ['spike --parallelism 2 --replicas 3', '--replicas is no option of k8s; see --help'],
  [
    'spike --parallelism 2 --name Spike_1',
    '--name Spike_1 is wrong: at most 50 small letters, digits and hyphens, a letter first is wanted',
  ],
  [
    'spike --parallelism 2 --claim a --storage 1Gi',
    '--claim names a volume that there is already: leave out --storage-class and --storage',
  ],
  ['spike --parallelism 2 -e OUT=there', 'OUT cannot be given: the runners write to their shared volume'],
  [
    'spike --parallelism 2 -e API_KEY=secret:keys',
    '-e API_KEY=secret:keys is wrong: secret:<name of the Secret>/<key in it> is wanted',
  ],
  [
    'spike --parallelism 2 -e API_KEY=sk-1234',
    'API_KEY would stand in the manifest for everyone to read: put it into a Secret of the cluster, and give -e API_KEY=secret:<name of the Secret>/<key in it>',
  ],
] as const)
  test(`k8s ${args} is refused: ${sentence}`, () => assert.throws(() => words(args), { message: sentence }));

test('a file that a parameter names goes to the cluster with the manifest; one that is missing, or too large for a ConfigMap, is refused', () => {
  const large = join(scratch(), 'prices.json');
  writeFileSync(large, 'x'.repeat(1_100_000));
  assert.deepEqual(Object.keys(carried({ OBJECTIVES: 'thresholds/spike.json' }, '/given').files), [
    'objectives-spike.json',
  ]);
  assert.throws(() => carried({ PRICES: '/nowhere.json' }, '/given'), {
    message: 'PRICES=/nowhere.json is wrong: there is no such file here',
  });
  assert.throws(() => carried({ PRICES: large }, '/given'), {
    message: 'the files of PRICES have 1.1 MB together, and a ConfigMap holds 1 MB: put them into the image',
  });
});

test('each runner gets its share of the load by Little’s law: resources, in twice the cores that would be busy', () => {
  const asked = words('spike --parallelism 10 -e API_KEY=secret:keys/API_KEY');
  const load = { requests: 162_750, seconds: 1330, rate: 500, users: 2700 };
  const height = heightOf(load, asked);
  assert.deepEqual(height, { streams: 270, eventsPerSecond: 13_500, requestsPerSecond: 50 });
  const each = needs(height);
  assert.ok(Math.abs(each.busy - (13.5 * 0.02 + 50 * 0.0005)) < 1e-9);
  assert.equal(each.cores, 2 * each.busy);
  const made = { asked, carried: carried({}, '/given'), needs: each };
  const run = testRun(made).find(({ kind }) => kind === 'TestRun') as unknown as {
    spec: { runner: { resources: { requests: { cpu: string; memory: string }; limits: object } } };
  };
  assert.deepEqual(run.spec.runner.resources, {
    requests: { cpu: '600m', memory: '96Mi' },
    limits: { memory: '288Mi' },
  });
  const text = told(made, load, height, 'by the usual costs', 'results/k8s/x');
  assert.match(text, /up to 500\/s and 2700 at a time/);
  assert.match(text, /Runner and initializer: image gsai-perf:0\.1\.0\. Starter: image ghcr\.io\/\S+\./);
  assert.match(text, /kubectl create secret generic keys --from-literal=API_KEY=\.\.\./);
});

test("a calibration's own figure is used where it is larger; its events are of the cheapest kind, so half the usual is the least", () => {
  const point = { streams: 200, cpu_per_1000_events: 22 };
  const height = { streams: 200, eventsPerSecond: 10_000, requestsPerSecond: 50 };
  const of = (cpu: number) =>
    calibrated({ points: [{ ...point, cpu_per_1000_events: cpu }] } as Parameters<typeof calibrated>[0], height);
  assert.equal(of(22).cpuPer1000Events, 22);
  assert.equal(of(2).cpuPer1000Events, measured.cpuPer1000Events / 2);
});

test('no key stands in a manifest: the runners refer to the Secret, and the initializer, which only reads the script, gets none', () => {
  const asked = words(
    'spike --parallelism 2 -e API_KEYS_FILE=secret:agencies/keys.txt -e HEADERS=secret:agencies/headers',
  );
  const manifests = testRun({
    asked,
    carried: carried({}, '/given'),
    needs: needs(heightOf({ requests: 1, seconds: 1, rate: 1, users: 2 }, asked)),
  });
  const { spec } = manifests.find(({ kind }) => kind === 'TestRun') as unknown as {
    spec: Record<'runner' | 'initializer', { env: { name: string }[]; volumes: object[] }>;
  };
  const env = (pod: 'runner' | 'initializer', name: string) => spec[pod].env.filter((each) => each.name === name);
  assert.deepEqual(env('runner', 'API_KEYS_FILE'), [
    { name: 'API_KEYS_FILE', value: '/work/secret/api-keys-file/keys.txt' },
  ]);
  assert.deepEqual(env('runner', 'HEADERS'), [
    { name: 'HEADERS', valueFrom: { secretKeyRef: { name: 'agencies', key: 'headers' } } },
  ]);
  assert.deepEqual(env('initializer', 'API_KEY'), [{ name: 'API_KEY', value: 'none' }]);
  assert.deepEqual(env('initializer', 'HEADERS'), []);
  assert.doesNotMatch(JSON.stringify(spec.initializer), /secret/);
});

test("a value that a shell or Kubernetes would read otherwise reaches the runners as it was given, and is kept from the operator's initializer", () => {
  const asked = parse(['spike', '--parallelism', '2', '-e', 'BODY={"a": "$(HOSTNAME)"}'], '0.1.0', now);
  const { spec } = testRun({
    asked,
    carried: carried({}, '/given'),
    needs: needs({ streams: 1, eventsPerSecond: 1, requestsPerSecond: 1 }),
  }).find(({ kind }) => kind === 'TestRun') as unknown as {
    spec: Record<'runner' | 'initializer', { env: { name: string; value: string }[] }>;
  };
  assert.equal(spec.runner.env.find(({ name }) => name === 'BODY')!.value, '{"a": "$$(HOSTNAME)"}');
  assert.equal(
    spec.initializer.env.find(({ name }) => name === 'BODY'),
    undefined,
  );
});

test('the merge writes beside the parts, not among them: a second merge would take the first for a part', () => {
  const job = JSON.stringify(mergeJob({ asked: words('spike --parallelism 2 --name s') }));
  assert.match(job, /-e OUT=\/work\/results\/s-merged/);
  assert.match(job, /set -- \/work\/results\/s\/\*\/run\.json/);
});
