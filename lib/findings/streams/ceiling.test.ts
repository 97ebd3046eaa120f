import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ceiling } from './ceiling';
import type { StreamRung } from './rungs';

/** So many streams at once of 31 chunks: the wait before the first, the gap, and a wrong path's time beside them, ms. */
function rung(inFlight: number, ttft: number, gap: number, bystander: number): StreamRung {
  const ok = 10 * inFlight;
  const lasts = (ttft + 30 * gap) / 1000;
  return {
    inFlight,
    ok,
    failed: 0,
    failedShare: 0,
    outcome: '',
    status: 0,
    ttft,
    gaps: 30 * ok,
    gapMean: gap,
    gapMedian: gap,
    gap95: gap,
    eachChunk: (1000 * lasts) / 31,
    chunksPerSecond: (31 * inFlight) / lasts,
    bystander,
    bystanders: 10,
    lasts,
    seconds: 10,
  };
}

const said = (...rungs: StreamRung[]) => ceiling(rungs, { requests: [] })[0]!.text;

test('streams whose chunks all take longer, as a wrong path beside them does, keep a process busy', () => {
  assert.match(
    said(rung(2, 60, 10, 1), rung(20, 200, 40, 25), rung(40, 400, 80, 70)),
    /^from 20 streams at once on, all together carry 4\d\d chunks\/s and not more.*waits 46\.5 ms longer .* is busy with chunks \(/,
  );
});

test('streams whose chunks take longer beside a wrong path that does not share a bandwidth', () => {
  assert.match(
    said(rung(2, 60, 10, 1), rung(20, 200, 40, 1), rung(40, 400, 80, 1.2)),
    /the process is free: look at the bandwidth/,
  );
});

test('FourPlacesAreNoBusyProcess: streams that wait before their first chunk and then keep their pace wait for their turn', () => {
  const behind = said(rung(2, 60, 10, 1), rung(20, 3500, 10.2, 3000), rung(40, 7000, 10.6, 6500));
  assert.match(
    behind,
    /, 99\.\d % passes before the first chunk, .* wait for their turn to begin; a wrong path waits 4749\.0 ms/,
  );
  assert.match(behind, /stands in the same line$/);
  assert.doesNotMatch(behind, /busy/);
  assert.match(
    said(rung(2, 60, 10, 1), rung(20, 3500, 10.2, 1), rung(40, 7000, 10.6, 1)),
    /wait for their turn to begin; a wrong path does not wait with them$/,
  );
});
