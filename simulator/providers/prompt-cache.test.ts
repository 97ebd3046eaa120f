import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import Anthropic from '@anthropic-ai/sdk';
import OpenAI from 'openai';
import type { ProviderModel } from '../settings/types';
import { truthOf } from '../client.fixture';
import { startSimulator, type Simulator } from '../start';
import { PromptCache } from './prompt-cache';

/*
 * The cache of prompts, and calls of tools, as the vendors' own SDKs see them.
 */
let simulator: Simulator;
let base: string;
let openai: OpenAI;
let anthropic: Anthropic;
before(async () => {
  simulator = await startSimulator({ only: 'provider' });
  base = simulator.providerUrl!;
  openai = new OpenAI({ baseURL: base, apiKey: 'k', maxRetries: 0 });
  anthropic = new Anthropic({ baseURL: base.replace(/\/v1$/, ''), apiKey: 'k', maxRetries: 0 });
});
after(() => simulator.close());

/** Some 2,000 tokens. */
const long = (name: string) => `${name} ${'the town keeps its water clean and all of its roads in order '.repeat(160)}`;
const model = 'claude_3_haiku';
const fast = '[[sim ttft=1 rate=10000 tokens=3]]';

test('a beginning that was sent before is read from the cache, of the deployment that has it alone', async () => {
  const ask = async (system: string, baseURL = base, more = '') => {
    const { usage } = await new OpenAI({ baseURL, apiKey: 'any' }).chat.completions.create({
      model,
      messages: [
        { role: 'system', content: system },
        { role: 'user', content: `Hello. [[sim ttft=1 rate=10000 tokens=3${more}]]` },
      ],
    });
    return usage!;
  };
  const first = await ask(long('one'));
  assert.equal(first.prompt_tokens_details?.cached_tokens, 0);
  const again = await ask(long('one'));
  assert.ok(again.prompt_tokens_details!.cached_tokens! > 0.9 * again.prompt_tokens, JSON.stringify(again));
  assert.equal((await ask(long('two'))).prompt_tokens_details?.cached_tokens, 0, 'another beginning');
  const elsewhere = await ask(long('one'), base.replace('/v1', '/openai/us-west-2/v1'), ' id=elsewhere');
  assert.equal(elsewhere.prompt_tokens_details?.cached_tokens, 0, 'another deployment');
  assert.equal((await ask('Short.')).prompt_tokens_details, undefined, 'a short prompt is no matter of a cache');
  const record = await truthOf(base, 'elsewhere');
  assert.equal(record.cached_tokens, 0);
  assert.ok(record.cached_anywhere_tokens! > 0.9 * record.prompt_tokens!, 'the other deployment knew it');
});

test('messages: what is marked is written and then read, beside the other tokens; without a mark nothing is', async () => {
  const ask = async (marked: boolean) => {
    const { usage } = await anthropic.messages.create({
      model,
      max_tokens: 10,
      system: [
        { type: 'text', text: long(`marked ${marked}`), ...(marked ? { cache_control: { type: 'ephemeral' } } : {}) },
      ],
      messages: [{ role: 'user', content: `Hello. ${fast}` }],
    });
    return usage;
  };
  const written = await ask(true);
  assert.ok(written.cache_creation_input_tokens! > 1500, JSON.stringify(written));
  const read = await ask(true);
  assert.equal(read.cache_read_input_tokens, written.cache_creation_input_tokens);
  assert.equal(read.input_tokens, written.input_tokens, 'what is not cached is the same');
  for (const _ of [1, 2]) assert.equal((await ask(false)).cache_read_input_tokens, 0);
});

test('where a prompt marks nothing that is to be kept, nothing is known of whether it was sent before', () => {
  const model = { prompt_cache: { least_tokens: 100, ttl_s: 60 } } as ProviderModel;
  const cache = new PromptCache();
  const take = (upTo?: number) => cache.take('bedrock/eu/m', [long('one')], 2000, model, upTo)!.anywhere;
  assert.deepEqual([take(0), take(0)], [null, null]);
  assert.equal(take(1), 0);
  assert.ok(take(1)! > 1500);
});

test('a tool that the directive names is called on three wires, and its result is the next prompt', async () => {
  const asked = 'Look it up. [[sim ttft=1 rate=10000 tokens=5 tool=look_up]]';
  const chat = openai.chat.completions.stream({ model, messages: [{ role: 'user', content: asked }] });
  const { message, finish_reason } = (await chat.finalChatCompletion()).choices[0]!;
  assert.equal(finish_reason, 'tool_calls');
  const [call] = message.tool_calls!;
  assert.ok(call?.type === 'function');
  assert.equal(call.function.name, 'look_up');
  assert.equal((JSON.parse(call.function.arguments) as { query: string }).query.split(' ').length, 5);
  const next = await openai.chat.completions.create({
    model,
    messages: [
      { role: 'user', content: asked },
      { role: 'assistant', tool_calls: [call] },
      { role: 'tool', tool_call_id: call.id, content: `found [[sim id=result tokens=2]]` },
    ],
  });
  assert.equal(next.usage?.completion_tokens, 2, 'the result is the last thing that was said');

  const said = await anthropic.messages
    .stream({ model, max_tokens: 50, messages: [{ role: 'user', content: asked }] })
    .finalMessage();
  assert.equal(said.stop_reason, 'tool_use');
  const [block] = said.content;
  assert.ok(block?.type === 'tool_use' && block.name === 'look_up');
  assert.equal(typeof (block.input as { query: unknown }).query, 'string');

  const response = await openai.responses.stream({ model, input: asked }).finalResponse();
  const [item] = response.output;
  assert.ok(item?.type === 'function_call' && item.name === 'look_up', JSON.stringify(response.output));
  assert.equal(typeof (JSON.parse(item.arguments) as { query: unknown }).query, 'string');
});

test('what a deployment has forgotten, or a cache of its own time, is worked through again', () => {
  const cache = new PromptCache();
  const settings = { prompt_cache: { least_tokens: 10, ttl_s: 60 } } as ProviderModel;
  const take = (text: string, now: number, upTo?: number) =>
    cache.take('w/r/m', [text, 'q'], 1000, settings, upTo, now);
  assert.equal(take(long('x'), 0)?.read, 0);
  assert.ok(take(long('x'), 59_000)!.read > 900);
  assert.equal(take(long('x'), 200_000)?.read, 0);
  assert.equal(take(long('y'), 0, 0)?.written, 0, 'nothing is marked');
  assert.equal(cache.take('w/r/m', ['short'], 5, settings), null);
});
