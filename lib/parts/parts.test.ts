import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Snapshot } from 'k6/x/sse';
import { metricReports, phaseReports, timelinePoints } from '../measurements';
import { phaseRow } from '../measurements/snapshot.fixture';
import { parseObjectives } from '../objectives';
import { histogramOf } from '../statistics/histogram.fixture';
import type { RunRecord } from '../summary';
import { judge } from '../verdict';
import { add, mergeParts, partDoubts, type PartRecord } from './index';
import { all, parts, record, segment, whole } from './parts.fixture';

const close = (actual: number | null | undefined, wanted: number | null | undefined) =>
  assert.ok(Math.abs((actual ?? 0) - (wanted ?? 0)) <= 1e-9 * Math.abs(wanted ?? 1), `${actual} is not ${wanted}`);

test('four parts added up are the whole, exactly: counts, histograms, stretches, outcomes, phases, timeline', () => {
  const merged = add(parts.map((snapshot) => ({ hostname: 'one', snapshot })));
  for (const key of ['started', 'finished', 'failed', 'interrupted', 'phases', 'outcomes'] as const)
    if (key === 'phases') assert.deepEqual(merged.phases, [{ ...whole.phases[0], maxInFlight: 20 }]);
    else assert.deepEqual(merged[key], whole[key], key);
  for (const [i, row] of whole.rows.entries()) {
    const { sum, ...exact } = row.histogram;
    const { sum: added, ...found } = merged.rows[i]!.histogram;
    assert.deepEqual(found, exact);
    close(added, sum);
    const { sum: sums, ...stretches } = row.batches!;
    const { sum: addedSums, ...addedStretches } = merged.rows[i]!.batches!;
    assert.deepEqual(addedStretches, stretches);
    for (const [j, each] of sums.entries()) close(addedSums[j], each);
  }
  const [points, wanted] = [timelinePoints(merged, 1), timelinePoints(whole, 1)];
  assert.equal(points.length, 60);
  for (const [i, point] of points.entries()) {
    assert.equal(point.started, wanted[i]!.started);
    assert.equal(point.ttft?.p50, wanted[i]!.ttft?.p50);
  }
  assert.equal(phaseReports(merged)[0]!.ttft!.p95, phaseReports(whole)[0]!.ttft!.p95);
  assert.equal(metricReports(merged).llm_ttft![0]!.p999, metricReports(whole).llm_ttft![0]!.p999);
});

test('the merged parts are judged as the whole is, with its intervals, for each model too', () => {
  const objectives = parseObjectives(
    {
      row: 'test',
      objectives: [
        {
          name: 'p95',
          metric: 'llm_ttft',
          stat: 'p95',
          below: 500,
          tags: { kind: 'chat' },
          source: 'test',
          each: 'model',
        },
        { name: 'median', metric: 'llm_ttft', stat: 'p50', below: 500, tags: { kind: 'chat' }, source: 'test' },
      ],
    },
    'test.json',
  ).objectives;
  const judged = (snapshot: Snapshot) =>
    judge({ objectives, snapshot, refused: '', vus: 40, allowedSeconds: 5, mayBreak: false });
  const merged = judged(add(parts.map((snapshot) => ({ hostname: 'one', snapshot }))));
  const wanted = judged(whole);
  assert.equal(wanted.verdict, 'FAIL', JSON.stringify(wanted));
  assert.deepEqual(merged, wanted);
});

test('sound parts raise no doubt, whatever the order in which they are given', () => {
  assert.deepEqual(partDoubts(all), []);
  assert.deepEqual(
    mergeParts([...all].reverse()).runs.map((run) => run.segment),
    [0, 1, 2, 3].map(segment),
  );
});

const doubtful: [string, PartRecord[], RegExp][] = [
  ['missing', [all[0]!, all[1]!, all[3]!], /^segment 1\/2:3\/4 of the load is missing: its runner died/],
  ['given twice', [...all, all[2]!], /^segment 1\/2:3\/4 of the load was given more than once$/],
  [
    'stopped in mid-run',
    [...all.slice(0, 3), record(3, {}, { signal: 'SIGTERM' })],
    /^the runner of segment 3\/4:1 on one: the run was stopped by SIGTERM/,
  ],
  [
    'of another commit',
    [...all.slice(0, 3), record(3, { environment: { commit: 'beef' } as RunRecord['environment'] })],
    /^the runner of segment 3\/4:1 on one had another commit \("beef"\) than the first \("c0ffee"\)$/,
  ],
  [
    'with another parameter',
    [
      ...all.slice(0, 3),
      record(3, { environment: { parameters: { rate: 5, apiKeys: 1 } } as unknown as RunRecord['environment'] }),
    ],
    /^the runner of segment 3\/4:1 on one had another parameter rate \(5\) than the first \(10\)$/,
  ],
  [
    'with another clock',
    [...all.slice(0, 3), record(3, { instrument: { clock: 'read', error: null } as RunRecord['instrument'] })],
    /had another clock \("read"\) than the first \("kernel"\)$/,
  ],
  [
    'late on one machine',
    [...all.slice(0, 3), record(3, {}, { startedAt: whole.startedAt + 2500 })],
    /^the runner of segment 3\/4:1 on one was late: it started 2\.5 s after the first of all \(known to within 0\.0 s; at most 2 s may be\)$/,
  ],
  [
    'late by the clock of the target, although its own clock says that it was not',
    [
      ...all.slice(0, 3),
      record(3, {
        environment: { hostname: 'two' } as RunRecord['environment'],
        part: { clock: { offset: 4000, bound: 400 } } as PartRecord['part'],
      }),
    ],
    /on two was late: it started 4\.0 s after the first of all \(known to within 0\.7 s/,
  ],
  [
    'whose clock is an hour behind, although it started in time by the clock of the target',
    [
      ...all.slice(0, 3),
      record(
        3,
        {
          environment: { hostname: 'two' } as RunRecord['environment'],
          part: { clock: { offset: 3_600_000, bound: 400 } } as PartRecord['part'],
        },
        { startedAt: whole.startedAt - 3_600_000 },
      ),
    ],
    /^the runner of segment 3\/4:1 on two had another clock: its clock is 3600\.0 s behind that of the first \(known to within 0\.7 s\): set the clocks of all machines \(NTP\)$/,
  ],
  [
    'an hour late by its own clock, where the target told no time',
    [
      ...all.slice(0, 3),
      record(
        3,
        { environment: { hostname: 'two' } as RunRecord['environment'], part: { clock: null } as PartRecord['part'] },
        { startedAt: whole.startedAt + 3_600_000 },
      ),
    ],
    /^the runner of segment 3\/4:1 on two started 3600\.0 s after the first by their own clocks, and the target told no time/,
  ],
  [
    'on another machine of the same name, whose clock is 5 s ahead',
    [
      ...all.slice(0, 3),
      record(
        3,
        { part: { clock: { offset: -5000, bound: 400 } } as PartRecord['part'] },
        { startedAt: whole.startedAt + 5000 },
      ),
    ],
    /^the runner of segment 3\/4:1 on one had another clock: its clock is 5\.0 s ahead of that of the first/,
  ],
  [
    'that doubted itself, since its load was beyond its calibration',
    [
      ...all.slice(0, 3),
      record(3, { part: { doubts: ['the load is beyond what was calibrated'] } as PartRecord['part'] }),
    ],
    /^the runner of segment 3\/4:1 on one: the load is beyond what was calibrated$/,
  ],
  [
    'that was given another load by the same parameters',
    [...all.slice(0, 3), record(3, { profile: { ...all[0]!.profile, vus: 10 } })],
    /^the runner of segment 3\/4:1 on one had another load/,
  ],
  [
    'that could not keep up itself',
    [
      ...all.slice(0, 3),
      record(
        3,
        {},
        { instrument: { ...parts[3]!.instrument, lateness: histogramOf(Array.from({ length: 50 }, () => 80)) } },
      ),
    ],
    /^the runner of segment 3\/4:1 on one: the generator was late: 1 % of the requests were sent 80 ms and more after their time/,
  ],
  [
    'that went on at another time',
    [...all.slice(0, 3), record(3, {}, { phases: [phaseRow('load', { end: 30_000 })] })],
    /ended phase load at 30\.0 s, the first at 60\.0 s: runners cannot decide together when the load goes on$/,
  ],
  [
    'that was refused',
    [...all.slice(0, 3), record(3, { part: { refused: 'the key is refused' } as PartRecord['part'] })],
    /^the runner of segment 3\/4:1 on one refused to start: the key is refused$/,
  ],
];
for (const [what, records, doubt] of doubtful)
  test(`a runner ${what} is named, and nothing else`, () => {
    const doubts = mergeParts(records).doubts;
    assert.equal(doubts.length, 1, doubts.join('\n'));
    assert.match(doubts[0]!, doubt);
  });

test('a start that is late by less than the clocks are known to is no doubt', () => {
  const unsure = record(3, {
    environment: { hostname: 'two' } as RunRecord['environment'],
    part: { clock: { offset: 2500, bound: 400 } } as PartRecord['part'],
  });
  assert.deepEqual(mergeParts([...all.slice(0, 3), unsure]).doubts, []);
});

test('the load began when the first runner began by the clock of the target, whatever a wrong clock of another says', () => {
  const behind = record(
    3,
    {
      environment: { hostname: 'two' } as RunRecord['environment'],
      part: { clock: { offset: 3_600_000, bound: 400 } } as PartRecord['part'],
    },
    { startedAt: whole.startedAt - 3_600_000 + 1000 },
  );
  const { snapshot, runs } = mergeParts([...all.slice(0, 3), behind]);
  assert.equal(snapshot.startedAt, whole.startedAt);
  assert.deepEqual(runs[3]!.start_after, { offset: 1000, bound: 700 });
});

test('runners of one machine share its CPU: together they are judged', () => {
  const hot = parts.map((snapshot) => ({ ...snapshot, instrument: { ...snapshot.instrument, cpuSeconds: 30 } }));
  const share = (hostname: (i: number) => string) => {
    const { instrument: i } = add(hot.map((snapshot, n) => ({ hostname: hostname(n), snapshot })));
    return i.cpuSeconds / (i.wallSeconds * i.cpus);
  };
  assert.equal(
    share(() => 'one'),
    1,
  );
  assert.equal(
    share((i) => `machine ${i}`),
    0.25,
  );
});
