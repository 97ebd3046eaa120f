import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { parseObjectives } from '.';

/*
 * What a review of the thresholds against the plan and its test cases found wrong: limits that were missing, hid one model
 * behind others, called a faster gateway a fault, or named the wrong source. Each was mended in a file of data, which no
 * other test would miss.
 */

const of = (script: string) => {
  const file = parseObjectives(JSON.parse(readFileSync(`thresholds/${script}.json`, 'utf8')), script);
  return { ...file, all: [...file.objectives, ...file.findings] };
};
const named = (script: string, name: string) => {
  const found = of(script).all.find((each) => each.name === name);
  assert.ok(found, `${script} has no objective "${name}"`);
  return found;
};

test('RecoveryWasNotJudged: spike and stress judge the time to recover', () => {
  for (const script of ['spike', 'stress'])
    assert.ok(
      of(script).findings.some(({ finding }) => finding === 'time-to-recover'),
      script,
    );
});

test('StallsPassed: ttft judges mean and p95 of the gaps, of each model', () => {
  const gaps = of('ttft').objectives.filter(({ metric }) => metric === 'llm_inter_chunk');
  assert.deepEqual(gaps.map(({ stat, below, each }) => [stat, below, each]).sort(), [
    ['mean', 50, 'model'],
    ['p95', 50, 'model'],
  ]);
});

test('OneSlowModelHid: ttft and providers judge each model, with the limit of its size of prompt', () => {
  for (const script of ['ttft', 'providers'])
    assert.deepEqual(
      of(script)
        .objectives.filter(({ metric }) => metric === 'llm_ttft')
        .map(({ tags, below, each }) => [tags.size, below, each]),
      [
        ['small', 500, 'model'],
        ['medium', 500, 'model'],
        ['large', 1000, 'model'],
      ],
    );
});

test('FasterIsNoFault: of the ranges of token rates and gaps in the plan only the bad end is a limit', () => {
  for (const { name, metric, below, atLeast, tell } of of('ttft').objectives) {
    if (metric === 'llm_tokens_per_second')
      assert.ok(atLeast !== undefined && below === undefined && tell?.above, name);
    if (metric === 'llm_inter_chunk') assert.ok(below !== undefined && atLeast === undefined && tell?.below, name);
  }
});

test('QuickOnesHidTheChats: three requests in ten are quick ones, so the response time of chats has a limit of its own', () => {
  for (const script of ['baseline', 'peak', 'endurance'])
    assert.ok(
      of(script).objectives.some(
        ({ metric, stat, tags }) => metric === 'llm_e2e' && stat === 'p95' && tags.kind === 'chat',
      ),
      script,
    );
});

test('TheOutageOutlastedTheFault: bulkhead and failover judge what fails after the fault', () => {
  assert.equal(
    named('bulkhead', 'failed, the other well again').below ?? named('bulkhead', 'failed, the other well again').atMost,
    0.05,
  );
  assert.match(named('failover', 'failed after a fault').source, /once the primary is well again/);
});

test('a model that is asked alone has a limit of its whole answer, too: providers judged the first token only', () => {
  const whole = of('providers').objectives.find(({ metric }) => metric === 'llm_e2e');
  assert.deepEqual([whole?.stat, whole?.below, whole?.tags.size, whole?.each], ['p95', 2000, 'small', 'model']);
  assert.match(whole!.source, /PERF_PROV_BEDROCK_CHAT_LATENCY_001/);
});

const sources: [string, string, RegExp][] = [
  ['failover', 'time to fail back', /^Ours: 60 s/],
  ['overhead', 'added to the first token, p95', /PERF_MIXED_GATEWAY_STD_LOAD_001/],
  ['overhead', 'added to each chunk, p95', /PERF_APP_MIDDLEWARE_STACK_002/],
  ['cost', 'max_tokens enforced', /PERF_COST_TOKEN_MAXTOKENS_ENFORCEMENT_002/],
  ['cost', 'prompt tokens added', /PERF_COST_TOKEN_PROMPT_OVERHEAD_001/],
  ['cost', 'a batch is one call', /PERF_COST_BATCHING_EMBED_EFFECTIVENESS_003/],
  ['bulkhead', 'TTFT change, the other hung', /PERF_MIXED_PROVIDER_CONCURRENCY_001/],
  ['endurance', 'CPU use', /^Ours: the peak row's 85 %/],
];
test('each limit names the test case that has its figure, and what is ours is called ours', () => {
  for (const [script, name, source] of sources) assert.match(named(script, name).source, source, `${script}: ${name}`);
  assert.match(of('bulkhead').row, /7\.4\.2: head-of-line blocking/);
  assert.equal(named('endurance', 'CPU use').below ?? named('endurance', 'CPU use').atMost, 0.85);
});
