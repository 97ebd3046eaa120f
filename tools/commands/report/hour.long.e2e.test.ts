import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import type { Row, Snapshot } from 'k6/x/sse';
import { metricDefs } from '../../../lib/metrics';

import type { RunRecord } from '../../../lib/summary';
import { k6 } from '../../programs/k6';
import { capture } from '../../programs/process';
import { scratch } from '../../programs/scratch';
import { startSimulator, type Simulator } from '../../programs/simulator';
import { startBrowser } from '../../testing/browser';

/*
 * An hour at 200 requests per second, which no test can wait for. A short real run says which tags and metrics come; the
 * real ledger, in Go, is filled by the calls of a run with what an hour of that is. Then the real script begins an hour's
 * run in the real k6, is stopped by ctrl-C, and judges and writes the hour: of all its calls of k6/x/sse, snapshot()
 * alone gives what the ledger held.
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

/** Fills a ledger with an hour of what a short run counted, and returns what a snapshot of that is. */
async function anHourOf(short: Snapshot): Promise<Snapshot> {
  const folder = scratch();
  const [order, out] = [join(folder, 'order.json'), join(folder, 'ledger.json')];
  const sets = setsOf(short, perSecond * seconds);
  const metrics = metricDefs(new Map([['llm_ttft', [500]]]));
  writeFileSync(order, JSON.stringify({ out, seconds, slotSeconds, phase: 'load', metrics, sets }));
  const args = ['test', '-count=1', '-run', '^TestWritesWhatTheLedgerHoldsOfAnHour$', './internal/ledger'];
  const { code, stdout } = await capture('go', args, { cwd: 'xk6-sse', env: { ...process.env, LEDGER_HOUR: order } });
  assert.equal(code, 0, stdout);
  const ledger = JSON.parse(readFileSync(out, 'utf8')) as Snapshot;
  // The climb before the phase that holds is part of its hour: a few seconds of it.
  const phases = short.phases.map((row) =>
    row.phase === 'load' ? { ...row, end: 1000 * seconds, due: ledger.started, dispatched: ledger.started } : row,
  );
  return { ...short, ...ledger, elapsed: 1000 * seconds, phases };
}

/**
 * Makes the bundle of the script mixed in a folder beside dist, whose snapshot() gives what stands in a file there.
 * Returns its path.
 */
function scriptThatEndsWith(snapshot: Snapshot): string {
  const folder = mkdtempSync('dist-hour-');
  process.on('exit', () => rmSync(folder, { recursive: true }));
  writeFileSync(join(folder, 'hour.json'), JSON.stringify(snapshot));
  writeFileSync(
    join(folder, 'sse.js'),
    `export * from 'k6/x/sse';
     import { snapshot as counted } from 'k6/x/sse';
     const hour = open('./hour.json');
     export const snapshot = () => {
       counted();
       console.log('the load has ended at ' + Date.now());
       return JSON.parse(hour);
     };`,
  );
  const bundle = readFileSync('dist/mixed.js', 'utf8');
  const mine = bundle.replaceAll('from "k6/x/sse"', 'from "./sse.js"');
  assert.notEqual(mine, bundle, 'the bundle imports k6/x/sse');
  writeFileSync(join(folder, 'mixed.js'), mine);
  return join(folder, 'mixed.js');
}

const bytesIn = (folder: string) =>
  readdirSync(folder).reduce((sum, name) => sum + statSync(join(folder, name)).size, 0);

test(
  "an hour's run at 200 requests a second writes its files in under 5 s and 50 MB, and its report opens in under 2 s",
  { timeout: 170_000 },
  async () => {
    const out = scratch();
    const keys = join(out, 'keys.txt');
    const names = Array.from({ length: 10 }, (_, i) => `gsai-agency-${i + 1}`);
    writeFileSync(keys, names.join('\n'));
    await simulator.configure({ gateway: { keys: Object.fromEntries(names.map((key) => [key, {}])) } });
    const env = {
      BASE_URL: simulator.gateway,
      API_KEYS_FILE: keys,
      MODELS: 'claude_3_haiku,gemini-2.0-flash',
      RATE: String(perSecond),
      PROVIDER_URL: 'none',
      CALIBRATION: 'none',
      OUT: join(out, 'results'),
    };
    // Half of the load, so that the run keeps its snapshot.
    const short = await k6('dist/mixed.js', {
      env: { ...env, DURATION: '8s' },
      args: ['--execution-segment', '0:1/2'],
    });
    assert.ok(short.run?.part, short.stdout);
    const script = scriptThatEndsWith(await anHourOf(short.run.part.snapshot));

    const words = Object.entries({ ...env, DURATION: '1h' }).flatMap(([name, value]) => ['-e', `${name}=${value}`]);
    const child = spawn('bin/k6', ['run', '--address', '127.0.0.1:0', script, ...words]);
    let said = '';
    // Once: k6 takes a second ctrl-C for the wish to end at once, without results.
    let asked = false;
    for (const stream of [child.stdout, child.stderr])
      stream.on('data', (chunk: Buffer) => {
        said += chunk.toString();
        if (asked || !/ left; \S+ of \S+ requests\/s sent/.test(said)) return;
        asked = true;
        child.kill('SIGINT');
      });
    await once(child, 'close');
    const took = (Date.now() - Number(/the load has ended at (\d+)/.exec(said)?.[1])) / 1000;
    const folder = /\S+-mixed(?=\/run\.json|\/report\.html)/.exec(said)?.[0] ?? '';
    assert.ok(existsSync(join(folder, 'run.json')), said);
    const run = JSON.parse(readFileSync(join(folder, 'run.json'), 'utf8')) as RunRecord;
    const wanted = perSecond * seconds;
    assert.ok(Math.abs(run.counts.started / wanted - 1) < 0.01, `${run.counts.started}: ${said}`);
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
      `# ${run.counts.started} requests in ${run.outcomes.length} sets of tags: files ${took.toFixed(2)} s after the load, ${megabytes(bytes)}; report ${megabytes(report)}, open after ${opened.toFixed(2)} s\n`,
    );
    assert.ok(bytes < 50e6, megabytes(bytes));
    assert.ok(report < 1e6, megabytes(report));
    assert.ok(took < 5, `${took} s`);
    assert.ok(opened < 2, `${opened} s`);
  },
);
