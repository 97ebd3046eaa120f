import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { scratch } from '../../programs/scratch';
import { ToolError } from '../../programs/process';
import { venv } from '../../programs/venv';
import { watchCommand, type Runner } from './watch';
import type { Client } from './figures';

/*
 * Load generators for LLMs that others wrote, from PyPI, each in an environment of its own with the versions of
 * bench/<name>.lock. They keep a number of streams in flight, reached within the length of one stream. Both are told to
 * begin no more streams after the duration and to wait for those that run. Both want a tokenizer; a hub cannot be asked
 * for one here, so they get a small one of ours, which counts the target's words as it does.
 */

const prompt = 'Say something.';
const words = ['[UNK]', 'word', 'Say', 'something', '.'];
let commands: Partial<Record<'aiperf' | 'guidellm', string>> = {};

/** Makes the environments. Returns, for each peer that cannot be had, why. */
export async function preparePeers(): Promise<Partial<Record<Client, string>>> {
  const missing: Partial<Record<Client, string>> = {};
  for (const name of ['aiperf', 'guidellm'] as const) {
    try {
      commands = { ...commands, [name]: await venv(name, `bench/${name}.lock`) };
    } catch (error) {
      if (!(error instanceof ToolError)) throw error;
      missing[name] = `could not be installed: ${error.message}`;
    }
  }
  return missing;
}

/**
 * A folder with a tokenizer in Hugging Face's form that knows the target's words, and a data set of `rows` times one
 * prompt.
 */
export function tokenizerFiles(rows = 1): { tokenizer: string; prompts: string } {
  const tokenizer = join(scratch(), 'tokenizer');
  mkdirSync(tokenizer);
  const unknown = {
    id: 0,
    content: '[UNK]',
    single_word: false,
    lstrip: false,
    rstrip: false,
    normalized: false,
    special: true,
  };
  const model = {
    type: 'WordLevel',
    vocab: Object.fromEntries(words.map((word, id) => [word, id])),
    unk_token: '[UNK]',
  };
  const file = {
    version: '1.0',
    truncation: null,
    padding: null,
    added_tokens: [unknown],
    normalizer: null,
    pre_tokenizer: { type: 'Whitespace' },
    post_processor: null,
    decoder: null,
    model,
  };
  writeFileSync(join(tokenizer, 'tokenizer.json'), JSON.stringify(file));
  writeFileSync(
    join(tokenizer, 'tokenizer_config.json'),
    JSON.stringify({ tokenizer_class: 'PreTrainedTokenizerFast', unk_token: '[UNK]', model_max_length: 100_000 }),
  );
  const prompts = join(tokenizer, 'prompts.jsonl');
  writeFileSync(prompts, `${JSON.stringify({ text: prompt })}\n`.repeat(rows));
  return { tokenizer, prompts };
}

const command = (name: 'aiperf' | 'guidellm') => {
  const folder = commands[name];
  if (folder === undefined) throw new ToolError(`${name} is not installed`);
  return join(folder, name);
};

interface AiperfReport {
  request_count?: { avg: number };
  error_request_count?: { avg: number };
  time_to_first_token?: { p95: number };
  inter_chunk_latency?: { p95: number; p99: number };
}

/** The figures of AIPerf's JSON report, ms. */
export function readAiperf(text: string) {
  const { request_count, error_request_count, time_to_first_token, inter_chunk_latency } = JSON.parse(
    text,
  ) as AiperfReport;
  return {
    ttft: time_to_first_token,
    gap: inter_chunk_latency,
    requests: request_count?.avg ?? 0,
    lost: error_request_count?.avg ?? 0,
  };
}

/** Runs NVIDIA's AIPerf against the null target. */
export const aiperf: Runner = async (order) => {
  const { tokenizer, prompts } = tokenizerFiles();
  const out = scratch();
  const { row, base, seconds, streamSeconds } = order;
  const load = [
    '--concurrency',
    String(row.streams),
    '--concurrency-ramp-duration',
    String(streamSeconds),
    '--benchmark-duration',
    String(seconds),
    '--benchmark-grace-period',
    '30',
  ];
  const input = ['--tokenizer', tokenizer, '--input-file', prompts, '--custom-dataset-type', 'single-turn'];
  const output = [
    '--artifact-dir',
    out,
    '--export-level',
    'summary',
    '--ui',
    'none',
    '--no-gpu-telemetry',
    '--no-server-metrics',
  ];
  // No HF_HUB_OFFLINE: with it AIPerf takes a folder for the name of a repository; it asks no hub for a folder.
  const { samples } = await watchCommand(order, [
    command('aiperf'),
    'profile',
    '--model',
    'sample',
    '--url',
    new URL(base).origin,
    '--endpoint-type',
    'chat',
    '--streaming',
    ...load,
    ...input,
    ...output,
  ]);
  return { reading: readAiperf(readFileSync(join(out, 'profile_export_aiperf.json'), 'utf8')), samples };
};

interface GuidellmReport {
  benchmarks: {
    metrics: {
      request_totals: { successful: number; errored: number; incomplete: number };
      time_to_first_token_ms: { successful: { percentiles: { p95: number } } };
      inter_token_latency_ms: { successful: { percentiles: { p95: number; p99: number } } };
    };
  }[];
}

/** GuideLLM has no gaps: its inter-token latency is one mean for each stream. */
export function readGuidellm(text: string) {
  const metrics = (JSON.parse(text) as GuidellmReport).benchmarks[0]?.metrics;
  if (!metrics) throw new ToolError('GuideLLM reported no benchmark');
  const { request_totals: totals, time_to_first_token_ms: ttft, inter_token_latency_ms: gap } = metrics;
  return {
    ttft: ttft.successful.percentiles,
    gap: gap.successful.percentiles,
    gapIsMean: true,
    requests: totals.successful,
    lost: totals.errored + totals.incomplete,
  };
}

/** Runs GuideLLM against the null target. */
export const guidellm: Runner = async (order) => {
  const { row, base, seconds, streamSeconds } = order;
  // By number and not by time: at the end of a time it cuts off the streams that run. Each row of the data is used
  // once.
  const count = row.streams * Math.max(1, Math.round(seconds / streamSeconds));
  const { tokenizer, prompts } = tokenizerFiles(count);
  const out = join(scratch(), 'report.json');
  const options = {
    '--backend': `kind=openai_http,target=${new URL(base).origin},model=sample`,
    '--profile': `kind=concurrent,streams=${row.streams},rampup_duration=${streamSeconds}`,
    '--constraint': `kind=max_requests,count=${count}`,
    '--tokenizer': `kind=huggingface_auto,model=${tokenizer}`,
    '--data': `kind=json_file,path=${prompts}`,
    '--output': `kind=json,path=${out}`,
  };
  const { samples } = await watchCommand(
    order,
    [command('guidellm'), 'run', ...Object.entries(options).flat(), '--disable-console'],
    { ...process.env, HF_HUB_OFFLINE: '1' },
  );
  return { reading: readGuidellm(readFileSync(out, 'utf8')), samples };
};
