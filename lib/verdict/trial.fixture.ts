// For the tests of the verdict: runs that are sound but for what a test gives.
import { row, soundSnapshot } from '../measurements/snapshot.fixture';
import { parseObjectives } from '../objectives';
import type { Trial } from './verdict';

export const { objectives } = parseObjectives(
  {
    row: 'test',
    objectives: [
      { name: 'TTFT p95', metric: 'llm_ttft', stat: 'p95', below: 500, source: 'test' },
      { name: 'success', metric: 'llm_stream_error', stat: 'share', atMost: 0.01, source: 'test' },
    ],
  },
  'test.json',
);

/** 5 % of the requests may fail: 132 samples are needed. */
export const shares = {
  objectives: [{ ...objectives[1]!, atMost: 0.05 }],
};

export function trial(given: Parameters<typeof soundSnapshot>[0] = {}, rest: Partial<Trial> = {}): Trial {
  return {
    objectives,
    snapshot: soundSnapshot(given),
    refused: '',
    vus: 100,
    allowedSeconds: 2,
    mayBreak: false,
    ...rest,
  };
}

/** Rows of a run of `n` requests: TTFTs, and how many of them failed. */
export function rows(ttfts: readonly number[], failed: number) {
  const tags = { phase: 'load', kind: 'chat' };
  const errors = [...ttfts.map(() => 0), ...Array<number>(failed).fill(1)];
  return [row('llm_ttft_scheduled', tags, ttfts, [500]), row('llm_stream_error', tags, errors)];
}
