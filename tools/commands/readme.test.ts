import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { metricsMarkdown, parametersMarkdown } from './params';

/** What stands between `<!-- name -->` and `<!-- /name -->` of the README. */
function section(name: string): string {
  const found = new RegExp(`<!-- ${name} -->\n([^]*?)\n?<!-- /${name} -->`).exec(readFileSync('README.md', 'utf8'));
  assert.ok(found, `the README has a section ${name}`);
  return found[1]!.trim();
}

test("the README's parameters are those of the table (npm run params -- --markdown)", () =>
  assert.equal(section('parameters'), parametersMarkdown()));
test("the README's metrics are those of the table (npm run params -- --markdown)", () =>
  assert.equal(section('metrics'), metricsMarkdown()));
