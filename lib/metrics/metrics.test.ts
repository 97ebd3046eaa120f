import assert from 'node:assert/strict';
import { test } from 'node:test';
import { metricDefs, metrics } from './table';

test('every metric of the table says what it means', () => {
  for (const [name, metric] of Object.entries(metrics)) {
    assert.match(name, /^(llm|target)_[a-z0-9_]+$/);
    assert.ok(metric.meaning.length > 10);
  }
});

test('the Go module is told where a value comes from, what is kept of it, and the bounds to count at', () => {
  const defs = new Map(metricDefs(new Map([['llm_ttft', [500]]])).map((def) => [def.name, def]));
  assert.equal(defs.size, Object.keys(metrics).length);
  const { measured, timeline, batches, bounds } = defs.get('llm_ttft')!;
  assert.deepEqual(
    { measured, timeline, batches, bounds },
    { measured: 'ttft', timeline: true, batches: true, bounds: [500] },
  );
  assert.equal(defs.get('llm_inter_chunk')!.gaps, true);
  assert.equal(defs.get('llm_started')!.on, 'start');
  assert.equal(defs.get('llm_in_flight')!.pulse, 'inFlight');
  const { measured: none, gaps, on, pulse } = defs.get('llm_cost_usd')!;
  assert.deepEqual([none, gaps, on, pulse], [undefined, undefined, undefined, undefined], 'the script fills it');
});
