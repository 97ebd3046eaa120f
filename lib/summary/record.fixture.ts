import { phases } from '../load';
import { metricReports, phaseReports, timelinePoints } from '../measurements';
import { row, soundSnapshot } from '../measurements/snapshot.fixture';
import { parseObjectives } from '../objectives';
import { judge } from '../verdict';
import { instrumentReport } from './instrument';
import type { RunRecord } from './run-record';

const { objectives } = parseObjectives(
  {
    row: 'Plan & row <1>',
    objectives: [
      { name: 'TTFT "p95"', metric: 'llm_ttft', stat: 'p95', below: 500, source: 'a < b & c' },
      { name: 'success', metric: 'llm_stream_error', stat: 'share', atMost: 0.01, source: 'plan' },
    ],
  },
  'x.json',
);

/** Where a made run was run; an object of its own for each, since tests change it. */
export const madeEnvironment = (): RunRecord['environment'] => ({
  hostname: 'h',
  os: 'linux',
  kernel: '6',
  arch: 'amd64',
  cpu_model: 'c',
  cpus: 2,
  memory_bytes: 1,
  k6: 'v2.2.0',
  go: 'go1.26',
  project: '0',
  commit: 'x',
  target: 'http://t',
  parameters: {},
});

/** A record of a sound run, or of one with this snapshot. */
export function record(given: Parameters<typeof soundSnapshot>[0] = {}): RunRecord {
  const s = soundSnapshot({
    timeline: [{ slot: 0, phase: 'load', started: 5, outcomes: { ok: 3, http_5xx: 1 }, inFlight: 2, metrics: {} }],
    ...given,
  });
  return {
    schema: 2,
    run_id: 'r',
    script: 'baseline',
    row: 'Plan & row <1>',
    profile: { phases: phases({ load: { rate: 10, for: '1m' } }), arrivals: 'constant', vus: 100, allowed_s: 2 },
    started_at: '2026-01-01T00:00:00.000Z',
    duration_s: 60,
    ...judge({ objectives, snapshot: s, refused: '', vus: 100, allowedSeconds: 2, mayBreak: false }),
    findings: [],
    notes: [],
    counts: { started: s.started, finished: s.finished, failed: s.failed, interrupted: s.interrupted },
    outcomes: s.outcomes,
    phases: phaseReports(s),
    metrics: metricReports(s),
    timeline: timelinePoints(s, 1),
    instrument: instrumentReport(s),
    environment: madeEnvironment(),
    cost: null,
  };
}

/** A record of each verdict. */
export const verdicts: [string, RunRecord][] = [
  ['PASS', record()],
  [
    'FAIL',
    record({
      rows: [row('llm_stream_error', {}, Array<number>(1000).fill(1))],
      outcomes: [{ tags: {}, outcome: 'http_5xx', count: 1000 }],
      failed: 1000,
      finished: 0,
    }),
  ],
  ['INVALID', record({ scriptErrors: 2, firstScriptErrors: ['<boom> & \u0007'] })],
];

/** A record in which both objectives are missed. */
export const missed = record({
  failed: 200,
  finished: 800,
  outcomes: [
    { tags: { kind: 'chat' }, outcome: 'ok', count: 800 },
    { tags: { kind: 'chat' }, outcome: 'http_5xx', count: 200 },
  ],
  rows: [
    row('llm_ttft_scheduled', { phase: 'load', kind: 'chat' }, Array<number>(1000).fill(900), [500]),
    row('llm_stream_error', { phase: 'load', kind: 'chat' }, [
      ...Array<number>(800).fill(0),
      ...Array<number>(200).fill(1),
    ]),
  ],
});
