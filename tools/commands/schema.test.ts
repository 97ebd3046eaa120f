import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { schemaTexts } from './schema';

for (const [file, text] of schemaTexts())
  test(`${file} is what its type makes (npm run schema)`, () => assert.equal(readFileSync(file, 'utf8'), text));
