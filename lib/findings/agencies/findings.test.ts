import assert from 'node:assert/strict';
import { test } from 'node:test';
import { row } from '../../measurements/snapshot.fixture';
import type { Observed } from '../observed';
import { agencyFindings } from './findings';

/** What is found where the agencies' chats take so long, ms, and a few per cent more or less. */
function told(times: readonly ((i: number) => number)[]) {
  const tags = (i: number) => ({ phase: 'normal', agency: String(i + 1), kind: 'chat' });
  const rows = times.map((of, i) =>
    row(
      'llm_e2e_scheduled',
      tags(i),
      Array.from({ length: 200 }, (_, n) => of(n) * (1 + ((n * 7) % 20) / 200)),
    ),
  );
  const outcomes = times.map((_, i) => ({ tags: tags(i), outcome: 'ok', count: 200 }));
  const phases = [{ phase: 'normal', start_s: 0, end_s: 10, ok: 200, failed: 0, outcomes: {} }];
  const observed = { requests: [], timeline: [], phases, booked: { rows, outcomes } } as unknown as Observed;
  const found = agencyFindings(observed);
  return (id: string) => found.find((each) => each.id === id)!.text;
}

test('OneOfAClass: an agency of the slower class was told to be served worse than all others, beside the sentence that its class is', () => {
  const classed = told(Array.from({ length: 8 }, (_, i) => () => (i % 2 ? 290 + i : 140)));
  assert.match(classed('agency-classes'), /^keys have classes/);
  assert.match(classed('agency-served-worse'), /^no agency of 4 slower ones is served worse beyond chance/);
  const one = told(
    Array.from({ length: 8 }, (_, i) => (n: number) => (i % 2 ? (i === 5 && n % 3 === 0 ? 900 : 290) : 140)),
  );
  assert.match(one('agency-served-worse'), /^agency 6 is served worse: .* median agency of the 4 slower ones 3\d\d ms/);
  const alike = told(Array.from({ length: 8 }, () => () => 140));
  assert.match(alike('agency-served-worse'), /^no agency of 8 is served worse/);
});
