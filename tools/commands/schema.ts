import { readFileSync, writeFileSync } from 'node:fs';
import { createGenerator } from 'ts-json-schema-generator';
import { runCommand } from '../programs/command';
import { ToolError } from '../programs/process';

const help = `npm run schema

Writes the JSON schema of run.json, lib/summary/run.schema.json, from its type in lib/summary/run-record.ts, which thus stays the one
definition.`;

export const schemaFile = 'lib/summary/run.schema.json';

export function schemaText(): string {
  const generator = createGenerator({
    path: 'lib/summary/run-record.ts',
    type: 'RunRecord',
    tsconfig: 'tsconfig.json',
    skipTypeCheck: true,
  });
  return `${JSON.stringify(generator.createSchema('RunRecord'), null, 2)}\n`;
}

function main(args: readonly string[]): number {
  if (args.length > 0) throw new ToolError(`${args[0]} is no option of schema; see --help`);
  const text = schemaText();
  const changed = readFileSync(schemaFile, 'utf8') !== text;
  if (changed) writeFileSync(schemaFile, text);
  process.stdout.write(`${schemaFile} ${changed ? 'written' : 'is up to date'}\n`);
  return 0;
}

if (require.main === module) void runCommand(help, main);
