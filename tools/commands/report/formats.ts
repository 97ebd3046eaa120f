import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { reportPage } from '../../../lib/report';
import { jUnit, type RunRecord } from '../../../lib/summary';
import { benchmarkReport } from './benchmark-report';
import { csv } from './csv';
import { jsonl } from './jsonl';
import { markdown } from './markdown';
import { openMetrics } from './openmetrics';

/** The page without content; made where it is missing. An archive's tool has it inside. */
export function template(): string {
  try {
    return readFileSync(join(__dirname, '../../../dist/report-page.html'), 'utf8');
  } catch {
    execFileSync(process.execPath, ['esbuild.config.mjs'], { stdio: 'inherit' });
    return readFileSync('dist/report-page.html', 'utf8');
  }
}

interface Format {
  /** Name of the file beside run.json. */
  file: string;
  /** What is in it, for --help. */
  says: string;
  make(run: RunRecord): string;
}

/** Everything that is made of a run's record, by the name that --format takes. */
export const formats = {
  html: { file: 'report.html', says: 'the page that the run wrote', make: (run) => reportPage(run, template()) },
  md: { file: 'report.md', says: 'the same as text and tables, without charts', make: markdown },
  json: {
    file: 'report.json',
    says: 'the record in the schema of this version, whatever version wrote it',
    make: (run) => `${JSON.stringify(run, null, 2)}\n`,
  },
  csv: { file: 'report.csv', says: 'every metric under each of its tag sets, a line each', make: csv },
  jsonl: {
    file: 'report.jsonl',
    says: 'objectives, findings, phases, time and metrics, an object a line',
    make: jsonl,
  },
  junit: { file: 'junit.xml', says: 'the objectives as test cases', make: jUnit },
  openmetrics: { file: 'report.om', says: 'the metrics as OpenMetrics text', make: openMetrics },
  'benchmark-report': {
    file: 'benchmark-report.json',
    says: "llm-d's benchmark report, version 0.2, of the chats",
    make: benchmarkReport,
  },
} as const satisfies Record<string, Format>;

export type FormatName = keyof typeof formats;
