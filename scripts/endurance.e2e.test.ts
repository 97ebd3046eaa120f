import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { before, test } from 'node:test';
import { scratch } from '../tools/programs/scratch';
import { sound, undisturbed, why } from '../tools/testing/k6';
import type { K6Run } from '../tools/programs/k6';
import { startSimulator } from '../tools/programs/simulator';
import { startSampler } from '../tools/programs/sampler';

/**
 * 36 requests a second, and a reading a second of the gateway's own page and of the sampler's about the same process.
 */
async function endurance(flaws: object, args: readonly string[]): Promise<K6Run> {
  const simulator = await startSimulator();
  const sampler = await startSampler('--pid', String(simulator.process.pid));
  try {
    await simulator.configure({ gateway: { flaws } });
    const pages = `gateway=${new URL('/metrics', simulator.gateway).href},process=${sampler.url}`;
    return await undisturbed('dist/endurance.js', {
      env: {
        BASE_URL: simulator.gateway,
        API_KEY: 'gsai-sim-key',
        RATE: '36',
        DURATION: '22s',
        METRICS_URLS: pages,
        METRICS_INTERVAL: '1s',
      },
      args,
    });
  } finally {
    await sampler.stop();
    await simulator.stop();
  }
}

const json = join(scratch(), 'samples.json');
let clean: K6Run;
let leaking: K6Run;
before(async () => {
  // Side by side: neither is judged by its speed.
  [clean, leaking] = await Promise.all([
    endurance({}, ['--out', `json=${json}`]),
    endurance({ leak_mb_per_call: 0.7 }, []),
  ]);
});

test('a short run of a gateway in order passes: its warm-up is not called a leak, and what would not show is told', () => {
  const record = sound(clean);
  assert.equal(record.verdict, 'PASS', why(record));
  const finding = record.findings.find(({ id }) => id === 'memory-growth')!;
  assert.equal(finding.value, 0, finding.text);
  assert.match(finding.text, /gateway: no growth of resident memory is shown: .* would not show in this run/);

  const [gateway, process] = record.resources!;
  assert.ok(gateway!.readings >= 20 && gateway!.failed === 0 && gateway!.restarts === 0, JSON.stringify(gateway));
  const {
    target_cpu: cpu,
    target_memory: memory,
    target_files: files,
    target_loop_lag: lag,
    target_heap: heap,
  } = gateway!.metrics;
  assert.ok(cpu!.mean > 0.02 && cpu!.max < 2.5, `CPU ${JSON.stringify(cpu)}`);
  assert.ok(memory!.min > 3e7 && memory!.growth && files!.min > 10 && lag!.max > 0 && heap!.max < memory!.max);
  // Two programs that do not know of each other tell the same of one process.
  assert.ok(
    Math.abs(process!.metrics.target_cpu!.mean / cpu!.mean - 1) < 0.15 &&
      Math.abs(process!.metrics.target_memory!.mean / memory!.mean - 1) < 0.05,
    JSON.stringify(record.resources),
  );
  const judged = Object.fromEntries(record.objectives.map(({ name, state }) => [name, state]));
  for (const name of [
    'memory growth',
    'open files growth',
    'sockets growth',
    'threads growth',
    'CPU use',
    'memory use',
  ])
    assert.equal(judged[name], 'ok', name);
  assert.ok(
    record.timeline.filter(({ resources }) => resources?.gateway?.target_memory).length >= 18,
    'in the timeline too',
  );

  // The monitor's own requests are none of the load, for k6 neither.
  const lines = readFileSync(json, 'utf8')
    .split('\n')
    .filter((line) => line.includes('"type":"Point"'));
  const points = lines.map(
    (line) => JSON.parse(line) as { metric: string; data: { value: number; tags: Record<string, string> } },
  );
  const of = (metric: string) => points.filter((point) => point.metric === metric);
  assert.equal(of('http_reqs').filter(({ data }) => data.tags.group !== '::setup').length, record.counts.started);
  assert.equal(of('target_memory').length, gateway!.readings + process!.readings);
  for (const { data } of of('target_cpu'))
    assert.deepEqual(
      Object.keys(data.tags)
        .filter((tag) => !['group', 'scenario'].includes(tag))
        .sort(),
      ['run_id', 'script', 'target'],
    );
  assert.ok(
    of('llm_generator_cpu').length >= 30 &&
      of('llm_generator_cpu').every(({ data }) => data.value >= 0 && data.value <= 1.05),
    'the generator tells its own CPU',
  );
});

test('a gateway that leaks fails, and the leak is told in words to act on', () => {
  const record = sound(leaking);
  assert.equal(record.verdict, 'FAIL', why(record));
  const reason =
    /target: memory growth: measured .*: gateway: resident memory grew \+(\d+) MB\/h \[\+\d+, \+\d+\], from \d+ to \d+ MB in \d+ s, (\d+) kB for each request \(its heap does not: look at buffers, native memory, threads\)/.exec(
      why(record),
    );
  assert.ok(reason, why(record));
  // 0.7 MiB (734 kB) for each of the 95 % of requests that ask a provider.
  assert.ok(Math.abs(Number(reason[2]) / (734 * 0.95) - 1) < 0.2, reason[0]);
  assert.equal(record.findings.find(({ id }) => id === 'open-files-growth')!.value, 0, 'nothing else is blamed');
});
