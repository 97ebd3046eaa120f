import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import type { Snapshot } from 'k6/x/sse';
import { k6 } from '../../tools/programs/k6';
import { scratch } from '../../tools/programs/scratch';
import { bundleFixture } from '../../tools/testing/fixture-script';
import { fieldServer } from '../../tools/testing/field';

test("hours of measuring were lost where the suite's own code threw at the end: what was counted is written", async () => {
  const server = await fieldServer();
  const outfile = await bundleFixture('lib/run/last-resort.fixture.ts');
  try {
    const out = join(scratch(), 'unjudged');
    const ran = await k6(outfile, { env: { BASE_URL: server.base('refusal'), API_KEY: 'none', OUT: out } });
    assert.equal(ran.code, 110, ran.stderr);
    assert.match(
      ran.stdout,
      /verdict {5}INVALID\n\s+instrument: the suite's own code threw .*a formula that cannot be/,
    );
    assert.match(ran.stdout, /what was counted is in \S+unjudged\.json/);
    const [folder] = readdirSync(out);
    const left = JSON.parse(readFileSync(join(out, folder!, 'unjudged.json'), 'utf8')) as { snapshot: Snapshot };
    assert.equal(left.snapshot.started, 10);
    assert.equal(left.snapshot.finished, 10);
    assert.ok(left.snapshot.rows.some(({ metric }) => metric === 'llm_ttft'));
  } finally {
    server.close();
  }
});
