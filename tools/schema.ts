import { readFileSync, writeFileSync } from 'node:fs';
import { createGenerator } from 'ts-json-schema-generator';

/*
 * npm run schema: writes the JSON schema of run.json from its type in lib/summary/run-record.ts, which thus stays the one
 * definition.
 */

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

if (require.main === module) {
  const text = schemaText();
  const changed = readFileSync(schemaFile, 'utf8') !== text;
  if (changed) writeFileSync(schemaFile, text);
  process.stdout.write(`${schemaFile} ${changed ? 'written' : 'is up to date'}\n`);
}
