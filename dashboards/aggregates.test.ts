import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { aggregated, groups } from './aggregates';
import { mean, percentiles, perSecond } from './ask';

test('the groups are those that the output writes', () => {
  const go = readFileSync('xk6-sse/internal/aggregates/groups.go', 'utf8');
  const written = [...go.matchAll(/\{"([\w,]+)", (?:nil|\[\]string\{([^}]*)\})\},/g)].map(
    ([, name, tags = '']) => [name, [...tags.matchAll(/"(\w+)"/g)].map(([, tag]) => tag)] as const,
  );
  assert.deepEqual(written, Object.entries(groups));
});

test('each question is put to the row that has its tags, and none to counters and to what says how the load stands', () => {
  const asked = (ask: Parameters<typeof aggregated>[0]) => aggregated({ scope: 'all', whole: true, ...ask });
  assert.equal(
    asked({ select: percentiles(95), from: 'llm_ttft' }),
    `SELECT last("llm_ttft_run_p95") AS "p95" FROM "llm_seconds" WHERE $timeFilter AND "by" = 'all'`,
  );
  assert.equal(
    asked({
      select: percentiles(50, 95),
      from: 'llm_e2e',
      whole: false,
      by: ['size'],
      where: { tag: 'kind', is: 'embedding' },
    }),
    `SELECT mean("llm_e2e_p50") AS "p50", mean("llm_e2e_p95") AS "p95" FROM "llm_seconds" WHERE $timeFilter AND "by" = 'size' AND "kind" = 'embedding' GROUP BY time($__interval), "size" fill(none)`,
  );
  assert.equal(
    asked({ select: mean('failed'), from: 'llm_stream_error', by: ['run_id', 'model', 'phase'] }),
    `SELECT (sum("llm_stream_error_sum") / sum("llm_stream_error_count")) AS "failed" FROM "llm_seconds" WHERE $timeFilter AND "by" = 'model,phase' GROUP BY "run_id", "model", "phase"`,
  );
  for (const from of ['llm_started', 'llm_in_flight', 'llm_wanted_rate', 'target_cpu', 'vus'] as const)
    assert.equal(asked({ select: perSecond('x'), from }), undefined, from);
  assert.throws(() => asked({ select: mean('x'), from: 'llm_ttft', by: ['agency', 'size'] }), /agency, size/);
});
