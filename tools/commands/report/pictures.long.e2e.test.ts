import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { after, before, test } from 'node:test';
import type { Browser } from 'playwright-core';
import { k6 } from '../../programs/k6';
import { startSimulator, type Simulator } from '../../programs/simulator';
import { scratch } from '../../programs/scratch';
import { complaints, startBrowser } from '../../testing/browser';
import { madeRun } from '../compare/made.fixture';
import { drawn, faults } from './page.fixture';
import { writeReport } from './report';

/*
 * The pictures that belong to one script alone, in a real browser: light and dark, wide and narrow. With
 * PICTURES=docs those of the documentation are made anew.
 */

let simulator: Simulator;
let browser: Browser;
before(async () => {
  [simulator, browser] = await Promise.all([startSimulator(), startBrowser()]);
});
after(async () => {
  await browser?.close();
  await simulator?.stop();
});

const looks = (['light', 'dark'] as const).flatMap((scheme) => [1280, 390].map((width) => ({ scheme, width })));

/** Looks at a run's report; `picture` finds what is to be seen there, which is named in the file of its picture. */
async function lookAt(folder: string, name: string, picture: string): Promise<void> {
  const address = pathToFileURL(join(folder, 'report.html')).href;
  for (const { scheme, width } of looks) {
    const page = await browser.newPage({ viewport: { width, height: 900 }, colorScheme: scheme });
    const wrong = complaints(page, address);
    await page.goto(address);
    await page.waitForFunction('document.querySelectorAll("canvas").length > 5');
    const seen = page.locator(picture).first();
    await seen.scrollIntoViewIfNeeded();
    assert.ok(await seen.isVisible(), picture);
    assert.deepEqual((await drawn(page)).empty, []);
    assert.deepEqual(await faults(page), [], `${scheme}, ${width}`);
    assert.equal(await page.evaluate('document.documentElement.scrollWidth'), width);
    assert.deepEqual(wrong, []);
    const pictures = process.env.PICTURES;
    if (pictures !== undefined) {
      const look = `${scheme === 'dark' ? '-dark' : ''}${width < 1000 ? '-narrow' : ''}`;
      await seen.screenshot({ path: join(pictures, `${name}${look}.jpg`), type: 'jpeg', quality: 80 });
    }
    await page.close();
  }
}

test("failover's time line is drawn in its report, with each fault as a phase", { timeout: 170_000 }, async () => {
  const deployments = [
    { provider_model: 'claude_3_haiku', region: 'eu' },
    { provider_model: 'claude_3_haiku', region: 'us', weight: 0 },
  ];
  await simulator.configure({
    provider: { models: { claude_3_haiku: { ttft_ms: 60, tokens_per_second: 400, jitter: 0, output_tokens: 31 } } },
    gateway: {
      models: { claude_3_haiku: { deployments } },
      failover: { on: true, first_byte_ms: 300, idle_ms: 150, breaker: { failures: 3, probe_ms: 450 } },
    },
  });
  const { folder, stdout } = await k6('dist/failover.js', {
    env: {
      BASE_URL: simulator.gateway,
      PROVIDER_URL: simulator.provider,
      API_KEY: 'gsai-sim-key',
      RATE: '20',
      DURATION: '26s',
    },
  });
  assert.ok(folder, stdout);
  await lookAt(folder, 'failover', 'figure:has(figcaption:has-text("Failover time line"))');
  await simulator.reset();
});

test("the impact matrix is shaded in interference's report: darker where more harm is done", async () => {
  const head = ['', 'plain', 'stream', 'embedding', 'list', 'large', 'tools'];
  const rows = [
    ['stream', '+3.1', '+250', '-2.0', '+0.4 (not sure)', '+31', '-'],
    ['plain', '+101', '+98', '+1.2 (not sure)', '-', '+7.7', '+2.0'],
    ['gap', '+99', '+102', '+4.0', '+0.1 (not sure)', '+12', '+3.3'],
  ];
  const text = 'who hurts whom: by how much longer the victims (rows) take, ms, medians';
  const { record } = madeRun({ seed: 1, seconds: 60 });
  record.findings = [{ id: 'impact', value: 9, unit: 'cells', text, table: { head, rows } }];
  const folder = scratch();
  writeFileSync(join(folder, 'run.json'), JSON.stringify(record));
  writeReport(folder);
  await lookAt(folder, 'impact', '.wide:has(td[data-shade="4"])');
});
