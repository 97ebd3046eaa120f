import assert from 'node:assert/strict';
import { pathToFileURL } from 'node:url';
import { test } from 'node:test';
import { complaints, startBrowser } from '../../testing/browser';
import { k6 } from '../../programs/k6';
import { startSimulator } from '../../programs/simulator';
import { writeReport } from './report';

test(
  'the report of a real run is whole in a real browser: charts, tables, no errors, nothing fetched',
  { timeout: 60_000 },
  async () => {
    const simulator = await startSimulator();
    const browser = await startBrowser();
    try {
      const env = {
        BASE_URL: simulator.gateway,
        API_KEY: 'gsai-sim-key',
        RATE: '20',
        DURATION: '5s',
        TRACES: 'w3c',
        TRACES_URL: 'http://localhost:16686/trace/{id}',
      };
      const { folder, run, stderr } = await k6('dist/smoke.js', { env });
      assert.ok(folder && run, stderr);
      const page = await browser.newPage({ viewport: { width: 1200, height: 900 } });
      const address = pathToFileURL(writeReport(folder)).href;
      const wrong = complaints(page, address);
      await page.goto(address);
      assert.match((await page.locator('h1').textContent())!, new RegExp(`smoke.*${run.verdict}`));
      const said = await page.locator('body').innerText();
      for (const { text } of run.reasons) assert.ok(said.includes(text), text);
      for (const { name } of run.objectives) assert.ok(said.includes(name), name);
      assert.equal(await page.locator('h2:text-is("Phases") + table tbody tr').count(), run.phases.length);
      assert.equal(
        await page.locator('a[href^="http://localhost:16686/trace/"]').count(),
        run.traces!.slowest.length + run.traces!.failed.length,
      );
      // Over time: TTFT, e2e, e2e from the schedule, requests, in flight. By percentile: TTFT, gap, e2e. Each line is a
      // visible stroke.
      assert.equal(await page.locator('svg').count(), 8);
      for (const line of await page.locator('svg path').all()) {
        const box = await line.boundingBox();
        assert.ok(box && box.width > 50, `a line of ${JSON.stringify(box)}`);
      }
      assert.equal(await page.locator('script').count(), 0);
      assert.ok(!said.includes('NaN') && !said.includes('undefined') && !said.includes('gsai-sim-key'));
      assert.deepEqual(wrong, []);
    } finally {
      await browser.close();
      await simulator.stop();
    }
  },
);
