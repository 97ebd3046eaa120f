import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { encodings } from '../../tools/commands/data/words';
import { k6 } from '../../tools/programs/k6';
import { scratch } from '../../tools/programs/scratch';
import { sound, why } from '../../tools/testing/k6';
import { sendJson, strictGateway, type Asked, type Refused } from '../../tools/testing/strict';

/*
 * Prompts that are exact to the token, against gateways that count them.
 */

/** What a chat template adds by OpenAI's rule. */
const template = 7;
const wanted = 500;

const promptOf = ({ body }: Asked) => String((body.messages as { content: string }[])[0]!.content);
/** Asked before the load: any length will do. */
const isProbe = (prompt: string) => /^Say in one short paragraph/.test(prompt);

test('a target file names its models’ tokenizers: PROMPT_TOKENS is exact to the token by each of them', async () => {
  const gateway = await strictGateway({
    rule: (asked): Refused => {
      if (asked.route !== '/chat/completions' || isProbe(promptOf(asked))) return undefined;
      const encode = asked.body.model === 'old' ? encodings.cl100k_base : encodings.o200k_base;
      const tokens = encode(promptOf(asked)).length + template;
      return tokens === wanted ? undefined : [422, `${tokens} tokens`];
    },
  });
  const target = join(scratch(), 'target.json');
  const about = { name: 'counting', base_url: gateway.base, auth: 'none' };
  const models = { chat: ['new', 'newer'], cheap: 'old' };
  const tokenizers = { chat: 'o200k_base', cheap: 'cl100k_base' };
  writeFileSync(target, JSON.stringify({ ...about, models, tokenizers }));
  try {
    const env = { TARGET: target, MODELS: 'new,@cheap', PROMPT_TOKENS: String(wanted), RATE: '40', DURATION: '2s' };
    const run = sound(await k6('dist/ttft.js', { env }));
    assert.deepEqual(gateway.refused, []);
    assert.equal(run.counts.finished, run.counts.started, why(run));
    const sent = gateway.asked.filter((each) => each.route === '/chat/completions' && !isProbe(promptOf(each)));
    assert.deepEqual([...new Set(sent.map(({ body }) => body.model))].sort(), ['new', 'old']);
    assert.equal(new Set(sent.map(promptOf)).size, sent.length, 'each prompt has a beginning of its own');
    assert.deepEqual(run.environment.parameters.tokenizers, { chat: 'o200k_base', old: 'cl100k_base' });
  } finally {
    gateway.close();
  }
});

test('a tokenizer that nobody here knows: with usage the target is asked how it counts, and prompts are exact by it', async () => {
  /** Three tokens a word, and 21 beside them. */
  const count = (prompt: string) => 3 * prompt.split(' ').length + 21;
  const asked = { probes: 0 };
  const gateway = await strictGateway({
    rule: () => undefined,
    answer: (each, response) => {
      if (each.route !== '/chat/completions') return false;
      const tokens = count(promptOf(each));
      const isOfLoad = !isProbe(promptOf(each)) && tokens > 3 * 100 + 21 && tokens < 3 * 1100 + 21;
      if (!isOfLoad) asked.probes += 1;
      if (isOfLoad && tokens !== 603) sendJson(response, 422, { error: { message: `${tokens} tokens` } });
      else {
        const choices = [{ delta: { content: 'one' }, finish_reason: 'stop' }];
        const usage = { prompt_tokens: tokens, completion_tokens: 1, total_tokens: tokens + 1 };
        response.writeHead(200, { 'content-type': 'text/event-stream' });
        response.end(`data: ${JSON.stringify({ choices, usage })}\n\ndata: [DONE]\n\n`);
      }
      return true;
    },
  });
  try {
    const env = {
      ...{ BASE_URL: gateway.base, API_KEY: 'none', MODEL: 'own', KINDS: 'chat', TOKENIZERS: '{"chat":"usage"}' },
      ...{ PROMPT_TOKENS: '603', RATE: '40', DURATION: '2s' },
    };
    const run = sound(await k6('dist/ttft.js', { env }));
    assert.equal(run.counts.finished, run.counts.started, why(run));
    const figure = run.metrics.llm_prompt_tokens!.find(({ tags }) => Object.keys(tags).length === 0)!;
    assert.deepEqual([figure.min, figure.max], [603, 603]);
    assert.ok(asked.probes >= 3, `${asked.probes} requests before the load`);
  } finally {
    gateway.close();
  }
});

test('FellBackInSilence: a target that tells no usage gets prompts by the public count, and the notes of the run say so', async () => {
  const gateway = await strictGateway({
    rule: () => undefined,
    answer: (each, response) => {
      if (each.route !== '/chat/completions') return false;
      const choices = [{ delta: { content: 'one' }, finish_reason: 'stop' }];
      response.writeHead(200, { 'content-type': 'text/event-stream' });
      response.end(`data: ${JSON.stringify({ choices })}\n\ndata: [DONE]\n\n`);
      return true;
    },
  });
  try {
    const env = { BASE_URL: gateway.base, API_KEY: 'none', MODEL: 'own', KINDS: 'chat', RATE: '20', DURATION: '1s' };
    const asked = { ...env, PROMPT_TOKENS: String(wanted) };
    const run = sound(await k6('dist/ttft.js', { env: { ...asked, TOKENIZERS: '{"chat":"usage"}' } }));
    const told = run.notes.filter((note) => /^how own counts tokens is not known, .*public tokenizers/.test(note));
    assert.equal(told.length, 1, run.notes.join('\n'));
    const sent = gateway.asked.filter((each) => each.route === '/chat/completions' && !isProbe(promptOf(each)));
    const sizes = sent.slice(-run.counts.started).map((each) => encodings.o200k_base(promptOf(each)).length + template);
    assert.deepEqual([...new Set(sizes)], [wanted]);
    const about = sound(await k6('dist/ttft.js', { env: asked }));
    assert.ok(!about.notes.some((note) => /counts tokens/.test(note)), 'nothing was asked, and nothing is told');
  } finally {
    gateway.close();
  }
});

test('a tokenizer that is not known is refused before the first request, with those that are', async () => {
  const unused = await k6('dist/ttft.js', { env: { TOKENIZERS: '{"chat":"usage"}' } });
  assert.match(unused.stderr, /TOKENIZERS is given without PROMPT_TOKENS: no prompt of ttft is cut/);
  const { code, stderr } = await k6('dist/ttft.js', { env: { TOKENIZERS: '{"chat":"llama3"}' } });
  assert.equal(code, 104, stderr);
  assert.match(
    stderr,
    /TOKENIZERS is wrong: "llama3" of chat is no tokenizer that is known here: o200k_base, .* are\. With usage/,
  );
});
