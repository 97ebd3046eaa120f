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

test('what deploy/ci/ runs are commands that there are, and its keys come from secrets alone', () => {
  for (const name of ['action.yml', 'gitlab-ci.yml', 'Jenkinsfile', 'github.yml']) {
    const file = readFileSync(`deploy/ci/${name}`, 'utf8');
    for (const [, command] of file.matchAll(/npm run (?:--silent )?([\w:]+)/g)) assert.ok(command! in scripts, command);
    assert.doesNotMatch(file, /-e API_KEY=|API_KEY: [\w-]+$/m, 'a key on a command line is seen by all');
    // What a pull request can choose is never put into the text of a shell.
    const shells = [...file.matchAll(/run: \|\n((?: {8,}.*\n)+)/g)].map(([, text]) => text!);
    for (const text of shells) assert.doesNotMatch(text, /\$\{\{/, name);
  }
});
