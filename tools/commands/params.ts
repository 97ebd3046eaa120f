import { parameterTable } from '../../lib/config';
import { metrics, type Metric } from '../../lib/metrics';
import { runCommand } from '../programs/command';
import { ToolError } from '../programs/process';
import { columns } from './shared/columns';

const help = `npm run params

Prints the parameters of every script, and the metrics. The documentation has both as tables (npm run docs).`;

const parameters = [
  ['parameter', 'default', 'allowed', 'what it is'],
  ...parameterTable.map((row) => [row.name, row.default || 'none', row.allowed, row.meaning]),
];
const measured = [
  ['metric', 'unit', 'what it is'],
  ...Object.entries<Metric>(metrics).map(([name, { unit, meaning }]) => [name, unit, meaning]),
];

function main(args: readonly string[]): number {
  if (args.length > 0) throw new ToolError(`${args[0]} is no option of params; see --help`);
  const text = [
    'Parameters, each given as -e NAME=value:',
    columns(parameters, true),
    'Metrics:',
    columns(measured, true),
  ];
  process.stdout.write(`${text.join('\n\n')}\n`);
  return 0;
}

void runCommand(help, main);
