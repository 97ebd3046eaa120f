import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { test } from 'node:test';
import { bounds, limitsOf, longestAllowed, parseObjectives } from '.';

const entry = { name: 'TTFT p95', metric: 'llm_ttft', stat: 'p95', below: 500, source: 'plan' };
const parse = (change: object) => parseObjectives({ row: 'r', objectives: [{ ...entry, ...change }] }, 'my.json');

test("every script's objectives are sound and name their source", () => {
  const scripts = readdirSync('scripts')
    .filter((file) => /(?<!\.test)\.ts$/.test(file))
    .map((file) => file.slice(0, -3));
  const files = readdirSync('thresholds').map((file) => file.slice(0, -5));
  assert.deepEqual(files.sort(), scripts.sort());
  for (const file of files) parseObjectives(JSON.parse(readFileSync(`thresholds/${file}.json`, 'utf8')), file);
});

const refused: [object, RegExp][] = [
  [
    { metric: 'llm_tffb' },
    /objectives in my\.json are wrong: entry 1 \(TTFT p95\): "metric" is "llm_tffb"; it must be one of llm_ttfb, /,
  ],
  [{ stat: 'p96' }, /: "stat" is "p96"; it must be one of p50, p90, p95, p99, p99\.9, mean, share, rate$/],
  [{ stat: undefined }, /has no "stat": one of p50, /],
  [{ metric: undefined }, /has neither a "metric" nor a "finding"/],
  [{ stat: 'share' }, /judges share, which is no figure of llm_ttft: that is a trend/],
  [{ below: undefined }, /has no limit: below, atMost or atLeast/],
  [{ below: undefined, tell: { above: 5 } }, /has no limit: .*"tell" alone judges nothing/],
  [{ tell: { over: 5 } }, /: "tell" has the unknown field "over"; there are above, below/],
  [{ tell: { above: '5' } }, /: "tell" has a wrong "above": it must be a number/],
  [{ below: '500' }, /: "below" must be a number/],
  [{ below: undefined, atMost: 500 }, /has "atMost", and a percentile takes "below"/],
  [{ tags: { phaze: 'load' } }, /: "tags" names the tag "phaze", which no request carries; there are phase, kind, /],
  [{ tags: { phase: 5 } }, /: "tags" has a wrong "phase": it must be a text/],
  [{ each: 'modle' }, /: "each" is "modle"; it must be one of phase, kind, size, model, family/],
  [{ each: 'model', tags: { model: 'a' } }, /is for each model, and its "tags" name one of them/],
  [{ whole: true }, /has "whole", and its "tags" name no phase/],
  [{ source: '' }, /: "source" must be a text/],
  [{ source: undefined }, /has no "source": say where the figure comes from/],
  [{ limit: 5 }, /has the unknown field "limit"/],
  [{ ifRun: 'yes' }, /: "ifRun" is true or false/],
  [{ name: '' }, /entry 1 .*"name" must be a text/],
  [{ name: undefined }, /entry 1 has no "name"/],
  // ALimitThatNothingMisses: errors "below 5", where 5 % were meant, was a PASS whatever the target did.
  [
    { metric: 'llm_stream_error', stat: 'share', below: undefined, atMost: 5 },
    / has "atMost": 5, which no run could miss: its values lie from 0 to 1 \(5 % is 0\.05\)/,
  ],
  [{ metric: 'llm_stream_error', stat: 'share', below: 5 }, /"below": 5, which no run could miss/],
  [{ metric: 'llm_stream_error', stat: 'share', below: undefined, atMost: 1 }, /"atMost": 1, which no run could miss/],
  [
    { metric: 'llm_stream_error', stat: 'share', below: undefined, atMost: -0.1 },
    /"atMost": -0\.1, which no run could meet/,
  ],
  [{ metric: 'llm_goodput', stat: 'share', below: undefined, atLeast: 99 }, /"atLeast": 99, which no run could meet/],
  [{ below: undefined, atLeast: 0 }, /"atLeast": 0, which no run could miss: its values are never below 0/],
  [{ below: -5 }, /"below": -5, which no run could meet/],
  [{ below: 500, atLeast: 600 }, /wants at least 600 and less than 500, which no value is/],
  [{ stat: 'mean', atMost: 5 }, /has "below" and "atMost": one of them is enough/],
  [{ below: undefined, atLeast: 80, tell: { above: 20 } }, /tells what is above 20, and wants at least 80/],
  [{ tell: { below: 900 } }, /tells what is below 900, and its limit is 500/],
  [{ tags: { kind: 'chats' }, ifRun: true }, /is about kind=chats, which no request has; there are chat, embedding, /],
];
for (const [change, sentence] of refused) {
  test(`refused: ${JSON.stringify(change)}`, () => assert.throws(() => parse(change), sentence));
}

const finding = { name: 'switch', finding: 'time to switch', below: 500, source: 'plan' };
const refusedFindings: [object, RegExp][] = [
  [{ stat: 'p95' }, /entry 1 \(switch\) judges a finding, which has no "stat"/],
  [{ below: undefined }, /has no limit/],
  [{ below: '1' }, /"below" must be a number/],
  [{ finding: '' }, /: "finding" is the id of a finding/],
  [{ source: undefined }, /has no "source"/],
];
for (const [change, sentence] of refusedFindings) {
  test(`refused of a finding: ${JSON.stringify(change)}`, () =>
    assert.throws(() => parseObjectives({ row: 'r', objectives: [{ ...finding, ...change }] }, 'my.json'), sentence));
}

test('ATypoMadeAPass: an objective about a finding that the script does not make is refused, with the ids that there are', () => {
  const file = { row: 'r', objectives: [{ ...finding, finding: 'time to swich', ifRun: true }] };
  assert.throws(
    () => parseObjectives(file, 'my.json', ['time-to-switch', 'failover']),
    /entry 1 \(switch\) judges the finding "time to swich", which this script does not make; it makes time-to-switch, failover/,
  );
  assert.throws(() => parseObjectives(file, 'my.json', []), /it makes none/);
  assert.equal(parseObjectives(file, 'my.json', ['time to swich']).findings.length, 1);
});

test('ATypoMadeAPass: an objective about a phase that the load does not have is refused before the load, also with ifRun', () => {
  const about = (phase: string) => ({ row: 'r', objectives: [{ ...entry, tags: { phase }, ifRun: true }] });
  assert.throws(
    () => parseObjectives(about('laod'), 'my.json', [], ['ramp', 'load']),
    /entry 1 \(TTFT p95\) is about phase=laod, which this load does not have; its phases are ramp, load/,
  );
  assert.equal(parseObjectives(about('load'), 'my.json', [], ['ramp', 'load']).objectives.length, 1);
});

test('an objective about a finding stands apart from those about metrics', () => {
  const { objectives, findings } = parseObjectives({ row: 'r', objectives: [entry, finding] }, 'my.json');
  assert.deepEqual([objectives.map((o) => o.name), findings.map((o) => o.finding)], [['TTFT p95'], ['time to switch']]);
  assert.throws(
    () => parseObjectives({ row: 'r', objectives: [entry, { ...finding, name: 'TTFT p95' }] }, 'my.json'),
    /is there twice/,
  );
});

test('NoGreenWithoutObjectives: an empty list is refused, and so is what is no list', () => {
  assert.throws(() => parseObjectives({ row: 'r', objectives: [] }, 'my.json'), /nothing could be judged/);
  assert.throws(() => parseObjectives([], 'my.json'), /an object with "row"/);
  assert.throws(() => parseObjectives({ row: 'r', objectives: [entry, entry] }, 'my.json'), /is there twice/);
});

test('limits are counted exactly at both ends', () => {
  const { objectives } = parse({ metric: 'llm_tokens_per_second', stat: 'p50', atLeast: 50, below: 150 });
  assert.deepEqual([...bounds(objectives)], [['llm_tokens_per_second', [150, 50]]]);
});

test("the VUs' hold time comes from the slowest that the objectives allow", () => {
  assert.equal(longestAllowed(parse({ metric: 'llm_e2e', below: 2000 }).objectives), 2);
  assert.equal(longestAllowed(parse({}).objectives), undefined);
});

test('goodput: a request is held to the percentile objectives that it falls under', () => {
  const { objectives } = parse({ tags: { kind: 'chat' } });
  assert.deepEqual(limitsOf(objectives, { kind: 'chat', phase: 'load' }), [
    { metric: 'llm_ttft_scheduled', below: 500, atLeast: undefined },
  ]);
  assert.deepEqual(limitsOf(objectives, { kind: 'embedding' }), []);
  assert.deepEqual(limitsOf(parse({ stat: 'mean' }).objectives, {}), []);
});
