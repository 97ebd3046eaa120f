import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { test } from 'node:test';
import { bounds, limitsOf, longestAllowed, parseObjectives } from './objectives';

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
    /objectives in my\.json are wrong: entry 1 \(TTFT p95\): there is no metric "llm_tffb"; there are llm_ttfb, /,
  ],
  [{ stat: 'p96' }, /"stat" is one of p50/],
  [{ stat: 'share' }, /share is no figure of llm_ttft, which is a trend/],
  [{ below: undefined }, /has no limit: below, atMost or atLeast/],
  [{ below: '500' }, /"below" must be a number/],
  [{ below: undefined, atMost: 500 }, /a percentile takes "below"/],
  [{ tags: { phaze: 'load' } }, /no request carries the tag "phaze"/],
  [{ source: '' }, /has no "source"/],
  [{ limit: 5 }, /unknown field "limit"/],
  [{ name: '' }, /has no "name"/],
];
for (const [change, sentence] of refused) {
  test(`refused: ${JSON.stringify(change)}`, () => assert.throws(() => parse(change), sentence));
}

const finding = { name: 'switch', finding: 'time to switch', below: 500, source: 'plan' };
const refusedFindings: [object, RegExp][] = [
  [{ stat: 'p95' }, /entry 1 \(switch\) judges a finding, which has no "stat"/],
  [{ below: undefined }, /has no limit/],
  [{ below: '1' }, /"below" must be a number/],
  [{ finding: '' }, /"finding" is the name of a finding/],
  [{ source: undefined }, /has no "source"/],
];
for (const [change, sentence] of refusedFindings) {
  test(`refused of a finding: ${JSON.stringify(change)}`, () =>
    assert.throws(() => parseObjectives({ row: 'r', objectives: [{ ...finding, ...change }] }, 'my.json'), sentence));
}

test('an objective about a finding stands apart from those about metrics', () => {
  const { objectives, findings } = parseObjectives({ row: 'r', objectives: [entry, finding] }, 'my.json');
  assert.deepEqual([objectives.map((o) => o.name), findings.map((o) => o.finding)], [['TTFT p95'], ['time to switch']]);
  assert.throws(
    () => parseObjectives({ row: 'r', objectives: [entry, { ...finding, name: 'TTFT p95' }] }, 'my.json'),
    /stands there twice/,
  );
});

test('NoGreenWithoutObjectives: an empty list is refused, and so is what is no list', () => {
  assert.throws(() => parseObjectives({ row: 'r', objectives: [] }, 'my.json'), /nothing could be judged/);
  assert.throws(() => parseObjectives([], 'my.json'), /an object with "row"/);
  assert.throws(() => parseObjectives({ row: 'r', objectives: [entry, entry] }, 'my.json'), /stands there twice/);
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
    { metric: 'llm_ttft', below: 500, atLeast: undefined },
  ]);
  assert.deepEqual(limitsOf(objectives, { kind: 'embedding' }), []);
  assert.deepEqual(limitsOf(parse({ stat: 'mean' }).objectives, {}), []);
});
