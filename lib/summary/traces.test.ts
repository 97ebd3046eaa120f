import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Trace } from 'k6/x/sse';
import type { RunRecord } from './run-record';
import { traceLines, tracesReport } from './traces';

const trace = (id: string, e2e: number, outcome: Trace['outcome'] = 'ok'): Trace => ({
  id,
  span: '00f067aa0ba902b7',
  outcome,
  sent: 1500,
  ttft: outcome === 'ok' ? 200 : -1,
  e2e,
  tags: { phase: 'load' },
});
const told = {
  sampled: 9,
  slowest: [4, 3, 2, 1].map((n) => trace(`a${n}`, n * 1000)),
  failed: [trace('b1', 7, 'http_5xx'), trace('b2', -1, 'connect')],
};

test('run.json links to each trace where TRACES_URL says', () => {
  const report = tracesReport(told, 0.5, 'http://localhost:16686/trace/{id}');
  assert.equal(report.slowest[0]!.link, 'http://localhost:16686/trace/a4');
  assert.deepEqual(report.failed[1], {
    trace_id: 'b2',
    parent_id: '00f067aa0ba902b7',
    outcome: 'connect',
    sent_s: 1.5,
    ttft: null,
    e2e: null,
    tags: { phase: 'load' },
    link: 'http://localhost:16686/trace/b2',
  });
  assert.equal('link' in tracesReport(told, 0.5).slowest[0]!, false);
});

test('the table names the slowest three and the first that failed', () => {
  const lines = traceLines({ traces: tracesReport(told, 0.5) } as RunRecord);
  assert.deepEqual(
    lines.map((line) => line.trim()),
    [
      'traces      9 sampled',
      'slowest 4000 ms  a4',
      'slowest 3000 ms  a3',
      'slowest 2000 ms  a2',
      'failed 7 ms http_5xx  b1',
    ],
  );
  assert.deepEqual(traceLines({} as RunRecord), []);
});
