import { sleep } from 'k6';
import exec from 'k6/execution';
import { push, stream } from 'k6/x/sse';
import type { Parameters } from '../config';
import { note, notes } from '../journal';
import {
  isAnother,
  knownNames,
  pageMetrics,
  readPage,
  restarted,
  valuesSince,
  type FamilyNames,
  type Raw,
} from '../monitor';

/*
 * Reads the target's Prometheus pages while the load runs, from one VU of a scenario of its own. Each reading has a
 * connection of its own, is no request of the load, and may take two seconds: that much later at most than without does
 * a run end.
 */

type Page = Parameters['pages'][number];

/** Name of the scenario. */
export const scenario = 'monitor';
/** The longest that a page is waited for, ms. */
const patience = 2000;
/** How often it is looked whether the load is over, seconds. */
const glance = 0.2;
/** Time that the load's VUs have to begin, ms. */
const grace = 10_000;

/** The page's text, or why there is none. */
function fetchPage({ url }: Page): { text: string } | { failure: string } {
  const answer = stream(url, {
    method: 'GET',
    headers: { accept: 'text/plain;version=0.0.4' },
    expect: 'json',
    probe: true,
    apart: true,
    timeouts: { first: patience, idle: patience, total: patience },
  });
  // It is no JSON, and is told so as malformed; what the body then holds is looked into.
  if (answer.status === 200 && (answer.outcome === 'ok' || answer.outcome === 'malformed'))
    return { text: answer.body };
  return { failure: answer.error || `status ${answer.status}` };
}

/** What a page tells now, or why it cannot be read. */
export function readPageOf(page: Page, names: FamilyNames): { raw: Raw } | { failure: string } {
  const answer = fetchPage(page);
  if ('failure' in answer) return answer;
  const raw = readPage(answer.text, Date.now(), names);
  if (Object.keys(raw.values).length > 0) return { raw };
  const html = /^\s*<(!doctype|html)/i.test(answer.text);
  return {
    failure: html
      ? 'it answered with an HTML page'
      : `it has none of the metrics that are known here (${knownNames.slice(0, 4).join(', ')}, ...)`,
  };
}

/** Why a page of METRICS_URLS cannot be read, as a sentence; "" when all can. */
export function pagesRefused({ pages, pageNames }: Pick<Parameters, 'pages' | 'pageNames'>): string {
  const strange = Object.keys(pageNames).find((name) => !pageMetrics.includes(name));
  if (strange !== undefined)
    return `METRICS_MAP: ${strange} is none of the names that are read from pages (${pageMetrics.join(', ')})`;
  for (const page of pages) {
    const found = readPageOf(page, pageNames);
    if ('failure' in found)
      return `METRICS_URLS: the page ${page.url} cannot be used: ${found.failure}. Give the address of a Prometheus page of the target (npm run sampler serves one of a process), or leave it out`;
  }
  return '';
}

/** Reads the pages every so many seconds until the load is over: until this VU is the only one at work. */
export function watch({ pages, pagesEvery: every, pageNames }: Parameters, scraped?: (phase: string) => boolean): void {
  const wanted = () => !scraped || scraped(notes('phase').kept.pop() ?? '');
  const began = Date.now();
  const last = new Map<string, Raw>();
  let seen = false;
  const over = () => {
    const alone = exec.instance.vusActive <= 1;
    seen ||= !alone;
    return alone && (seen || Date.now() - began > grace);
  };
  for (let due = began; !over(); ) {
    if (!wanted()) {
      sleep(glance / 4);
      continue;
    }
    for (const page of pages) if (!over()) readOnce(page, last, pageNames);
    // A page that stalls leaves readings out; they are not made up for.
    due = Math.max(due + every * 1000, Date.now());
    while (Date.now() < due && !over() && wanted()) sleep(Math.min(glance, Math.max(0, due - Date.now()) / 1000));
  }
}

function readOnce(page: Page, last: Map<string, Raw>, names: FamilyNames): void {
  const found = readPageOf(page, names);
  if ('failure' in found) {
    note('page', { page: page.name, at: Date.now(), failed: found.failure });
    return;
  }
  const { raw } = found;
  const before = last.get(page.name);
  last.set(page.name, raw);
  const values = valuesSince(before, raw);
  push({ target: page.name }, values);
  note('page', {
    page: page.name,
    at: raw.at,
    values,
    ...(before && restarted(before, raw) ? { again: true } : {}),
    ...(before && isAnother(before, raw) ? { another: true } : {}),
    cpus: raw.cpus,
    loops: raw.loops,
    memory: raw.memory,
    pool: raw.pool,
  });
}
