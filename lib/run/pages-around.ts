import { sleep } from 'k6';
import { ParameterError, simulatorPage, simulatorUrl } from '../config';
import { note, notes } from '../journal';
import { valuesSince, type Raw } from '../monitor';
import type { Feature } from './test';
import { readPageOf } from './watch';

/** How often the pages are read before the load, and after it. */
const readings = 4;
/** The least and the most of the time that this takes, seconds: setup() and teardown() do not wait for ever. */
const [least, most] = [3, 60];

/**
 * The script says nothing without the target's own pages (METRICS_URLS). They are read before the load and after it too,
 * while nobody asks, over so many seconds, scaled with the load's durations.
 */
export function readingAround(seconds: number): Feature {
  let stretch = 1;
  const readAll = (p: Parameters<NonNullable<Feature['readies']>>[0]['p'], around: 'before' | 'after') => {
    const last = new Map<string, Raw>();
    for (let i = 0; i < readings; i++) {
      if (i > 0) sleep(Math.min(most, Math.max(least, seconds * stretch)) / (readings - 1));
      for (const page of p.pages) {
        const found = readPageOf(page, p.pageNames);
        if ('failure' in found) continue;
        const { raw } = found;
        note('around', {
          page: page.name,
          at: raw.at,
          around,
          values: valuesSince(last.get(page.name), raw),
          totals: raw.values,
          start: raw.start,
        });
        last.set(page.name, raw);
      }
    }
  };
  return {
    parameters(p, { script }) {
      if (p.pages.length === 0 && p.baseUrl === simulatorUrl) p.pages = [{ name: 'gateway', url: simulatorPage }];
      if (p.pages.length === 0)
        throw new ParameterError(
          `METRICS_URLS is missing: ${script} looks at what the target's own Prometheus page tells; give its address (npm run sampler makes a page of a process)`,
        );
    },
    plan(draft) {
      stretch = draft.stretch;
    },
    readies: ({ p }) => readAll(p, 'before'),
    afterwards: ({ p }) => readAll(p, 'after'),
    observe(evidence) {
      evidence.around = notes('around').kept;
    },
  };
}
