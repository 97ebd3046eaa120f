import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { test } from 'node:test';
import { complaints, startBrowser } from '../../testing/browser';
import { drawn, faults } from './page.fixture';
import { debian } from '../../programs/debian';
import { k6 } from '../../programs/k6';
import { capture } from '../../programs/process';
import { scratch } from '../../programs/scratch';
import { startSimulator } from '../../programs/simulator';
import { writeReport } from './report';

test(
  'every run writes its report, which is whole in a real browser: light and dark, wide and narrow, by keys, nothing fetched',
  { timeout: 90_000 },
  async () => {
    const simulator = await startSimulator();
    const browser = await startBrowser();
    try {
      const env = {
        BASE_URL: simulator.gateway,
        API_KEY: 'gsai-sim-key',
        RATE: '20',
        DURATION: '6s',
        TRACES: 'w3c',
        REQUESTS: 'all',
        TRACES_URL: 'http://localhost:16686/trace/{id}',
      };
      const { folder, run, stderr } = await k6('dist/smoke.js', { env });
      assert.ok(folder && run, stderr);
      assert.match(
        stderr,
        /load: 1 s left; \S+ of 20 requests\/s sent; \d+ in flight; TTFT p95 \d+ ms so far in this phase; .*none failed/,
      );
      const lines = readFileSync(join(folder, 'requests.jsonl'), 'utf8').trimEnd().split('\n');
      assert.equal(lines.length, run.counts.started, 'REQUESTS=all has a line for each request');
      assert.equal(run.requests!.kept, lines.length);
      const requests = lines.map(
        (line) => JSON.parse(line) as { outcome: string; ttft_ms?: number; tags: Record<string, string> },
      );
      assert.ok(requests.every(({ outcome }) => outcome === 'ok'));
      const chats = requests.filter(({ tags }) => tags.kind === 'chat');
      const [slowest] = chats.flatMap(({ ttft_ms }) => ttft_ms ?? []).sort((a, b) => b - a);
      const most = run.metrics.llm_ttft!.find(({ tags }) => Object.keys(tags).length === 0)!.max!;
      assert.ok(Math.abs(slowest! - most) < 0.01, `${slowest} is the largest time to first token of run.json, ${most}`);
      const path = join(folder, 'report.html');
      assert.ok(existsSync(path), stderr);
      const own = readFileSync(path, 'utf8');
      writeReport(folder);
      assert.equal(readFileSync(path, 'utf8'), own, 'npm run report makes the same page of run.json');

      const openmetrics = writeReport(folder, 'openmetrics');
      const promtool = await debian('promtool', 'prometheus');
      const blocks = ['tsdb', 'create-blocks-from', 'openmetrics', openmetrics, scratch()];
      const imported = await capture(promtool, blocks);
      assert.equal(imported.code, 0, imported.stderr);

      for (const [width, colorScheme] of [
        [1280, 'light'],
        [390, 'dark'],
      ] as const) {
        const page = await browser.newPage({ viewport: { width, height: 844 }, colorScheme });
        const address = pathToFileURL(path).href;
        const wrong = complaints(page, address);
        await page.goto(address);
        await page.waitForFunction('document.querySelectorAll("canvas").length > 10');
        assert.match((await page.locator('h1').textContent())!, new RegExp(`smoke.*${run.verdict}`));
        const said = await page.locator('body').innerText();
        for (const { text } of run.reasons) assert.ok(said.includes(text), text);
        assert.ok(!said.includes('NaN') && !said.includes('undefined') && !own.includes('gsai-sim-key'));
        assert.deepEqual(await drawn(page).then(({ empty }) => empty), []);
        assert.equal(
          await page.locator('a[href^="http://localhost:16686/trace/"]').count(),
          run.traces!.slowest.length + run.traces!.failed.length,
        );
        assert.deepEqual(await faults(page), []);
        // Nothing is wider than the page; wide tables scroll by themselves.
        assert.equal(await page.evaluate('document.documentElement.scrollWidth'), width);
        await page.locator('.plot').first().focus();
        await page.keyboard.press('ArrowRight');
        await page.keyboard.press('ArrowRight');
        assert.match(
          (await page.locator('output').first().textContent())!,
          /1 s \(load\): requests sent \d+ requests\/s/,
        );
        await page.locator('details.behind summary').first().click();
        // The table is made when its details open, which the browser tells a moment later.
        await page
          .locator('details.behind tbody tr')
          .nth(run.timeline.length - 1)
          .waitFor();
        assert.deepEqual(wrong, []);
        await page.close();
      }
    } finally {
      await browser.close();
      await simulator.stop();
    }
  },
);
