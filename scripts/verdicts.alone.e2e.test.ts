import assert from 'node:assert/strict';
import { type ChildProcess, spawnSync } from 'node:child_process';
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { k6, type K6Run } from '../tools/programs/k6';
import { scratch } from '../tools/programs/scratch';
import { undisturbed } from '../tools/testing/k6';
import { checkPlain, checkRecord, reasons } from '../tools/testing/records';
import { startSimulator } from '../tools/programs/simulator';
import { key, short, smokeTarget } from '../tools/testing/smoke-target';

const { simulator, gateway } = smokeTarget();

/** An objectives file with one objective. */
function objectives(objective: object): string {
  const file = join(scratch(), 'objectives.json');
  writeFileSync(file, JSON.stringify({ row: 'test', objectives: [{ source: 'this test', ...objective }] }));
  return file;
}

test('PASS: a gateway within its objectives; exit 0', async () => {
  const ran = await undisturbed('dist/smoke.js', { env: { ...gateway(), ...short } });
  checkRecord(ran);
  assert.equal(ran.run?.verdict, 'PASS', reasons(ran) + ran.stderr);
  assert.equal(ran.run?.counts.started, 240);
  assert.deepEqual(
    ran.run?.phases.map((phase) => [phase.phase, phase.due, phase.dropped]),
    [['load', 240, 0]],
  );
});

test('FAIL: an objective missed; exit 99', async () => {
  const ran = await undisturbed('dist/smoke.js', {
    env: {
      ...gateway(),
      ...short,
      OBJECTIVES: objectives({ name: 'TTFT p50', metric: 'llm_ttft', stat: 'p50', below: 20 }),
    },
  });
  checkRecord(ran);
  assert.equal(ran.run?.verdict, 'FAIL', reasons(ran));
  assert.match(reasons(ran), /target: TTFT p50: measured \d+.*wanted < 20/);
});

test('FAIL, not INVALID: a target that answers 500 to everything has no time to first token', async () => {
  await simulator().configure({
    gateway: { flaws: { empty_200_on_failure: false } },
    provider: {
      models: {
        claude_3_haiku: { failure_share: 1, failure: '500' },
        cohere_english_v3: { failure_share: 1, failure: '500' },
      },
    },
  });
  const ran = await undisturbed('dist/smoke.js', { env: { ...gateway(), ...short } });
  checkRecord(ran);
  assert.equal(ran.run?.verdict, 'FAIL', reasons(ran));
  assert.match(reasons(ran), /evidence: TTFT p50: too little evidence: no sample/);
});

test('FAIL: a gateway that answers a failed provider call with 200 and no content does not go green', async () => {
  await simulator().configure({ provider: { models: { claude_3_haiku: { failure_share: 1, failure: '503' } } } });
  const ran = await undisturbed('dist/smoke.js', { env: { ...gateway(), ...short } });
  checkRecord(ran);
  assert.equal(ran.run?.verdict, 'FAIL', reasons(ran));
  assert.ok(ran.run?.outcomes.some((row) => row.outcome === 'empty' && row.tags.kind === 'chat'));
});

test('FAIL: load that the target held back: "wanted 60/s, could send fewer"', async () => {
  await simulator().configure({
    provider: { models: { claude_3_haiku: { ttft_ms: 3000 }, cohere_english_v3: { ttft_ms: 3000 } } },
  });
  const limit = objectives({ name: 'response time p95', metric: 'llm_e2e', stat: 'p95', below: 200 });
  const ran = await undisturbed('dist/smoke.js', {
    env: { ...gateway(), RATE: '60', DURATION: '6s', OBJECTIVES: limit },
  });
  checkRecord(ran);
  assert.equal(ran.run?.verdict, 'FAIL', reasons(ran));
  assert.match(reasons(ran), /target: in phase load 60\.0 requests\/s were wanted/);
});

test('FAIL: a target that dies in mid-run', async () => {
  const dying = await startSimulator();
  const ran = await k6('dist/smoke.js', {
    env: { BASE_URL: dying.gateway, API_KEY: key, RATE: '60', DURATION: '6s' },
    onStart: (child) =>
      child.stderr?.on(
        'data',
        (text: Buffer) =>
          void (/requests in/.test(String(text)) && setTimeout(() => dying.process.kill('SIGKILL'), 2000)),
      ),
  });
  await dying.stop();
  checkRecord(ran);
  assert.equal(ran.run?.verdict, 'FAIL', reasons(ran));
  assert.ok(ran.run?.outcomes.some((row) => row.outcome === 'connect'));
});

test('INVALID: too few samples; exit 110', async () => {
  const ran = await k6('dist/smoke.js', { env: { ...gateway(), RATE: '10', DURATION: '2s' } });
  checkRecord(ran);
  assert.equal(ran.run?.verdict, 'INVALID', reasons(ran));
  assert.match(reasons(ran), /evidence: errors: too little evidence: 20 samples, 132 are needed/);
});

test('INVALID: an objective about a size that no request carried', async () => {
  const file = objectives({
    name: 'spike',
    metric: 'llm_stream_error',
    stat: 'share',
    below: 0.05,
    tags: { size: 'spik' },
  });
  const ran = await k6('dist/smoke.js', { env: { ...gateway(), ...short, OBJECTIVES: file } });
  checkRecord(ran);
  assert.match(reasons(ran), /instrument: objective "spike": no request carried size=spik/);
});

test('INVALID: too few VUs by the user, the target in time', async () => {
  const ran = await undisturbed('dist/smoke.js', { env: { ...gateway(), RATE: '60', VUS: '2', DURATION: '4s' } });
  checkRecord(ran);
  assert.match(
    reasons(ran),
    /instrument: in phase load .* all 2 VUs were busy although the target was in time; raise VUS/,
  );
});

test('a closed load: VUS alone are that many users without pause', async () => {
  const ran = await undisturbed('dist/smoke.js', { env: { ...gateway(), VUS: '30', DURATION: '5s' } });
  checkRecord(ran);
  assert.equal(ran.run?.verdict, 'PASS', reasons(ran));
  assert.equal(ran.run?.phases[0]?.max_in_flight, 30);
});

test('Poisson arrivals from a seed: the same seed asks for the same number', async () => {
  const one = () => undisturbed('dist/smoke.js', { env: { ...gateway(), ...short, ARRIVALS: 'poisson', SEED: '7' } });
  const [a, b] = [await one(), await one()];
  checkRecord(a);
  assert.equal(a.run?.counts.started, b.run?.counts.started);
  const schedule = ({ folder }: K6Run) =>
    (JSON.parse(readFileSync(join(folder!, 'schedule.json'), 'utf8')) as { due: number[]; more: boolean; seed: number })
      .due;
  assert.equal(schedule(a).length, a.run?.counts.started, 'the schedule is recorded, every arrival');
  assert.deepEqual(schedule(a), schedule(b));
  assert.notEqual(a.run?.counts.started, 240);
});

test('results that cannot be kept: INVALID, the reason said, the table still printed', async () => {
  const folder = scratch();
  mkdirSync(join(folder, 'sub'));
  writeFileSync(join(folder, 'file'), '');
  // A file in the place of the folder; /dev/full is what a full disk answers.
  for (const OUT of [join(folder, 'file'), '/dev/full']) {
    const ran = await k6('dist/smoke.js', { env: { ...gateway(), ...short, OUT } }).catch((error: unknown) =>
      assert.fail(String(error)),
    );
    assert.equal(ran.code, 110);
    checkPlain(ran);
    assert.match(ran.stdout, /instrument: Could not (make|write)/);
    assert.match(ran.stdout, /verdict {5}INVALID/);
  }
  assert.deepEqual(readdirSync(join(folder, 'sub')), [], 'nothing left behind');
});

test('a full disk for the results: INVALID, the sentence says so, no half file is left', async (t) => {
  const folder = scratch();
  // A disk of 16 KiB. Mounting one needs root, which CI has.
  if (spawnSync('mount', ['-t', 'tmpfs', '-o', 'size=16k', 'tmpfs', folder]).status !== 0)
    return t.skip('no right to mount a small disk');
  try {
    const ran = await k6('dist/smoke.js', { env: { ...gateway(), ...short, OUT: join(folder, 'results') } });
    assert.equal(ran.code, 110);
    checkPlain(ran);
    assert.match(ran.stdout, /instrument: Could not write into .*: the disk is full/);
    assert.doesNotMatch(ran.stdout, /report {6}/, 'the table names no page that could not be written');
    // What is small enough for what is left of the disk is there whole; what is not is not there at all.
    const left = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((file) => /\.\w+$/.test(file));
    for (const file of left) {
      const text = readFileSync(join(folder, file), 'utf8');
      if (file.endsWith('run.json')) assert.equal((JSON.parse(text) as { verdict: string }).verdict, 'INVALID');
      else assert.match(text.trimEnd(), /<\/(testsuites|html)>$/, file);
    }
  } finally {
    spawnSync('umount', [folder]);
  }
});

test("the key of k6's --secret-source is used, and is in no artefact", async () => {
  const ran = await undisturbed('dist/smoke.js', {
    env: { BASE_URL: simulator().gateway, ...short },
    args: ['--secret-source', `mock=API_KEY=${key}`],
  });
  checkRecord(ran);
  assert.equal(ran.run?.verdict, 'PASS', reasons(ran) + ran.stderr);
  assert.ok(!(ran.stdout + ran.stderr + readFileSync(join(ran.folder!, 'run.json'), 'utf8')).includes(key));
});

/** Interrupts k6 once its load is under way. */
function interrupt(times: number) {
  let sent = 0;
  const start = (child: ChildProcess) => {
    child.stdout?.on('data', (text: Buffer) => {
      const running = /running \(0m0?[2-9]/.test(String(text));
      if (running && sent === 0) {
        sent++;
        child.kill('SIGINT');
      }
    });
    child.stderr?.on('data', (text: Buffer) => {
      // k6 says that it heard the first one; only then the second.
      if (times > 1 && sent === 1 && /Stopping|Interrupt/i.test(String(text))) {
        sent++;
        child.kill('SIGINT');
      }
    });
  };
  return { start, sent: () => sent };
}

test('ctrl-C once: what was measured is written, INVALID, exit 105 or 110', async () => {
  const ran = await k6('dist/smoke.js', {
    env: { ...gateway(), RATE: '60', DURATION: '60s' },
    onStart: interrupt(1).start,
  });
  assert.ok([105, 110].includes(ran.code), `exit ${ran.code}\n${ran.stderr}`);
  checkRecord(ran);
  checkPlain(ran);
  assert.equal(ran.run?.verdict, 'INVALID');
  assert.match(reasons(ran), /stopped by SIGINT/);
  assert.ok(ran.run!.counts.finished > 0 && ran.run!.counts.started < 3600);
});

test('ctrl-C twice: stops at once, exit 105, no stack trace', async () => {
  const twice = interrupt(2);
  const ran = await k6('dist/smoke.js', {
    env: { ...gateway(), RATE: '60', DURATION: '60s' },
    onStart: twice.start,
    args: ['-v'],
  });
  assert.equal(twice.sent(), 2);
  assert.equal(ran.code, 105);
  checkPlain(ran);
});

test('the key is in no artefact: stdout, stderr, and every file of a run', async () => {
  const secret = 'gsai-sim-key';
  const folder = scratch();
  const json = join(folder, 'samples.json');
  const ran = await k6('dist/smoke.js', {
    env: { ...gateway(), ...short },
    args: ['--out', `json=${json}`, '--summary-export', join(folder, 'summary.json'), '-v'],
  });
  checkRecord(ran);
  const files = [
    ...readdirSync(ran.folder!).map((file) => join(ran.folder!, file)),
    json,
    join(folder, 'summary.json'),
  ];
  for (const file of files) assert.ok(!readFileSync(file, 'utf8').includes(secret), `${file} holds the key`);
  assert.ok(!ran.stdout.includes(secret), 'stdout holds the key');
  // k6 -v logs the parameters it was given; a secret belongs into API_KEYS_FILE or --secret-source there.
  assert.ok(
    !ran.stderr.split('\n').some((line) => line.includes(secret) && !line.includes('Consolidated')),
    'stderr holds the key',
  );
});
