import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { parse } from 'yaml';
import { platformName, platforms } from '../tools/release/platforms';
import { parseDockerfile } from './dockerfile.fixture';

interface Workflow {
  jobs: Record<
    string,
    { strategy?: { matrix: { include: Record<string, string>[] } }; steps: { run?: string; with?: object }[] }
  >;
}

const text = readFileSync('.github/workflows/release.yml', 'utf8');
const { jobs } = parse(text) as Workflow;
const { scripts } = JSON.parse(readFileSync('package.json', 'utf8')) as { scripts: Record<string, string> };
const matrix = (job: string, name: string) => jobs[job]!.strategy!.matrix.include.map((each) => each[name]);

test('the release workflow calls commands that there are', () => {
  const called = [...text.matchAll(/npm run ([\w:]+)/g)].map(([, name]) => name!);
  assert.ok(called.includes('release'));
  for (const name of called) assert.ok(name in scripts, name);
});

test('the release workflow tries each archive on its own system', () =>
  assert.deepEqual(matrix('try', 'platform').sort(), platforms.map(platformName).sort()));

test('the release workflow builds stages that deploy/Dockerfile has', () => {
  const stages = parseDockerfile(readFileSync('deploy/Dockerfile', 'utf8')).map(({ name }) => name);
  for (const target of matrix('images', 'target')) assert.ok(stages.includes(target!), target);
});
