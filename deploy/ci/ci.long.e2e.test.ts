import assert from 'node:assert/strict';
import { once } from 'node:events';
import { existsSync, mkdirSync, readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { parse } from 'yaml';
import { capture, type Ran } from '../../tools/programs/process';
import { scratch } from '../../tools/programs/scratch';
import { startSimulator, type Simulator } from '../../tools/programs/simulator';

/*
 * The shell steps of deploy/ci/, taken out of their files and run as the CI would, in a clone of this project: first on
 * the base branch, then for a pull request. Only what a CI itself gives is made up: its variables, its API and its
 * artefacts. Installing and building take minutes.
 */

interface Step {
  run?: string;
  env?: Record<string, string>;
}

let simulator: Simulator;
const home = join(scratch(), 'gsai-perf');
const comments: string[] = [];
/** The folder whose perf/last/run.json is the base branch's artefact. */
let artefacts = '';
const ci = createServer((request, response) => {
  let text = '';
  request.on('data', (part: Buffer) => (text += part.toString()));
  request.on('end', () => {
    if (/run\.json/.test(request.url!)) {
      const file = join(artefacts, 'perf/last/run.json');
      return void (existsSync(file) ? response.end(readFileSync(file)) : response.writeHead(404).end());
    }
    if (request.method === 'GET') return void response.end('[]');
    comments.push((JSON.parse(text) as { body: string }).body);
    response.end('{}');
  });
});
let api: string;

before(async () => {
  [simulator] = await Promise.all([startSimulator(), once(ci.listen(0, '127.0.0.1'), 'listening')]);
  api = `http://127.0.0.1:${(ci.address() as AddressInfo).port}`;
});
after(async () => {
  await simulator?.stop();
  ci.close();
});

/** Runs shell text in a workspace, with the variables of a CI's job and nothing else of this shell's. */
function shell(text: string, workspace: string, variables: Record<string, string>, program = 'bash'): Promise<Ran> {
  const { PATH, HOME } = process.env;
  const load = {
    BASE_URL: simulator.gateway,
    API_KEY: 'gsai-sim-key',
    RATE: '10',
    DURATION: '4s',
    CALIBRATION: 'none',
  };
  return capture(program, [...(program === 'bash' ? ['-eo', 'pipefail'] : ['-ex']), '-c', text], {
    cwd: workspace,
    env: { PATH, HOME, ...load, PERF_HOME: home, PERF_REPOSITORY: `file://${process.cwd()}`, ...variables },
  });
}

function sound({ code, stdout, stderr }: Ran, base: boolean): void {
  // Four seconds are few samples: what they cannot decide is INVALID, and nothing is FAIL.
  assert.ok(code === 0 || code === 110, `${code}\n${stdout}\n${stderr}`);
  assert.match(stdout, base ? /There is no run of the base branch yet/ : /gsai-perf compare: /, stdout + stderr);
  assert.doesNotMatch(stdout + stderr, /gsai-sim-key/);
}

test('the steps of the composite action run, keep the run, compare and tell the pull request', async () => {
  const { runs } = parse(readFileSync('deploy/ci/action.yml', 'utf8')) as { runs: { steps: Step[] } };
  const steps = runs.steps.flatMap(({ run }) => run ?? []);
  assert.equal(steps.length, 3);
  assert.equal((await capture('git', ['clone', '-q', '--depth', '1', `file://${process.cwd()}`, home])).code, 0);
  const workspace = scratch();
  const output = join(workspace, 'output');
  const job = (ref: string) => ({
    ...{
      GITHUB_ACTIONS: 'true',
      GITHUB_WORKSPACE: workspace,
      GITHUB_OUTPUT: output,
      GITHUB_REF: ref,
      GITHUB_API_URL: api,
    },
    ...{ GITHUB_REPOSITORY: 'o/n', GITHUB_TOKEN: 't', GITHUB_ACTION_PATH: join(home, 'deploy/ci') },
    ...{
      GITHUB_STEP_SUMMARY: join(workspace, 'summary'),
      PERF_SCRIPT: 'smoke',
      PERF_ALLOW: 'machine',
      PERF_PARAMETERS: 'SEED=7\n',
    },
  });
  const [where, run, keep] = steps as [string, string, string];
  assert.equal((await shell(where, workspace, job('refs/heads/main'))).code, 0);
  assert.match(readFileSync(output, 'utf8'), /^path=\/.*\nsources=[0-9a-f]{16}\n$/);

  const first = await shell(run, workspace, job('refs/heads/main'));
  sound(first, true);
  assert.match(first.stdout, /^::(notice|error|warning) title=gsai-perf smoke/m);
  assert.match(first.stdout, /this job is for no pull request/);
  assert.equal((await shell(keep, workspace, job('refs/heads/main'))).code, 0);
  assert.ok(existsSync(join(workspace, 'perf-base/run.json')), 'kept for the next one');

  sound(await shell(run, workspace, job('refs/pull/7/merge')), false);
  assert.match(comments.at(-1)!, /^<!-- gsai-perf smoke -->\n### .*gsai-perf compare: /);
  assert.match(readFileSync(join(workspace, 'summary'), 'utf8'), /gsai-perf compare: /);
  const { environment } = JSON.parse(readFileSync(join(workspace, 'perf/last/run.json'), 'utf8')) as {
    environment: { parameters: { seed: number } };
  };
  assert.equal(environment.parameters.seed, 7, 'the parameters of the input');
});

test('the script of the GitLab job runs, fetches the base as an artefact, and tells the merge request', async () => {
  const { performance: job } = parse(readFileSync('deploy/ci/gitlab-ci.yml', 'utf8')) as {
    performance: { before_script: string[]; script: string[]; variables: Record<string, string> };
  };
  const text = [...job.before_script, ...job.script].join('\n');
  const build = async (more: Record<string, string>) => {
    const workspace = scratch();
    const variables = {
      ...{ PERF_SCRIPT: job.variables.PERF_SCRIPT!, GITLAB_CI: 'true', CI_PROJECT_DIR: workspace, CI_PROJECT_ID: '3' },
      ...{
        CI_API_V4_URL: api,
        CI_JOB_TOKEN: 'j',
        CI_JOB_NAME: 'performance',
        CI_DEFAULT_BRANCH: 'main',
        GITLAB_TOKEN: 'g',
      },
    };
    return { workspace, ran: await shell(text, workspace, { ...variables, ...more }, 'sh') };
  };
  artefacts = '';
  const base = await build({ CI_COMMIT_BRANCH: 'main' });
  sound(base.ran, true);
  artefacts = base.workspace;
  const merge = await build({ CI_MERGE_REQUEST_IID: '5', CI_MERGE_REQUEST_TARGET_BRANCH_NAME: 'main' });
  sound(merge.ran, false);
  assert.match(comments.at(-1)!, /gsai-perf compare: /);
  assert.ok(existsSync(join(merge.workspace, 'perf/last/junit.xml')));
});

test('the steps of the Jenkinsfile run, fetch the base from its last build, and tell the pull request', async () => {
  const file = readFileSync('deploy/ci/Jenkinsfile', 'utf8');
  const steps = [...file.matchAll(/sh '''\n([\s\S]*?)'''/g)].map(([, text]) => text!);
  assert.equal(steps.length, 2);
  const build = async (more: Record<string, string>) => {
    const workspace = scratch();
    mkdirSync(join(workspace, 'src'));
    const variables = {
      ...{ JOB_URL: `${api}/job/gateway/job/PR-9/`, PERF_SCRIPT: 'smoke', GITHUB_TOKEN: 't', GITHUB_API_URL: api },
      ...more,
    };
    let ran: Ran | undefined;
    for (const step of steps) ran = await shell(step, workspace, variables, 'sh');
    return { workspace, ran: ran! };
  };
  artefacts = '';
  const base = await build({ BRANCH_NAME: 'main' });
  sound(base.ran, true);
  artefacts = base.workspace;
  const change = {
    CHANGE_ID: '9',
    CHANGE_TARGET: 'main',
    CHANGE_URL: 'https://git.example/o/n/pull/9',
    BRANCH_NAME: 'PR-9',
  };
  sound((await build(change)).ran, false);
  assert.match(comments.at(-1)!, /gsai-perf compare: /);
});
