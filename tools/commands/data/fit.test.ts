import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { scratch } from '../../programs/scratch';
import { Fit, fit, formats } from './fit';
import { bucketOf, lengthsOf, promptsTo, readProfile } from './profile';
import { tokensOf } from './tokens';

const file = (name: string, content: string) => {
  const path = join(scratch(), name);
  writeFileSync(path, content);
  return path;
};

test('each length lies in its bucket, and a bucket knows a length to within a fifth', () => {
  for (let tokens = 0; tokens < 5000; tokens++) {
    const [from, below] = lengthsOf(bucketOf(tokens));
    assert.ok(from <= tokens && tokens < below, `${tokens} in ${from} to ${below}`);
    assert.ok(below - from <= 1 + 0.2 * from, `${from} to ${below}`);
  }
});

test('logs of three kinds become profiles: counts, lengths, rates, sessions, streams', () => {
  const made = (format: string, lines: object[]) => {
    const all = new Fit(formats[format]!);
    for (const line of lines) all.add(line);
    return all.profile();
  };
  const openai = made('openai', [
    {
      timestamp: '2026-01-01T00:00:00Z',
      usage: { prompt_tokens: 100, completion_tokens: 10 },
      stream: true,
      session_id: 'a',
    },
    {
      timestamp: '2026-01-01T00:00:50Z',
      usage: { prompt_tokens: 101, completion_tokens: 10 },
      stream: false,
      session_id: 'a',
    },
    {
      timestamp: '2026-01-01T00:01:40Z',
      usage: { prompt_tokens: 3000, completion_tokens: 10 },
      stream: true,
      session_id: 'b',
    },
    { timestamp: '2026-01-01T00:02:00Z', status: 500 },
  ]);
  assert.deepEqual([openai.requests, openai.left_out, openai.seconds, openai.streamed], [3, 1, 100, 0.6667]);
  assert.deepEqual(openai.sessions, [
    { turns: 1, sessions: 1 },
    { turns: 2, sessions: 1 },
  ]);
  assert.deepEqual(
    openai.cells.map(({ requests }) => requests),
    [2, 1],
  );
  assert.deepEqual(openai.requests_per_second, { mean: 0.03, peak_minute: 0.03333 });
  const litellm = made('litellm', [{ startTime: 1700000000.5, prompt_tokens: 5, completion_tokens: 0 }]);
  assert.deepEqual(litellm.cells, [{ prompt: [5, 6], output: [0, 1], requests: 1 }]);
  assert.equal(litellm.seconds, null);
  const nginx = made('nginx', [{ msec: '1700000000.1', request_length: '4000', body_bytes_sent: 400 }]);
  const [cell] = nginx.cells;
  assert.ok(cell!.prompt[0] <= 1000 && cell!.prompt[1] > 1000 && nginx.estimated, JSON.stringify(nginx));
});

test('a profile holds no text of the log: what its prompts say stays where it is', async () => {
  const secret = 'the patient Jane Roe';
  const log = file(
    'access.jsonl',
    `${JSON.stringify({
      messages: [{ role: 'user', content: secret }],
      user: secret,
      model: secret,
      session_id: secret,
      usage: { prompt_tokens: 20, completion_tokens: 5 },
    })}\n`,
  );
  const out = join(scratch(), 'profile.json');
  assert.equal(await fit([log, '--out', out]), 0);
  assert.doesNotMatch(readFileSync(out, 'utf8'), /Jane|Roe|patient/);
  assert.equal(readProfile(out).requests, 1);
});

test('what is wrong with a log is told with its line, and what was looked for', async () => {
  const good = '{"usage":{"prompt_tokens":1,"completion_tokens":1}}\n';
  await assert.rejects(fit([file('a.jsonl', `${good}\n10.0.0.1 - - GET /\n`)]), /line 3 is not JSON/);
  await assert.rejects(fit([file('b.jsonl', '{"in":1}\n')]), /none of the 1 lines .* usage\.prompt_tokens/);
  await assert.rejects(
    fit([file('c.jsonl', good), '--columns', '{"prompt":"in"}']),
    /prompt is none of time, prompt_tokens/,
  );
  await assert.rejects(fit([file('d.jsonl', good), '--format', 'apache']), /allowed are openai, litellm, nginx/);
  await assert.rejects(fit([join(scratch(), 'gone.jsonl')]), /cannot be read/);
  assert.throws(
    () => readProfile(file('p.json', '{"profile":1,"cells":[{"prompt":[5,1],"output":[0,1],"requests":1}]}')),
    /cell 1/,
  );
});

test('prompts to a profile have its lengths, in tokens, and each its own text', () => {
  const profile = {
    ...{ profile: 1 as const, requests: 4, left_out: 0, seconds: null, requests_per_second: null, streamed: null },
    cells: [
      { prompt: [8, 10] as [number, number], output: [5, 6] as [number, number], requests: 1 },
      { prompt: [400, 420] as [number, number], output: [50, 60] as [number, number], requests: 3 },
    ],
  };
  const lines = [...promptsTo(profile, 200, 'seed')].map(
    (line) => JSON.parse(line) as { prompt: string; max_tokens: number },
  );
  const tokens = lines.map(({ prompt }) => tokensOf(prompt));
  const long = tokens.filter((count) => count >= 400 && count < 420).length;
  assert.equal(long + tokens.filter((count) => count >= 8 && count < 10).length, 200);
  assert.ok(long > 120 && long < 180, `${long} of 200 are long; three in four should be`);
  assert.ok(lines.every(({ max_tokens: bound }) => bound === 5 || (bound >= 50 && bound < 60)));
  assert.equal(new Set(lines.map(({ prompt }) => prompt)).size, 200);
});
