import assert from 'node:assert/strict';
import { test } from 'node:test';
import { phaseRow, row, soundSnapshot } from '../measurements/snapshot.fixture';
import { parseObjectives } from '../objectives';
import { judgeFinding, judgeObjective } from './objective';

const {
  objectives: [texts],
} = parseObjectives(
  {
    row: 'test',
    objectives: [{ name: 'texts/s', metric: 'llm_embeddings', stat: 'rate', atLeast: 1000, source: 'test' }],
  },
  'test.json',
);

/** `answered` of `sent` requests of 96 texts each, within 10 seconds. */
function state(sent: number, answered: number, due = sent) {
  const tags = { phase: 'batch', kind: 'embedding' };
  const snapshot = soundSnapshot({
    elapsed: 10_000,
    rows: [row('llm_embeddings', tags, Array<number>(answered).fill(96))],
    outcomes: [
      { tags, outcome: 'ok', count: answered },
      { tags, outcome: 'http_429', count: sent - answered },
    ],
    phases: [phaseRow('batch', { end: 10_000, due, dispatched: due })],
  });
  return judgeObjective(texts!, snapshot);
}

test('RATE=1 failed a target for not embedding 1,000 texts a second, of which 96 had been asked for', () => {
  const small = state(10, 10);
  assert.equal(small.state, 'too few');
  assert.equal(
    small.reason,
    'the load asked for 96/s, so no target could reach 1000/s: a higher RATE or SCALE asks for enough',
  );
  assert.equal(state(120, 60).state, 'missed', 'half of them were refused');
  assert.equal(state(120, 120).state, 'ok');
  assert.equal(state(40, 40, 0).state, 'missed', 'of a closed load the target sets the rate');
});

test('one value beyond a limit, of one that was measured, is chance: it failed the target', () => {
  const objective = { name: 'held', finding: 'held', below: 50, source: 'test' } as never;
  const ran = soundSnapshot();
  const of = (few?: true) =>
    judgeFinding(objective, { id: 'held', value: 51, unit: 'ms', n: 1, text: 'it is held', few }, ran);
  assert.deepEqual([of().state, of(true).state], ['missed', 'too few']);
  assert.match(of(true).reason, /^it is held; of one value that may be chance$/);
});
