import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { k6 } from '../../tools/programs/k6';
import { scratch } from '../../tools/programs/scratch';
import { sound, undisturbed, why } from '../../tools/testing/k6';
import { strictGateway } from '../../tools/testing/strict';

/** What is asked before the load; a run that was disturbed is made again, and asks again. */
const ofTheLoad = (sent: string) => !/what a public library is for|Office hours of the permit desk/.test(sent);

test('prompts of the user’s own are sent, each with a text of its own before it; their images too', async () => {
  const gateway = await strictGateway({ rule: () => undefined });
  const path = join(scratch(), 'prompts.jsonl');
  const image = [
    { type: 'text', text: 'What is this?' },
    { type: 'image_url', image_url: { url: 'data:image/png;base64,AAAA' } },
  ];
  const lines = [
    { prompt: 'question 1' },
    {
      messages: [
        { role: 'system', content: 'Be short.' },
        { role: 'user', content: 'question 2' },
      ],
    },
    {
      conversations: [
        { from: 'human', value: 'question 3' },
        { from: 'gpt', value: 'no' },
      ],
    },
    { messages: [{ role: 'user', content: image }] },
  ];
  writeFileSync(path, `${lines.map((line) => JSON.stringify(line)).join('\n')}\n`);
  try {
    const env = { BASE_URL: gateway.base, API_KEY: 'none', MODEL: 'one', RATE: '40', DURATION: '2s' };
    const run = sound(await undisturbed('dist/ttft.js', { env: { ...env, PROMPTS: path, UNIQUE: 'prefix' } }));
    assert.equal(run.counts.finished, run.counts.started, why(run));
    const sent = gateway.asked
      .filter(({ route }) => route === '/chat/completions')
      .map(({ body }) => JSON.stringify(body.messages))
      .filter(ofTheLoad);
    assert.equal(new Set(sent).size, sent.length, 'no two are alike');
    const known = lines.map(({ prompt, messages, conversations }) =>
      JSON.stringify(messages ?? [{ role: 'user', content: prompt ?? conversations![0]!.value }]),
    );
    const bare = sent.map((text) => text.replace(/\[[\w-]+\] /, '').replace('{"type":"text","text":""},', ''));
    assert.deepEqual([...new Set(bare)].sort(), known.sort());
  } finally {
    gateway.close();
  }
});

test('columns of one’s own, texts to embed, and a beginning that a share of the prompts have in common', async () => {
  const gateway = await strictGateway({ rule: () => undefined });
  const folder = scratch();
  const [prompts, texts] = [join(folder, 'p.csv'), join(folder, 't.jsonl')];
  writeFileSync(
    prompts,
    'id,question,picture\n1,first?,\n2,second?,data:image/png;base64,AAAA\n'.replace(/(data.*)\n/, '"$1"\n'),
  );
  writeFileSync(texts, '{"input":"text one"}\n{"input":"text two"}\n');
  try {
    const columns = JSON.stringify({ prompt: 'question', image: 'picture', text: 'input' });
    const run = async (env: Record<string, string>) => {
      gateway.asked.length = 0;
      const usual = { BASE_URL: gateway.base, API_KEY: 'none', MODEL: 'one', RATE: '40', DURATION: '2s' };
      const record = sound(await undisturbed('dist/smoke.js', { env: { ...usual, ...env } }));
      assert.equal(record.counts.finished, record.counts.started, why(record));
      return gateway.asked;
    };
    const asked = await run({
      PROMPTS: prompts,
      COLUMNS: '{"prompt":"question","image":"picture"}',
      PREFIX_SHARE: '0.5',
      PREFIX_TOKENS: '300',
    });
    const chats = asked.filter(
      ({ route, body }) => route === '/chat/completions' && ofTheLoad(JSON.stringify(body.messages)),
    );
    type Sent = { role: string; content: unknown }[];
    const shared = chats.filter(({ body }) => (body.messages as Sent)[0]!.role === 'system');
    const share = shared.length / chats.length;
    assert.ok(share > 0.25 && share < 0.75, `${share} of ${chats.length} chats`);
    // Of this run alone: it begins with the run's name.
    const beginnings = shared.map(({ body }) =>
      String((body.messages as Sent)[0]!.content).replace(/^\[[^\]]+\] /, ''),
    );
    assert.equal(new Set(beginnings).size, 1, 'all have the same');
    const said = new Set(chats.map(({ body }) => JSON.stringify((body.messages as Sent).at(-1)!.content)));
    const picture = [
      { type: 'text', text: 'second?' },
      { type: 'image_url', image_url: { url: 'data:image/png;base64,AAAA' } },
    ];
    assert.deepEqual([...said].sort(), ['"first?"', JSON.stringify(picture)].sort());
    const embedded = (await run({ TEXTS: texts, COLUMNS: columns }))
      .filter(({ route }) => route === '/embeddings')
      .map(({ body }) => body.input)
      .filter((input) => ofTheLoad(String(input)));
    assert.deepEqual([...new Set(embedded)].sort(), ['text one', 'text two']);
  } finally {
    gateway.close();
  }
});

test('a wrong line of a file of prompts stops the run before its first request, with its number', async () => {
  const path = join(scratch(), 'prompts.jsonl');
  writeFileSync(path, '{"prompt":"a"}\n{"question":"b"}\n');
  const ran = await k6('dist/ttft.js', { env: { PROMPTS: path } });
  assert.equal(ran.code, 104, ran.stderr);
  assert.match(
    ran.stderr,
    /PROMPTS=.*prompts.jsonl is wrong: line 2: it has none of messages, prompt, conversations, text; COLUMNS says/,
  );
  assert.doesNotMatch(ran.stderr, /at .*\(|goroutine/);
  const fixed = await k6('dist/cost.js', { env: { PROMPTS: path } });
  assert.equal(fixed.code, 104);
});
