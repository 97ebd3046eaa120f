import assert from 'node:assert/strict';
import { mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import type { Row, Snapshot } from 'k6/x/sse';
import { metricDefs } from '../../../lib/metrics';

import type { PartRecord } from '../../../lib/parts';
import type { RunRecord } from '../../../lib/summary';
import { k6 } from '../../programs/k6';
import { capture } from '../../programs/process';
import { scratch } from '../../programs/scratch';
import { startSimulator, type Simulator } from '../../programs/simulator';
import { startBrowser } from '../../testing/browser';

/*
 * An hour at 200 requests per second, which no test can wait for. Two short real runs (the halves of one load, as several
 * processes send it) say which tags and metrics come; the real ledger, in Go, is filled by the calls of a run with what an
 * hour of that is; and the real script, in k6, judges it and writes its files, as npm run merge has it do.
 */

const [perSecond, seconds, slotSeconds] = [200, 3600, 10];

let simulator: Simulator;
before(async () => {
  simulator = await startSimulator();
});
after(() => simulator?.stop());

const keyOf = (tags: Record<string, string>) => JSON.stringify(Object.entries(tags).sort());

/** What came in the short run, tag set by tag set, so many times as it comes in an hour. */
function setsOf({ rows, outcomes, started }: Snapshot, requests: number) {
  const byTags = new Map<string, Row[]>();
  for (const row of rows) {
    // What is of no single request (rates twice a second, the verdict) adds nothing to speak of.
    if (row.histogram.count === 0 || !/^llm_/.test(row.metric) || row.tags.phase === undefined) continue;
    byTags.set(keyOf(row.tags), [...(byTags.get(keyOf(row.tags)) ?? []), row]);
  }
  const scaled = (count: number) => Math.round((requests * count) / started);
  return [...byTags].flatMap(([key, of]) => {
    const { tags } = of[0]!;
    const outcome = outcomes.find((row) => keyOf({ ...row.tags, outcome: row.outcome }) === key);
    const begun = of.find(({ metric }) => metric === 'llm_started');
    const count = outcome?.count ?? begun?.histogram.count;
    if (count === undefined) return [];
    const gaps = of.find(({ metric }) => metric === 'llm_inter_chunk');
    const means = of
      .filter((row) => row !== gaps)
      .map(({ metric, histogram }): [string, number] => [metric, histogram.sum / histogram.count]);
    return [
      {
        tags,
        outcome: outcome?.outcome ?? '',
        count: scaled(count),
        means: Object.fromEntries(means),
        gaps: gaps ? Math.round(gaps.histogram.count / count) : 0,
      },
    ];
  });
}

type Filled = Pick<Snapshot, 'started' | 'finished' | 'failed' | 'rows' | 'outcomes' | 'timeline'>;

/** What the ledger holds after an hour of what a part of a load sent. */
async function filled({ part }: PartRecord): Promise<Filled> {
  const folder = scratch();
  const [order, out] = [join(folder, 'order.json'), join(folder, 'ledger.json')];
  const sets = setsOf(part.snapshot, (perSecond * seconds) / 2);
  const metrics = metricDefs(new Map([['llm_ttft', [500]]]));
  writeFileSync(order, JSON.stringify({ out, seconds, slotSeconds, phase: 'load', metrics, sets }));
  const args = ['test', '-count=1', '-run', '^TestWritesWhatTheLedgerHoldsOfAnHour$', './internal/ledger'];
  const { code, stdout } = await capture('go', args, { cwd: 'xk6-sse', env: { ...process.env, LEDGER_HOUR: order } });
  assert.equal(code, 0, stdout);
  return JSON.parse(readFileSync(out, 'utf8')) as Filled;
}

/** The part as it would have been after an hour. */
async function anHourOf(record: PartRecord): Promise<PartRecord> {
  const { snapshot } = record.part;
  const ledger = await filled(record);
  const [row] = snapshot.phases;
  const sent = { end: 1000 * seconds, due: ledger.started, dispatched: ledger.started };
  const more = { elapsed: 1000 * seconds, phases: [{ ...row!, ...sent }] };
  record.part.snapshot = { ...snapshot, ...ledger, ...more };
  record.duration_s = seconds;
  record.environment.parameters.duration = seconds;
  record.profile.phases[0]!.holdSeconds = seconds;
  return record;
}

const bytesIn = (folder: string) =>
  readdirSync(folder).reduce((sum, name) => sum + statSync(join(folder, name)).size, 0);

test("an hour's run at 200 requests a second writes its files in under 5 s and 50 MB, and its report opens in under 2 s", async () => {
  const out = scratch();
  const keys = join(out, 'keys.txt');
  writeFileSync(keys, Array.from({ length: 10 }, () => 'gsai-sim-key\n').join(''));
  const parts: string[] = [];
  for (const [i, segment] of ['0:1/2', '1/2:1'].entries()) {
    const { run, stdout } = await k6('dist/mixed.js', {
      env: {
        BASE_URL: simulator.gateway,
        API_KEYS_FILE: keys,
        MODELS: 'claude_3_haiku,gemini-2.0-flash',
        RATE: String(perSecond),
        DURATION: '8s',
        PROVIDER_URL: 'none',
        CALIBRATION: 'none',
      },
      args: ['--execution-segment', segment, '--execution-segment-sequence', '0,1/2,1'],
    });
    assert.ok(run?.part, stdout);
    const folder = join(out, `part-${i}`);
    mkdirSync(folder);
    writeFileSync(join(folder, 'run.json'), JSON.stringify(await anHourOf(run as PartRecord)));
    parts.push(join(folder, 'run.json'));
  }

  // From the command on: the start of k6 and the reading of the parts are in it, which a run does not do at its end.
  const begun = performance.now();
  const { stdout, stderr } = await capture('bin/k6', [
    ...['run', '--quiet', '--address', '127.0.0.1:0', 'dist/mixed.js', '-e', `MERGE=${parts.join(',')}`],
    ...['-e', `OUT=${join(out, 'merged')}`],
  ]);
  const took = (performance.now() - begun) / 1000;
  const [name] = readdirSync(join(out, 'merged'));
  const folder = join(out, 'merged', name!);
  const run = JSON.parse(readFileSync(join(folder, 'run.json'), 'utf8')) as RunRecord;
  const wanted = perSecond * seconds;
  assert.ok(Math.abs(run.counts.started / wanted - 1) < 0.01, `${run.counts.started}: ${stdout}${stderr}`);
  assert.ok(run.timeline.length >= seconds / slotSeconds, `${run.timeline.length} slots`);
  assert.ok(run.objectives.some(({ state }) => state === 'ok') && run.cost, 'it was judged, and costs were added up');
  const bytes = bytesIn(folder);
  const report = statSync(join(folder, 'report.html')).size;

  const browser = await startBrowser();
  let opened: number;
  try {
    const page = await browser.newPage({ viewport: { width: 1280, height: 900 } });
    const from = performance.now();
    await page.goto(`file://${join(folder, 'report.html')}`);
    await page.locator('figure canvas').first().waitFor();
    opened = (performance.now() - from) / 1000;
  } finally {
    await browser.close();
  }
  const megabytes = (n: number) => `${(n / 1e6).toFixed(2)} MB`;
  process.stdout.write(
    `# ${run.counts.started} requests in ${run.outcomes.length} sets of tags: files after ${took.toFixed(2)} s from the command on, ${megabytes(bytes)}; report ${megabytes(report)}, open after ${opened.toFixed(2)} s\n`,
  );
  assert.ok(bytes < 50e6, megabytes(bytes));
  assert.ok(report < 1e6, megabytes(report));
  assert.ok(took < 5, `${took} s`);
  assert.ok(opened < 2, `${opened} s`);
});
