import assert from 'node:assert/strict';
import { test } from 'node:test';
import { note } from '../../truth/join.fixture';
import type { Observed } from '../observed';
import { contextFindings } from './context';

const sizes = [250, 1000, 4000, 8000];
function told(ttft: (tokens: number) => number): string {
  const requests = Array.from({ length: 12 }, (_, round) =>
    sizes.map((sentTokens, i) =>
      note(
        { id: `${round}-${i}`, index: sizes.length * round + i, ttft: ttft(sentTokens) + 0.02 * ((round + i) % 5) },
        { kind: 'chat', sentTokens },
      ),
    ),
  ).flat();
  const found = contextFindings({ requests, phases: [], timeline: [] } as Partial<Observed> as Observed);
  return found.find(({ id }) => id === 'ttft-by-prompt')!.text;
}

test('AMillisecondIsNoLaw: a time that grew by one ms had a law to the power 4.00, and grew faster than the size, beside the sentence that it hardly grows', () => {
  assert.match(
    told((tokens) => 60 + (tokens / 8000) ** 4),
    /: time to first token: 60\.\d ms at 250 tokens, 61\.\d ms at 8,000: too little grows for a law/,
  );
  assert.match(
    told((tokens) => 60 + 10 * (tokens / 1000)),
    /: time to first token = .*: it grows in proportion to the size/,
  );
});
