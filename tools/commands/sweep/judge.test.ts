import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { test } from 'node:test';
import { noFlaws } from '../../../simulator/gateway/flaws';
import { scriptNames } from '../plan/lines';
import { openEntry } from '../plan/record';
import { cases, inOrder } from './cases';
import { falseClaims, faultsOf, type Cell } from './judge';
import { heldTo, scriptsFor, setOf, touched } from './sets';
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

test('LongerByLessThanNothing: a time below zero is told of no gateway, with whatever flaw', () => {
  const told = (text: string) => falseClaims(text, []).join();
  for (const text of [
    'the first request of a model after a start takes -1208 ms more than usual',
    'a request over a new connection is -1.2 ms [-3.0, 0.5] longer than one over a kept one',
    'the gateway adds -5 tokens to a prompt',
  ])
    assert.match(told(text), /\((lessThanNothing|noFigure)\)/, text);
  assert.equal(told('its streams are 34 ms quicker [-47, -19], and 3 ms later'), '');
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
  const pools = planned({ scripts: ['mixed'], own: false, flaws: ['db_pool'] }).map(([{ name }]) => name);
  assert.ok(
    pools.includes('db_pool, places lost') && pools.every((name) => name.startsWith('db_pool')),
    'a name with a comma',
  );
  const drawn = planned({ scripts, own: false, draw: 1 });
  assert.deepEqual(drawn, planned({ scripts, own: false, draw: 1 }));
  assert.notDeepEqual(drawn, planned({ scripts, own: false, draw: 2 }));
  assert.deepEqual(new Set(drawn.map(String)), new Set(pairs.map(String)));
});

test('each flaw of the reference gateway has a row, and each row a script that names it or must not pass', () => {
  const rows = new Set(cases.flatMap(touched));
  const flaws = Object.keys(noFlaws as object).map((name) => `gateway.flaws.${name}`);
  assert.deepEqual(
    flaws.filter((name) => !rows.has(name)),
    [],
  );
  const idle = cases.filter(
    ({ finds, alsoFails = [], elsewhere = '' }) =>
      Object.keys(finds).length + alsoFails.length === 0 && !existsSync(elsewhere),
  );
  assert.deepEqual(
    idle.map(({ name }) => name),
    [],
  );
  const scripts = scriptNames();
  for (const { name, finds, alsoFails = [], parameters = {} } of cases)
    for (const script of [...Object.keys(finds), ...alsoFails, ...Object.keys(parameters)])
      assert.ok(scripts.includes(script), `${name}: ${script}`);
});

test('that nothing stands still is no claim that something does', () => {
  const said = (text: string) => falseClaims(text, []).length > 0;
  assert.ok(!said('none of 33 streams stands still: no gap of 4,500 is over 150 ms'));
  assert.ok(!said('without an aggressor nothing stands still by itself'));
  assert.ok(!said('1 of 140 streams (0.7 %) stand still: 1 gaps over 150 ms'));
  assert.ok(said('30 of 140 streams (21.4 %) stand still: 40 gaps over 150 ms'));
  assert.ok(said('streams under way stand still (longest gap +60 ms)'));
});

test('a figure that cannot be is a fault whatever the flaw, and one that can is none', () => {
  const said = (text: string) => falseClaims(text, []).join();
  for (const text of [
    'streams in 211 ms (median; NaN ms before)',
    'failover to us: 0 of 0 requests that met a fault were answered',
    '41 kB each of the first 320, -99 kB each of the others',
    'the first request of a model takes -299 ms more than usual',
    'no thundering herd: the busiest moment had 0.0 times the load offered',
  ])
    assert.match(said(text), /false \(noFigure\)/, text);
  for (const text of ['0 of 53 requests failed', 'quicker by 2.3 ms [-19, +22]', '10.0 times', '-12 ms'])
    assert.equal(said(text), '', text);
});

test('what a flaw hides are flaws that there are', () => {
  const names = cases.map(({ name }) => name);
  for (const { name, hides = [] } of cases)
    for (const each of hides) assert.ok(names.includes(each), `${name}: ${each}`);
});

test('a seed draws the same sets, of three flaws that change different settings', () => {
  for (let number = 1; number <= 50; number++) {
    const set = setOf(1, number);
    assert.deepEqual(setOf(1, number), set);
    const settings = set.flatMap(touched);
    assert.equal(new Set(settings).size, settings.length, settings.join());
    assert.ok(set.every(({ hidesOthers }) => !hidesOthers) && scriptsFor(set).length > 0);
    for (const { hides = [] } of set) assert.ok(!set.some(({ name }) => hides.includes(name)));
  }
  assert.notDeepEqual(setOf(1, 1), setOf(2, 1));
});

test('of a set, a flaw that no script names is told, and so is a claim that none of the three makes true', () => {
  const set = cases.filter(({ name }) => ['auth', 'coalesce', 'vector'].includes(name));
  const entry = (script: string, ...findings: string[]) => ({
    ...openEntry(script),
    ...({ state: 'done', verdict: 'FAIL', findings } as const),
  });
  const result = heldTo(set, [
    entry('pipeline', 'the look-up of a key takes 61.2 ms [60.1, 62]: a refused key is answered so much later'),
    entry('streaming', 'chunks come in groups of 4.0 every 30 ms'),
    entry('embeddings', '3 of 9 batches are split: one of 96 texts becomes 96 calls'),
  ]);
  const by = Object.fromEntries(result.named.map(({ flaw, by: script }) => [flaw, script]));
  assert.deepEqual(by, { auth: 'pipeline', coalesce: 'streaming', vector: undefined });
  assert.match(result.untrue.join(), /^embeddings: it claims "of 9 batches are split", which is false/);
});
