import assert from 'node:assert/strict';
import { test } from 'node:test';
import { cases, inOrder } from './cases';
import { faultsOf, type Cell } from './judge';
import { scriptNames } from '../plan/lines';
import { planned } from './sweep';

const cell = (change: Partial<Cell>): Cell => ({
  flaw: 'none',
  script: 'cost',
  verdict: 'PASS',
  reasons: [],
  findings: [],
  commit: 'x',
  seconds: 8,
  ...change,
});
const flaw = (name: string) => cases.find((each) => each.name === name)!;

test('with no flaw a PASS is right, a FAIL and a claim are not, and too few samples are no fault', () => {
  assert.deepEqual(faultsOf(cell({})), []);
  assert.deepEqual(faultsOf(cell({ verdict: 'INVALID', reasons: ['evidence: too few'] })), []);
  assert.deepEqual(faultsOf(cell({ verdict: 'FAIL' })), ['it FAILs although nothing is wrong']);
  assert.match(faultsOf(cell({ findings: ['the gateway adds 124 tokens to a prompt'] }))[0]!, /false \(tokensAdded\)/);
});

test('a script that is for a flaw must name it and must not pass; another may say nothing false', () => {
  const found = ['the gateway adds 124 tokens to a prompt (median of 9)'];
  const added = flaw('system_prompt_tokens_added');
  assert.deepEqual(faultsOf(cell({ verdict: 'FAIL', findings: found }), added), []);
  assert.match(faultsOf(cell({ verdict: 'PASS', findings: found }), added).join(), /PASSes although/);
  assert.match(faultsOf(cell({ verdict: 'FAIL' }), added).join(), /it does not say/);
  assert.deepEqual(faultsOf(cell({ script: 'smoke' }), added), []);
  assert.match(
    faultsOf(cell({ script: 'bulkhead', findings: ['both are served by one event loop'] }), added).join(),
    /claims "event loop", which is false/,
  );
});

test('a sentence that stands there twice is a fault, and a run that the machine disturbed says nothing', () => {
  assert.match(faultsOf(cell({ findings: ['a', 'b', 'a'] })).join(), /it says twice: a/);
  const late = cell({ verdict: 'INVALID', reasons: ['instrument: the generator was late: ...'], findings: ['a', 'a'] });
  assert.deepEqual(faultsOf(late), ['the machine disturbed this run: it says nothing']);
});

test('all scripts with no flaw come first, then each flaw with the scripts that are for it', () => {
  const scripts = scriptNames();
  const pairs = planned({ scripts, own: false });
  assert.ok(pairs.slice(0, scripts.length).every(([{ name }]) => name === inOrder.name));
  assert.ok(pairs[scripts.length]![0].finds[pairs[scripts.length]![1]]);
  assert.equal(pairs.length, scripts.length * (cases.length + 1));
  assert.ok(planned({ scripts, own: true }).length < pairs.length / 4);
});
