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

/** Every schema that the project keeps. */
export const schemas: readonly Schema[] = [
  { file: 'lib/summary/run.schema.json', type: 'RunRecord', path: 'lib/summary/run-record.ts' },
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

/**
 * The JSON schemas of all types, as the texts of their files, by their files. All are made of one reading of the code,
 * which takes far longer than the rest.
 */
export function schemaTexts(): ReadonlyMap<string, string> {
  const path = `{${schemas.map((each) => each.path).join()}}`;
  const generator = createGenerator({ path, tsconfig: 'tsconfig.node.json', skipTypeCheck: true });
  return new Map(schemas.map(({ file, type }) => [file, `${JSON.stringify(generator.createSchema(type), null, 2)}\n`]));
}

function main(args: readonly string[]): number {
  if (args.length > 0) throw new ToolError(`${args[0]} is no option of schema; see --help`);
  for (const [file, text] of schemaTexts()) {
    const changed = !existsSync(file) || readFileSync(file, 'utf8') !== text;
    if (changed) writeFileSync(file, text);
    process.stdout.write(`${file} ${changed ? 'written' : 'is up to date'}\n`);
  }
  return 0;
}

if (require.main === module) void runCommand(help, main);
