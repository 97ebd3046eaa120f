import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { schemaFile, schemas, schemaText } from './schema';

// That of run.json has its own test beside the type (lib/summary).
for (const schema of schemas.filter(({ file }) => file !== schemaFile))
  test(`${schema.file} is what its type makes (npm run schema)`, () =>
    assert.equal(readFileSync(schema.file, 'utf8'), schemaText(schema)));
