import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { readAiperf, readGuidellm, tokenizerFiles } from './peers';

test("AIPerf's report, as 0.13 writes it", () => {
  const text =
    '{"request_count":{"unit":"requests","avg":136.0},"time_to_first_token":{"unit":"ms","avg":213.1,"p95":220.89,"p99":221.9},"inter_chunk_latency":{"unit":"ms","p95":22.16,"p99":24.0}}';
  const { ttft, gap, requests, lost } = readAiperf(text);
  assert.deepEqual([ttft?.p95, gap?.p95, gap?.p99, requests, lost], [220.89, 22.16, 24, 136, 0]);
});

test("GuideLLM's report, as 0.8 writes it; what it did not finish is lost", () => {
  const metrics =
    '{"request_totals":{"successful":198,"errored":1,"incomplete":1,"total":200},"time_to_first_token_ms":{"successful":{"percentiles":{"p95":222.4}}},"inter_token_latency_ms":{"successful":{"percentiles":{"p95":20.02,"p99":20.21}}}}';
  const { ttft, gap, requests, lost, gapIsMean } = readGuidellm(`{"benchmarks":[{"metrics":${metrics}}]}`);
  assert.deepEqual([ttft.p95, gap.p95, gap.p99, requests, lost, gapIsMean], [222.4, 20.02, 20.21, 198, 2, true]);
  assert.throws(() => readGuidellm('{"benchmarks":[]}'), /no benchmark/);
});

test("the tokenizer knows the target's word, and the prompts are as many as asked for", () => {
  const { tokenizer, prompts } = tokenizerFiles(3);
  const { model } = JSON.parse(readFileSync(join(tokenizer, 'tokenizer.json'), 'utf8')) as {
    model: { vocab: Record<string, number> };
  };
  assert.ok(model.vocab.word);
  assert.equal(readFileSync(prompts, 'utf8'), '{"text":"Say something."}\n'.repeat(3));
});
