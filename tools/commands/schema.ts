import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { createGenerator } from 'ts-json-schema-generator';
import { runCommand } from '../programs/command';
import { ToolError } from '../programs/process';

const help = `npm run schema

Writes the JSON schemas of what the project writes (run.json, and the JSON of compare and trend), each from its type, which thus
stays the one definition.`;

interface Schema {
  file: string;
  /** The type and the file that it stands in. */
  type: string;
  path: string;
}

export const schemaFile = 'lib/summary/run.schema.json';

/** Every schema that the project keeps. */
export const schemas: readonly Schema[] = [
  { file: schemaFile, type: 'RunRecord', path: 'lib/summary/run-record.ts' },
  {
    file: 'tools/commands/compare/compare.schema.json',
    type: 'Comparison',
    path: 'tools/commands/compare/comparison.ts',
  },
  { file: 'targets/target.schema.json', type: 'TargetFile', path: 'lib/config/target-file.ts' },
  { file: 'tools/commands/ab/ab.schema.json', type: 'Experiment', path: 'tools/commands/ab/experiment.ts' },
  { file: 'tools/commands/plan/plan.schema.json', type: 'PlanRecord', path: 'tools/commands/plan/record.ts' },
  { file: 'tools/commands/trend/trend.schema.json', type: 'History', path: 'tools/commands/trend/history.ts' },
];

/** The JSON schema of a type, as the text of its file; of run.json where none is named. */
export function schemaText({ type, path }: Schema = schemas[0]!): string {
  const generator = createGenerator({ path, type, tsconfig: 'tsconfig.node.json', skipTypeCheck: true });
  return `${JSON.stringify(generator.createSchema(type), null, 2)}\n`;
}

function main(args: readonly string[]): number {
  if (args.length > 0) throw new ToolError(`${args[0]} is no option of schema; see --help`);
  for (const schema of schemas) {
    const text = schemaText(schema);
    const changed = !existsSync(schema.file) || readFileSync(schema.file, 'utf8') !== text;
    if (changed) writeFileSync(schema.file, text);
    process.stdout.write(`${schema.file} ${changed ? 'written' : 'is up to date'}\n`);
  }
  return 0;
}

if (require.main === module) void runCommand(help, main);
