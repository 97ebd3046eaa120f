import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { parse } from 'yaml';

test('a nolint comment silenced a linter that nobody runs: each names one of .golangci.yml', () => {
  const { linters } = parse(readFileSync('.golangci.yml', 'utf8')) as { linters: { enable: string[] } };
  const files = ['xk6-sse', 'bench/client'].flatMap((folder) =>
    readdirSync(folder, { recursive: true, encoding: 'utf8' })
      .filter((name) => name.endsWith('.go'))
      .map((name) => join(folder, name)),
  );
  assert.ok(files.length > 20);
  const unread = files.flatMap((file) =>
    [...readFileSync(file, 'utf8').matchAll(/\/\/\s*nolint(?::([\w,-]+))?/g)]
      .filter(([, names]) => !names?.split(',').every((name) => linters.enable.includes(name)))
      .map(([comment]) => `${file}: ${comment}`),
  );
  assert.deepEqual(unread, []);
});
