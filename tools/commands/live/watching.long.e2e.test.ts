import assert from 'node:assert/strict';
import { cpus } from 'node:os';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { startBrowser } from '../../testing/browser';
import { allProcesses, treeOf } from '../../programs/process-tree';
import { setHidden, startDemo } from './demo.fixture';

const pairs = 7;
const blockMs = 6000;

/**
 * One run, in which four pages are seen and hidden in turn. What the load needs drifts as the target and the machine do,
 * so neighbours are compared, and the middle of their differences counts.
 */
test(
  'four pages that are watched cost the generator less than one per cent of the machine',
  { timeout: 240_000 },
  async () => {
    const browser = await startBrowser();
    const demo = await startDemo(40, `${(2 * pairs * blockMs) / 1000 + 25}s`);
    try {
      const tabs = await Promise.all(
        Array.from({ length: 4 }, async () => {
          const page = await browser.newPage({ viewport: { width: 1280, height: 900 } });
          await page.goto(demo.url);
          await page.locator('figure canvas').nth(3).waitFor({ timeout: 60_000 });
          return page;
        }),
      );
      const used = (name: string) => {
        let sum = 0;
        for (const [pid, { cpuSeconds }] of treeOf(demo.pid, allProcesses())) {
          const command = readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' ');
          if (command.includes(name)) sum += cpuSeconds;
        }
        return sum;
      };
      /** Share of the machine's CPUs that a program takes in a block. */
      const block = async (hidden: boolean) => {
        await Promise.all(tabs.map((page) => setHidden(page, hidden)));
        const [k6, server, at] = [used('bin/k6 '), used('demo.ts'), performance.now()];
        await new Promise((resolve) => setTimeout(resolve, blockMs)); // the length of what is measured
        const share = (seconds: number) => (1000 * seconds) / (performance.now() - at) / cpus().length;
        return { k6: share(used('bin/k6 ') - k6), server: share(used('demo.ts') - server) };
      };
      const blocks: { watched: Awaited<ReturnType<typeof block>>; alone: Awaited<ReturnType<typeof block>> }[] = [];
      for (let i = 0; i < pairs; i++) {
        const first = await block(i % 2 === 0);
        const second = await block(i % 2 !== 0);
        blocks.push(i % 2 === 0 ? { alone: first, watched: second } : { alone: second, watched: first });
      }
      const middle = (values: number[]) => values.sort((a, b) => a - b)[(values.length - 1) / 2]!;
      const more = middle(blocks.map(({ watched, alone }) => watched.k6 - alone.k6));
      const server = middle(blocks.map(({ watched }) => watched.server));
      const { run } = await demo.ended;
      const late = run.instrument.wake;
      const percent = (share: number) => `${(100 * share).toFixed(2)} %`;
      process.stdout.write(
        `# k6 takes ${percent(middle(blocks.map(({ alone }) => alone.k6)))} of the CPUs, ${percent(more)} more with four pages; their server ${percent(server)}; lateness p99 ${late.p99} ms; ${run.verdict}\n`,
      );
      assert.ok(more < 0.01, `${percent(more)} of the CPUs more with four pages`);
      assert.ok(
        !run.reasons.some(({ about, text }) => about === 'instrument' && text.includes('late')),
        JSON.stringify(run.reasons),
      );
    } finally {
      await demo.stop();
      await browser.close();
    }
  },
);
