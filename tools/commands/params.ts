import { parameterTable } from '../../lib/config';
import { metrics, type Metric } from '../../lib/metrics';
import { runCommand } from '../programs/command';
import { ToolError } from '../programs/process';
import { columns } from './shared/columns';

const help = `npm run params [-- --markdown]

Prints the parameters of every script, and the metrics. --markdown prints both as the tables that the documentation has.`;

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

function main(args: readonly string[]): number {
  const unknown = args.find((arg) => arg !== '--markdown');
  if (unknown !== undefined) throw new ToolError(`${unknown} is no option of params; see --help`);
  const text = args.includes('--markdown')
    ? [parametersMarkdown(), metricsMarkdown()]
    : [
        'Parameters, each given as -e NAME=value:',
        columns(parameterRows(), true),
        'Metrics:',
        columns(metricRows(), true),
      ];
  process.stdout.write(`${text.join('\n\n')}\n`);
  return 0;
}

if (require.main === module) void runCommand(help, main);
