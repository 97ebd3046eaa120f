import Anthropic from '@anthropic-ai/sdk';
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import OpenAI from 'openai';
import { startSimulator, type Simulator } from '../start';
import { truthOf } from '../client.fixture';

/*
 * Anthropic's Messages, OpenAI's Responses and the older completions, asked by the vendors' own SDKs.
 */

let simulator: Simulator;
let base: string;
let openai: OpenAI;
let anthropic: Anthropic;
const model = 'claude_3_haiku';
const sim = (directive: string) => `Hello. [[sim ttft=5 rate=1000 jitter=0 chunk=1 ${directive}]]`;
const words = (text: string) => text.trim().split(/\s+/).length;

before(async () => {
  simulator = await startSimulator({ only: 'provider' });
  base = simulator.providerUrl!;
  openai = new OpenAI({ baseURL: base, apiKey: 'k', maxRetries: 0 });
  anthropic = new Anthropic({ baseURL: base.replace(/\/v1$/, ''), apiKey: 'k', maxRetries: 0 });
});
after(() => simulator.close());

const ask = (content: string) => ({ model, max_tokens: 50, messages: [{ role: 'user' as const, content }] });

test("Messages: Anthropic's SDK puts the stream together, with its usage; the truth has the request", async () => {
  const message = await anthropic.messages
    .stream({ ...ask(sim('tokens=6 id=m1')), system: 'Be short.' })
    .finalMessage();
  const [block] = message.content;
  assert.equal(block?.type === 'text' && words(block.text), 6);
  const record = await truthOf(base, 'm1');
  assert.deepEqual(
    [message.stop_reason, message.usage.input_tokens, message.usage.output_tokens],
    ['end_turn', record.prompt_tokens, 6],
  );
  assert.deepEqual([record.wire, record.stream, record.outcome, record.error], ['anthropic', true, 'ok', null]);
  assert.equal(record.content_ns.length, 6);
});

test('Messages, plain; max_tokens; an error event; what it insists on', async () => {
  const cut = await anthropic.messages.create({ ...ask(sim('tokens=50')), max_tokens: 4 });
  assert.deepEqual([cut.stop_reason, cut.usage.output_tokens], ['max_tokens', 4]);
  await assert.rejects(
    anthropic.messages.stream(ask(sim('tokens=9 fault=error_event after=3'))).finalMessage(),
    /overloaded_error/,
  );
  const refused = async (headers: Record<string, string>, body: object) => {
    const answer = await fetch(`${base}/messages`, { method: 'POST', headers, body: JSON.stringify(body) });
    return [answer.status, ((await answer.json()) as { error: { message: string } }).error.message];
  };
  const key = { 'x-api-key': 'k' };
  const version = { ...key, 'anthropic-version': '2023-06-01' };
  assert.deepEqual((await refused({}, ask('x')))[0], 401);
  assert.match(String(await refused(key, ask('x'))), /^400,anthropic-version/);
  assert.match(String(await refused(version, { ...ask('x'), max_tokens: undefined })), /^400,max_tokens/);
  const system = { ...ask('x'), messages: [{ role: 'system', content: 'x' }] };
  assert.match(String(await refused(version, system)), /^400,messages: Unexpected role/);
  assert.match(String(await refused(version, { ...ask('x'), model: 'nobody' })), /^404,model: nobody/);
});

test("Responses: OpenAI's SDK reads the stream to its end, with its usage; the truth has the request", async () => {
  const stream = await openai.responses.create({ model, stream: true, input: sim('tokens=6 id=r1') });
  let text = '';
  let numbers = -1;
  let last: OpenAI.Responses.Response | undefined;
  for await (const event of stream) {
    assert.equal(event.sequence_number, (numbers += 1));
    if (event.type === 'response.output_text.delta') text += event.delta;
    if (event.type === 'response.completed') last = event.response;
  }
  const record = await truthOf(base, 'r1');
  assert.deepEqual([words(text), last?.status, last?.output_text ?? text], [6, 'completed', text]);
  assert.deepEqual([last?.usage?.input_tokens, last?.usage?.output_tokens], [record.prompt_tokens, 6]);
  assert.deepEqual([record.wire, record.outcome, record.content_ns.length], ['openai', 'ok', 6]);
});

test('Responses, plain; max_output_tokens; messages in place of a text; foreign names are refused', async () => {
  const whole = await openai.responses.create({ model, input: [{ role: 'user', content: sim('tokens=5') }] });
  assert.deepEqual([words(whole.output_text), whole.status], [5, 'completed']);
  const cut = await openai.responses.create({ model, input: sim('tokens=50'), max_output_tokens: 4 });
  assert.deepEqual([cut.status, cut.incomplete_details?.reason], ['incomplete', 'max_output_tokens']);
  const foreign = { model, input: 'x', max_tokens: 5 } as OpenAI.Responses.ResponseCreateParamsNonStreaming;
  await assert.rejects(openai.responses.create(foreign), /Unknown parameter: 'max_tokens'/);
});

test('completions: a stream and a plain answer', async () => {
  const stream = await openai.completions.create({
    model,
    prompt: sim('tokens=6 id=c1'),
    stream: true,
    stream_options: { include_usage: true },
  });
  let text = '';
  let finish: string | null = null;
  let usage: OpenAI.CompletionUsage | undefined;
  for await (const chunk of stream) {
    text += chunk.choices[0]?.text ?? '';
    finish = chunk.choices[0]?.finish_reason ?? finish;
    usage = chunk.usage ?? usage;
  }
  const record = await truthOf(base, 'c1');
  assert.deepEqual([words(text), finish, usage?.completion_tokens], [6, 'stop', 6]);
  assert.equal(usage?.prompt_tokens, record.prompt_tokens);
  const plain = await openai.completions.create({ model, prompt: sim('tokens=50'), max_tokens: 4 });
  assert.deepEqual([words(plain.choices[0]!.text), plain.choices[0]!.finish_reason], [4, 'length']);
});
