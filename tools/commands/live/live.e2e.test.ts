import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Page } from 'playwright-core';
import { complaints, startBrowser } from '../../testing/browser';
import { setHidden, startDemo } from './demo.fixture';

const wanted = ['Load and time to first token', 'Response time', 'Requests', 'In flight', 'Time to first token'];

/** What each chart has drawn (its canvas as a data URL), by title. */
function drawn(page: Page): Promise<Record<string, string>> {
  return page.evaluate(`Object.fromEntries([...document.querySelectorAll('figure')].flatMap((figure) => {
    const canvas = figure.querySelector('canvas');
    return canvas ? [[figure.querySelector('figcaption').firstChild.data, canvas.toDataURL()]] : [];
  }))`);
}

const done = (page: Page) => page.locator('progress').evaluate((bar) => (bar as unknown as { value: number }).value);

// LIVE_PICTURE=docs/live.png keeps a picture of the page as it is in mid-run.
test(
  'npm run demo -- --live: the charts change while the run goes on, a hidden page is left alone, and each is told the verdict and why',
  { timeout: 120_000 },
  async () => {
    const browser = await startBrowser();
    const demo = await startDemo(40, process.env.LIVE_PICTURE ? '60s' : '16s');
    try {
      const open = () => browser.newPage({ viewport: { width: 1280, height: 900 }, colorScheme: 'light' });
      const [page, hidden] = [await open(), await open()];
      const wrong = complaints(page, demo.url);
      await Promise.all([page.goto(demo.url), hidden.goto(demo.url)]);
      await setHidden(hidden, true);
      const state = page.locator('#state');
      await state.filter({ hasText: 'running' }).waitFor();
      let charts: Record<string, string> = {};
      await assertSoon(async () => {
        charts = await drawn(page);
        for (const title of wanted)
          assert.ok(
            Object.keys(charts).some((each) => each.startsWith(title)),
            title,
          );
        assert.match((await page.locator('#line').textContent())!, /requests\/s sent; \d+ in flight;/);
      });
      const before = await done(page);
      const unseen = await hidden.locator('body').textContent();
      await assertSoon(async () => {
        const later = await drawn(page);
        for (const title of Object.keys(charts)) assert.notEqual(later[title], charts[title], `${title} has changed`);
        assert.ok((await done(page)) > before && before > 0, 'the bar has grown');
      });
      assert.equal(await state.textContent(), 'running', 'all of that was while the run went on');
      assert.equal(await hidden.locator('body').textContent(), unseen, 'the hidden page was told nothing');
      const limits = await page.locator('.key.limit, figure p.dim').allTextContents();
      assert.ok(
        limits.some((text) => /TTFT p95.*limit 500/.test(text)),
        `the limits of the objectives: ${limits.join('; ')}`,
      );
      if (process.env.LIVE_PICTURE) {
        await page.waitForTimeout(35_000); // for a picture with something on it
        await page.screenshot({ path: process.env.LIVE_PICTURE });
      }

      const { code, run } = await demo.ended;
      assert.equal(code, { PASS: 0, FAIL: 99, INVALID: 110 }[run.verdict]);
      for (const each of [page, hidden]) {
        await each.locator('#state').filter({ hasText: run.verdict }).waitFor();
        assert.equal(await done(each), 1, 'the bar is at its end');
        assert.match((await each.locator('#line').textContent())!, /^The run has ended\. The report: .*report\.html$/);
        const reasons = await each.locator('.reasons li').allTextContents();
        const told = run.reasons.slice(0, 5).map(({ about, text }) => `${about}: ${text}`);
        assert.deepEqual(reasons.slice(0, 5), told);
      }
      assert.deepEqual(Object.keys(await drawn(page)), Object.keys(charts), 'the page keeps what it showed');
      assert.deepEqual(wrong, []);
      await assert.rejects(fetch(demo.url), 'nothing listens any more');
    } finally {
      await demo.stop();
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
