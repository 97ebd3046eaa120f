import { readFileSync } from 'node:fs';
import type { Page } from 'playwright-core';

/*
 * What the tests ask of a page in a real browser.
 */

const axe = readFileSync(require.resolve('axe-core/axe.min.js'), 'utf8');

/** What axe-core finds serious or critical: the rule, and the first element. */
export async function faults(page: Page): Promise<string[]> {
  await page.evaluate(axe);
  return page.evaluate(async () => {
    const run = (globalThis as unknown as { axe: { run(): Promise<{ violations: Violation[] }> } }).axe;
    interface Violation {
      id: string;
      impact: string;
      nodes: { html: string }[];
    }
    const { violations } = await run.run();
    return violations
      .filter(({ impact }) => impact === 'serious' || impact === 'critical')
      .map(({ id, nodes }) => `${id}: ${nodes[0]!.html.slice(0, 200)}`);
  });
}

/** Charts on which nothing was drawn, and how many there are. */
export function drawn(page: Page): Promise<{ charts: number; empty: string[] }> {
  return page.evaluate(() => {
    const page = globalThis as unknown as { document: { querySelectorAll(of: string): Iterable<Canvas> } };
    interface Canvas {
      width: number;
      height: number;
      getContext(of: '2d'): { getImageData(x: number, y: number, w: number, h: number): { data: number[] } };
      closest(of: string): { querySelector(of: string): { textContent: string } };
    }
    const all = [...page.document.querySelectorAll('canvas')];
    const empty = all.filter((canvas) => {
      const { data } = canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height);
      let inked = 0;
      for (let i = 3; i < data.length; i += 4) if (data[i]! > 0) inked++;
      return inked < 500;
    });
    return {
      charts: all.length,
      empty: empty.map((canvas) => canvas.closest('figure').querySelector('figcaption').textContent),
    };
  });
}
