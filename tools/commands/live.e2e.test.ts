import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { test } from 'node:test';
import type { Page } from 'playwright-core';
import type { RunRecord } from '../../lib/summary';
import { complaints, startBrowser } from '../testing/browser';
import { scratch } from '../programs/scratch';

interface Config {
  tabs: { sections: { panels: { kind: string; title: string }[] }[] }[];
}

const config = JSON.parse(readFileSync('.dashboard.json', 'utf8')) as Config;
const panels = (kind: string) =>
  config.tabs[0]!.sections.flatMap((section) => section.panels)
    .filter((panel) => panel.kind === kind)
    .map((panel) => panel.title);

/** What each chart has drawn (its canvas as a data URL), by title; a chart without data is left out. */
function drawn(page: Page): Promise<Record<string, string>> {
  return page.evaluate(`Object.fromEntries([...document.querySelectorAll('h3')].flatMap((title) => {
    const panel = title.parentElement.parentElement;
    const canvas = panel.querySelector('canvas');
    return canvas && !panel.textContent.includes('no data') ? [[title.textContent, canvas.toDataURL()]] : [];
  }))`);
}

/** The numbers on top, by title. */
function numbers(page: Page): Promise<Record<string, string>> {
  return page.evaluate(`Object.fromEntries([...document.querySelectorAll('.u-title')].map((value) => {
    let card = value;
    while (!card.querySelector('p')) card = card.parentElement;
    return [card.querySelector('p').textContent, value.textContent];
  }))`);
}

// LIVE_PICTURE=docs/live.png keeps a picture of the page as it is in mid-run.
test(
  'npm run demo -- --live: every panel shows data that changes while the run goes on, and the page tells its end',
  { timeout: 120_000 },
  async () => {
    const out = join(scratch(), 'results');
    const browser = await startBrowser();
    const demo = spawn(
      process.execPath,
      [
        '-r',
        'ts-node/register/transpile-only',
        'tools/commands/demo.ts',
        '--live',
        '--rate',
        '40',
        '--duration',
        process.env.LIVE_PICTURE ? '60s' : '20s',
      ],
      {
        env: { ...process.env, NODE_OPTIONS: '', OUT: out },
        stdio: ['ignore', 'pipe', 'pipe'],
        detached: true,
      },
    );
    const ended = once(demo, 'exit') as Promise<[number]>;
    const said: string[] = [];
    demo.stderr.setEncoding('utf8').on('data', (text: string) => said.push(text));
    try {
      const url = await new Promise<string>((resolve, reject) => {
        createInterface({ input: demo.stdout }).on('line', (line) => {
          said.push(line);
          const found = /^live: (\S+)$/.exec(line);
          if (found) resolve(found[1]!);
        });
        demo.once('exit', (code) => reject(new Error(`the demo ended with ${code}: ${said.join('\n')}`)));
      });
      const page = await browser.newPage({ viewport: { width: 1400, height: 1500 }, colorScheme: 'light' });
      const wrong = complaints(page, url);
      const status = page.locator('#gsai-run');
      await page.goto(url);
      await status.filter({ hasText: /^Running: baseline/ }).waitFor();
      wrong.length = 0; // the page that says that k6 is starting answers 503, which the console notes

      let charts: Record<string, string> = {};
      let stats: Record<string, string> = {};
      await assertSoon(async () => {
        charts = await drawn(page);
        stats = await numbers(page);
        assert.deepEqual(Object.keys(charts).sort(), panels('chart').sort());
        assert.deepEqual(Object.keys(stats).sort(), panels('stat').sort());
        assert.match(stats['TTFT p95']!, /^\d+(\.\d+)?\s?ms$/);
        assert.match(stats.Sent!, /^[1-9]\d*(\.\d+)?\/s$/);
      });
      assert.equal(await status.getAttribute('data-state'), 'running');
      await assertSoon(async () => {
        const later = await drawn(page);
        for (const title of panels('chart')) assert.notEqual(later[title], charts[title], `${title} has changed`);
      });
      assert.equal(await status.getAttribute('data-state'), 'running', 'all of that was while the run went on');
      if (process.env.LIVE_PICTURE) {
        await page.waitForTimeout(30_000); // for a picture with something on it
        await page.reload(); // a number that came later than the page has no small curve under it: k6's page measures its width at once only
        await page
          .locator('.u-title')
          .nth(panels('stat').length - 1)
          .waitFor();
        await page.waitForTimeout(2_000);
        await page.screenshot({ path: process.env.LIVE_PICTURE });
      }

      // The page stays open, and yet k6 ends: it would wait for the browser if it were asked by the browser itself.
      const [code] = await ended;
      const folder = readdirSync(out)[0]!;
      const run = JSON.parse(readFileSync(join(out, folder, 'run.json'), 'utf8')) as RunRecord;
      assert.equal(code, { PASS: 0, FAIL: 99, INVALID: 110 }[run.verdict]);
      await assertSoon(async () =>
        assert.match((await status.textContent()) ?? '', new RegExp(`^The run has ended: ${run.verdict}\\.`)),
      );
      assert.deepEqual(Object.keys(await drawn(page)).sort(), panels('chart').sort(), 'the page keeps what it showed');
      assert.deepEqual(wrong, []);
      await assert.rejects(fetch(url), 'nothing listens any more');
    } finally {
      // as ctrl-C does: to the demo and to k6
      if (demo.exitCode === null && demo.pid !== undefined) process.kill(-demo.pid, 'SIGINT');
      await ended;
      await browser.close();
    }
  },
);

/** Tries until it holds, for at most 30 s; fails with what was last wrong. */
async function assertSoon(holds: () => Promise<void>): Promise<void> {
  const until = Date.now() + 30_000;
  for (;;) {
    try {
      return await holds();
    } catch (error) {
      if (Date.now() > until) throw error;
      await new Promise((resolve) => setTimeout(resolve, 200));
    }
  }
}
