import { readFileSync } from 'node:fs';
import { parameterTable } from '../../../lib/config';
import { metrics, type Metric } from '../../../lib/metrics';
import { target } from '../../../lib/verdict';
import { measured, needs, runnersFor } from '../shared/capacity';
import type { Page } from './page';

/*
 * The tables of the pages that are made from the project's own tables, so that each fact stands in one place. They stand
 * between `<!-- name -->` and `<!-- /name -->`.
 */

const code = (text: string) => `\`${text}\``;
const cell = (text: string) => text.replace(/\|/g, '\\|');

/** Rows of cells as a table of Markdown; the first row is its head. */
export function markdown(rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]) => `| ${cells.map(cell).join(' | ')} |`;
  return [line(rows[0]!), line(rows[0]!.map(() => '---')), ...rows.slice(1).map(line)].join('\n');
}

function parameters(): string {
  return markdown([
    ['parameter', 'default', 'allowed', 'what it is'],
    ...parameterTable.map((row) => [code(row.name), row.default || 'none', row.allowed, row.meaning]),
  ]);
}

function metricTable(): string {
  return markdown([
    ['metric', 'unit', 'what it is'],
    ...Object.entries<Metric>(metrics).map(([name, { unit, meaning }]) => [code(name), unit, meaning]),
  ]);
}

/** What so many streams need of the machines that hold them, by the events that each brings in a second. */
function scale(): string {
  const rows = [10_000, 100_000, 1_000_000].flatMap((streams) =>
    [1, 10, 50].map((events) => {
      // A stream of 30 seconds: so many begin in a second.
      const height = { streams, eventsPerSecond: streams * events, requestsPerSecond: streams / 30 };
      const whole = needs(height);
      const runners = runnersFor(height);
      const each = needs({ ...height, streams: streams / runners });
      return [
        streams.toLocaleString('en-US'),
        String(events),
        whole.busy.toFixed(1),
        String(runners),
        `${Math.ceil(each.memoryBytes / 1e6)} MB`,
        Math.ceil(each.connections).toLocaleString('en-US'),
        `${((whole.bandwidth * 8) / 1e9).toFixed(2)} Gbit/s`,
      ];
    }),
  );
  return markdown([
    [
      'streams at a time',
      'events/s of each',
      'busy cores',
      'machines of 2 cores',
      'memory of each',
      'connections of each',
      'network, all',
    ],
    ...rows,
  ]);
}

function costs(): string {
  return markdown([
    ['what', 'cost'],
    ['1,000 events', `${measured.cpuPer1000Events} ms of CPU`],
    ['a request beside its events', `${measured.cpuPerRequest} ms of CPU`],
    ['the program before its load', `${measured.memoryBase / 1e6} MB`],
    ['a request under way', `${measured.memoryPerStream / 1e3} kB`],
    ['an event on the network', `${measured.bytesPerEvent} bytes`],
    ['a request on the network, with its prompt', `${measured.bytesPerRequest} bytes`],
  ]);
}

interface Row {
  name: string;
  metric?: string;
  stat?: string;
  finding?: string;
  tags?: Record<string, string>;
  below?: number;
  atMost?: number;
  atLeast?: number;
  tell?: { above?: number; below?: number };
  each?: string;
  source: string;
}

/** The content of `thresholds/<script>.json`. */
function objectivesOf(script: string): { row: string; objectives: Row[] } {
  return JSON.parse(readFileSync(`thresholds/${script}.json`, 'utf8')) as { row: string; objectives: Row[] };
}

function objectives(script: string): string {
  const what = ({ metric, stat, finding, tags = {}, each }: Row) =>
    finding === undefined
      ? [
          `${code(metric!)} ${stat}`,
          ...Object.entries(tags).map(([name, value]) => `${name}=${value}`),
          ...(each === undefined ? [] : [`for each ${each}`]),
        ].join(', ')
      : `finding ${code(finding)}`;
  const told = ({ tell = {} }: Row) => Object.entries(tell).map(([end, value]) => `; ${end} ${value} is only told`);
  const limit = (row: Row) => [target(row), ...told(row)].join('');
  return markdown([
    ['objective', 'what is judged', 'limit', 'source'],
    ...objectivesOf(script).objectives.map((row) => [row.name, what(row), limit(row), row.source]),
  ]);
}

/** The script that a page describes: docs/scripts/smoke.md -> smoke. */
export function scriptOf({ path }: Pick<Page, 'path'>): string | undefined {
  return /^docs\/scripts\/([a-z-]+)\.md$/.exec(path)?.[1];
}

function scripts(pages: readonly Page[]): string {
  const rows = pages.flatMap((page) => {
    const script = scriptOf(page);
    return script === undefined ? [] : [[`[${code(script)}](${script}.md)`, page.opening, objectivesOf(script).row]];
  });
  return markdown([['script', 'the question', 'where it comes from'], ...rows]);
}

/** `page`'s text with the tables that it asks for as they should be. */
export function withTables(page: Page, pages: readonly Page[]): string {
  return page.text.replace(
    /(<!-- (\w+) -->\n)[\s\S]*?(<!-- \/\2 -->)/g,
    (_, open: string, name: string, close: string) => {
      const script = scriptOf(page);
      const table =
        name === 'parameters'
          ? parameters()
          : name === 'metrics'
            ? metricTable()
            : name === 'scale'
              ? scale()
              : name === 'costs'
                ? costs()
                : name === 'scripts'
                  ? scripts(pages)
                  : name === 'objectives' && script !== undefined
                    ? objectives(script)
                    : undefined;
      if (table === undefined) throw new Error(`${page.path}: there is no table "${name}" for this page`);
      return `${open}\n${table}\n\n${close}`;
    },
  );
}
