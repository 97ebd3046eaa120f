import { parameterTable } from '../lib/config';
import { metrics, type Metric } from '../lib/metrics';

/*
 * npm run params: the parameters of every script, and the metrics. `--markdown` prints both as the README has them.
 */

function column(rows: readonly (readonly string[])[]): string {
  const width = rows[0]!.map((_, i) => Math.max(...rows.map((row) => row[i]!.length)));
  return rows
    .map((row) => row.map((cell, i) => (i < row.length - 1 ? cell.padEnd(width[i]!) : cell)).join('  '))
    .join('\n');
}

function markdown(rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]) => `| ${cells.join(' | ')} |`;
  return [line(rows[0]!), line(rows[0]!.map(() => '---')), ...rows.slice(1).map(line)].join('\n');
}

const code = (text: string) => `\`${text}\``;

export function parameterRows(mark: (text: string) => string = (text) => text): string[][] {
  return [
    ['parameter', 'default', 'allowed', 'what it is'],
    ...parameterTable.map((row) => [mark(row.name), row.default || 'none', row.allowed, row.meaning]),
  ];
}

export function metricRows(mark: (text: string) => string = (text) => text): string[][] {
  return [
    ['metric', 'unit', 'what it is'],
    ...Object.entries<Metric>(metrics).map(([name, metric]) => [mark(name), metric.unit, metric.meaning]),
  ];
}

export const parametersMarkdown = () => markdown(parameterRows(code));
export const metricsMarkdown = () => markdown(metricRows(code));

if (require.main === module) {
  const text = process.argv.includes('--markdown')
    ? [parametersMarkdown(), metricsMarkdown()]
    : ['Parameters, each given as -e NAME=value:', column(parameterRows()), 'Metrics:', column(metricRows())];
  process.stdout.write(`${text.join('\n\n')}\n`);
}
