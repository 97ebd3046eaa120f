import { parameterTable } from '../lib/config';
import { metrics, type Metric } from '../lib/metrics';

/*
 * npm run params: the parameters of every script, and the metrics. The documentation has both as tables (npm run docs).
 */

function columns(rows: readonly (readonly string[])[]): string {
  const width = rows[0]!.map((_, i) => Math.max(...rows.map((row) => row[i]!.length)));
  return rows
    .map((row) => row.map((cell, i) => (i < row.length - 1 ? cell.padEnd(width[i]!) : cell)).join('  '))
    .join('\n');
}

const parameters = [
  ['parameter', 'default', 'allowed', 'what it is'],
  ...parameterTable.map((row) => [row.name, row.default || 'none', row.allowed, row.meaning]),
];
const measured = [
  ['metric', 'unit', 'what it is'],
  ...Object.entries<Metric>(metrics).map(([name, { unit, meaning }]) => [name, unit, meaning]),
];

process.stdout.write(
  `Parameters, each given as -e NAME=value:\n\n${columns(parameters)}\n\nMetrics:\n\n${columns(measured)}\n`,
);
