import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { before, test } from 'node:test';
import type { ValidateFunction } from 'ajv';
import { parseAllDocuments } from 'yaml';
import { capture } from '../../programs/process';
import { scratch } from '../../programs/scratch';
import { operatorSources, testRunCheck } from './operator.fixture';

let check: ValidateFunction | undefined;
let missing = '';
before(async () => {
  const sources = await operatorSources();
  if ('missing' in sources) missing = sources.missing;
  else check = testRunCheck(sources.folder);
});

const given = ['-e', 'BASE_URL=https://gateway.example/v1', '-e', 'API_KEY=secret:gsai-perf/API_KEY'];
const k8s = (out: string, ...args: string[]) =>
  capture(process.execPath, ['tools/run.mjs', 'k8s', ...args, '--out', out]);

interface Document {
  kind: string;
  metadata: { name: string };
  spec: Record<string, unknown>;
}

test("npm run k8s writes what k6-operator's own schema takes: the volume, the files, the TestRun, and the Job that merges", async (t) => {
  const out = scratch();
  const words = ['--parallelism', '10', '--separate', '--name', 'try', '--storage-class', 'nfs', '--namespace', 'load'];
  const files = ['-e', 'OBJECTIVES=thresholds/spike.json', '-e', 'TRACES=w3c', '-e', 'RATE=200'];
  const { code, stdout, stderr } = await k8s(out, 'spike', ...words, ...given, ...files);
  assert.equal(code, 0, stderr);
  assert.match(
    stdout,
    /10 runners send \d+ requests .*up to 200\/s and 1\d{3} at a time \(Little's law with a margin\)/,
  );
  const read = (file: string) =>
    parseAllDocuments(readFileSync(join(out, 'try', file), 'utf8')).map((each) => each.toJS() as Document);
  const [volume, files1, run] = read('testrun.yaml');
  assert.deepEqual([volume!.kind, files1!.kind, run!.kind], ['PersistentVolumeClaim', 'ConfigMap', 'TestRun']);
  assert.equal(read('merge.yaml')[0]!.metadata.name, 'try-merge');
  if (!check) return t.skip(missing);
  assert.ok(check(run!.spec), JSON.stringify(check.errors));
  // The check can fail: a field that the operator does not know, and a number where it wants a word.
  assert.ok(!check({ ...run!.spec, replicas: 10 }));
  assert.ok(!check({ ...run!.spec, runner: { ...(run!.spec.runner as object), automountServiceAccountToken: false } }));
  // Volumes, mounts and containers of the Job are those of a pod, which the schema of a TestRun's runner knows too.
  const { volumes, containers } = (
    read('merge.yaml')[0]!.spec as {
      template: { spec: { volumes: object[]; containers: Record<string, unknown>[] } };
    }
  ).template.spec;
  const { image, resources, volumeMounts } = containers[0]!;
  assert.ok(check({ ...run!.spec, runner: { volumes, image, resources, volumeMounts } }), JSON.stringify(check.errors));
});

test('what the script itself refuses is refused before a manifest is written, with its own sentence', async () => {
  const refused = async (...args: string[]) => {
    const { code, stderr } = await k8s(scratch(), 'spike', '--parallelism', '2', ...args);
    assert.equal(code, 2);
    return stderr.trim();
  };
  assert.equal(
    await refused(...given, '-e', 'RATE=abc'),
    'RATE=abc is wrong: a number above 0 and at most 100000 is wanted',
  );
  assert.match(await refused('-e', 'BASE_URL=https://gateway.example/v1'), /^no key is given: give -e API_KEY=secret:/);
});
