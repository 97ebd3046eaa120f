import Ajv from 'ajv';
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { defaults, type ReadRun } from '../compare/judge';
import { madeRun } from '../compare/made.fixture';
import { options, secondsOf } from './ab';
import { experiment, looksOf, type Block, type Experiment, type Plan } from './experiment';
import { markdown, text } from './text';

/** Blocks of 30 s behind a queue; `drift` makes everything slower with each block, as a machine that warms up does. */
function blocks(slower: number, seed: number, drift = 0): { block: Block; order: string[] } {
  const order: string[] = [];
  let made = 0;
  return {
    order,
    block: async (side) => {
      made++;
      order.push(side);
      const factor = (side === 'new' ? slower : 1) * (1 + drift * made);
      const run: ReadRun = madeRun({ seed: 1000 * seed + made, seconds: 30, slower: factor, load: 0.3, errors: 0 });
      run.record.run_id = `block-${made}`;
      return run;
    },
  };
}

const plan = (given: Partial<Plan> = {}): Plan => ({
  floorPairs: 2,
  pairsAtMost: 16,
  settings: { ...defaults, effect: 0.1 },
  seed: 1,
  stopped: () => false,
  say: () => undefined,
  ...given,
});

test('30 experiments in which the sides are the same: at most one calls the new one worse or better', async () => {
  let alarms = 0;
  for (let seed = 1; seed <= 30; seed++) {
    const { result } = await experiment(blocks(1, seed).block, plan({ seed }));
    alarms += Number(result.verdict === 'worse' || result.verdict === 'better');
  }
  assert.ok(alarms <= 1, `${alarms} of 30`);
});

test('a new side that is 25 % slower is found, and the experiment ends at the first looks', async () => {
  const early: number[] = [];
  const schema = JSON.parse(readFileSync('tools/commands/ab/ab.schema.json', 'utf8')) as object;
  const check = new Ajv({ strict: false }).compile(schema);
  for (let seed = 1; seed <= 10; seed++) {
    const found = await experiment(blocks(1.25, seed).block, plan({ seed }));
    const { result, looks } = found;
    assert.ok(check(JSON.parse(JSON.stringify(found))), JSON.stringify(check.errors));
    assert.equal(result.verdict, 'worse');
    early.push(looks.at(-1)!.pairs);
  }
  assert.ok(early.filter((pairs) => pairs <= 8).length >= 8, `${early} pairs of 16`);
});

test('a machine that becomes slower all the time is no difference between the sides', async () => {
  let alarms = 0;
  for (let seed = 1; seed <= 15; seed++) {
    const { result } = await experiment(blocks(1, seed, 0.02).block, plan({ seed }));
    alarms += Number(result.verdict === 'worse' || result.verdict === 'better');
  }
  assert.ok(alarms <= 1, `${alarms} of 15`);
});

test('within each pair both sides are measured once, in an order that is drawn from the seed', async () => {
  const { block, order } = blocks(1, 3);
  await experiment(block, plan());
  const pairs = Array.from({ length: (order.length - 4) / 2 }, (_, i) => order.slice(4 + 2 * i, 6 + 2 * i).join());
  assert.deepEqual(new Set(pairs), new Set(['base,new', 'new,base']));
  const again = blocks(1, 3);
  await experiment(again.block, plan());
  assert.deepEqual(again.order, order);
});

test('a base that differs from itself says that machine or target are unsteady, and nothing about the new side', async () => {
  let made = 0;
  const unsteady: Block = async () => {
    made++;
    const run = madeRun({ seed: made, seconds: 200, slower: made % 2 ? 1 : 2, load: 0.3 });
    run.record.run_id = `block-${made}`;
    return run;
  };
  // The order within the pairs is drawn: with this seed the slow block is always on one side.
  const verdicts: Experiment[] = [];
  for (let seed = 1; seed <= 12; seed++) verdicts.push(await experiment(unsteady, plan({ seed, pairsAtMost: 4 })));
  const found = verdicts.find(({ ended }) => ended === 'the base differs from itself')!;
  assert.equal(found.result.verdict, 'not comparable');
  assert.match(found.result.reasons.join('\n'), /the base differs from itself/);
});

test('blocks whose instrument was in doubt do not count and are made again; where that goes on, it says so', async () => {
  const { block } = blocks(1.3, 5);
  let calls = 0;
  const some = await experiment(async (side, name) => (calls++ % 7 === 3 ? undefined : block(side, name)), plan());
  assert.equal(some.result.verdict, 'worse');
  assert.ok(some.dropped > 0);
  assert.match(text(some, false), /did not count/);
  const none = await experiment(async () => undefined, plan());
  assert.deepEqual(
    [none.result.verdict, none.ended],
    ['too little evidence', 'too many blocks did not count: the instrument was in doubt'],
  );
});

test('ctrl-C ends it with what there is', async () => {
  const { block, order } = blocks(1, 6);
  const found = await experiment(block, plan({ stopped: () => order.length >= 9 }));
  assert.match(found.ended, /stopped/);
  assert.match(text(found, false), /ended since it was stopped/);
  assert.match(markdown(found, false), /gsai-perf A\/B/);
});

test('the looks come after a quarter, a half, three quarters and all pairs, and never before four', () => {
  assert.deepEqual(looksOf(16), [4, 8, 12, 16]);
  assert.deepEqual(looksOf(5), [4, 5]);
  assert.deepEqual(looksOf(4), [4]);
});

test('wrong arguments are told, with what is allowed', () => {
  const sides = ['--base', 'http://a/v1', '--new', 'http://b/v1'];
  for (const [args, said] of [
    [['--base', 'http://a/v1'], /--new is missing/],
    [['--base', 'a', '--new', 'http://b'], /--base is "a", but must be an address/],
    [[...sides, '--limit', '1m'], /--limit allows 0 pairs of blocks of 20 s.*give --limit \d+m/],
    [[...sides, '--alpha', '0'], /--alpha is 0, but no comparison is that certain/],
    [[...sides, '--effect', '1%'], /--effect must be larger than --threshold/],
    [[...sides, '--block', 'fast'], /--block is "fast", but must be a duration/],
    [[...sides, '--block', '1s'], /at least 2s/],
    [[...sides, '-e', 'DURATION=5s'], /-e DURATION cannot be given/],
    [[...sides, '-e', 'RATE'], /write a parameter as NAME=value/],
    [[...sides, '--quick'], /--quick/],
  ] as const)
    assert.throws(() => options(args), said);
  assert.deepEqual([secondsOf('x', '1h30m'), secondsOf('x', '20s'), secondsOf('x', '2m5s')], [5400, 20, 125]);
  assert.equal(options([...sides, '-e', 'RATE=5']).env.RATE, '5');
});
