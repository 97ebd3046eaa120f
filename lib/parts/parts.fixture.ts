import type { Row, Snapshot } from 'k6/x/sse';
import { phaseRow, soundSnapshot, timedRow } from '../measurements/snapshot.fixture';
import { random } from '../statistics';
import { histogramOf } from '../statistics/histogram.fixture';
import type { PartRecord } from './index';

const of = 4;
const edge = (i: number) => ['0', '1/4', '1/2', '3/4', '1'][i]!;
export const segment = (i: number) => `${edge(i)}:${edge(i + 1)}`;
const sequence = [0, 1, 2, 3, 4].map(edge);

/** 1000 requests over a minute, of two models, each with a time to first token; every twentieth failed. */
const draws = random(7, 0);
const requests = Array.from({ length: 1000 }, (_, i) => ({
  at: i * 60,
  model: i % 3 === 0 ? 'a' : 'b',
  outcome: i % 20 === 0 ? 'http_5xx' : 'ok',
  ttft: 200 + 400 * draws.next(),
}));

/** What a runner counts of those requests that are its own. */
function counted(own: typeof requests): Snapshot {
  const rows: Row[] = ['a', 'b'].flatMap((model) => {
    const its = own.filter((each) => each.model === model && each.outcome === 'ok');
    const tags = { phase: 'load', kind: 'chat', model };
    // Open loads are judged by the time from when a request was due.
    return ['llm_ttft', 'llm_ttft_scheduled'].map((metric) =>
      timedRow(
        metric,
        tags,
        its.map(({ ttft }) => ttft),
        its.map(({ at }) => at),
        [500],
      ),
    );
  });
  const count = (model: string, outcome: string) =>
    own.filter((each) => each.model === model && each.outcome === outcome).length;
  const failed = own.filter(({ outcome }) => outcome !== 'ok').length;
  return soundSnapshot({
    started: own.length,
    finished: own.length - failed,
    failed,
    rows,
    outcomes: ['a', 'b'].flatMap((model) =>
      (['ok', 'http_5xx'] as const).map((outcome) => ({
        tags: { phase: 'load', kind: 'chat', model },
        outcome,
        count: count(model, outcome),
      })),
    ),
    phases: [phaseRow('load', { due: own.length, dispatched: own.length, maxInFlight: 5 })],
    timeline: Array.from({ length: 60 }, (_, slot) => {
      const here = own.filter(({ at }) => Math.floor(at / 1000) === slot);
      return {
        slot,
        phase: 'load',
        started: here.length,
        outcomes: { ok: here.filter(({ outcome }) => outcome === 'ok').length },
        inFlight: 1,
        metrics: { llm_ttft: histogramOf(here.map(({ ttft }) => ttft)) },
      };
    }),
  });
}

export const whole = counted(requests);
export const parts = Array.from({ length: of }, (_, i) => counted(requests.filter((_, index) => index % of === i)));

/** A part's record, as far as a merge looks at it. */
export function record(i: number, given: Partial<PartRecord> = {}, snapshot: Partial<Snapshot> = {}): PartRecord {
  const { environment, part, ...rest } = given;
  return {
    run_id: `run-${i}`,
    script: 'spike',
    profile: { phases: [], arrivals: 'constant', vus: 40, allowed_s: 5 },
    started_at: '2026-11-26T12:00:00.000Z',
    instrument: { clock: 'kernel', error: null },
    environment: {
      hostname: 'one',
      commit: 'c0ffee',
      k6: 'v2.2.0',
      target: 'http://127.0.0.1/v1',
      parameters: { rate: 10, apiKeys: 1 },
      ...environment,
    },
    part: {
      segment: segment(i),
      sequence,
      clock: { offset: 0, bound: 300 },
      refused: '',
      snapshot: { ...parts[i]!, ...snapshot },
      ...part,
    },
    ...rest,
  } as unknown as PartRecord;
}

export const all = [0, 1, 2, 3].map((i) => record(i));
