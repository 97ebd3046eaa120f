import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { connect as http2 } from 'node:http2';
import { request } from 'node:https';
import { text } from 'node:stream/consumers';
import { issue, makeAuthority, OWN_NAMES } from '../tls/authority';
import { connect } from 'node:net';
import { after, before, test } from 'node:test';
import { openNullTarget, type NullTarget, type NullTruth } from './target';

let target: NullTarget;
before(async () => {
  target = await openNullTarget({ settings: { ttft: [30, 40], events: 5, gap: 10 }, keep: 1000 });
});
after(() => target.close());

const url = (route: string) => new URL(route, target.url).href;
const post = (route: string, body: object) =>
  fetch(`${target.url}${route}`, { method: 'POST', body: JSON.stringify(body) });
const chat = () => post('/chat/completions', { model: 'null', stream: true, messages: [] });
const clear = () => fetch(url('/truth'), { method: 'DELETE' });
const summary = async (query = ''): Promise<NullTruth> =>
  (await fetch(url(`/truth/summary${query}`))).json() as Promise<NullTruth>;

/** The data of each event of an answer. */
async function events(answer: Response): Promise<string[]> {
  return (await answer.text())
    .split('\n\n')
    .filter((part) => part !== '')
    .map((part) => part.replace(/^data: /, ''));
}

test('a stream is an OpenAI stream: content events, a finish reason, the usage, [DONE]', async () => {
  const answer = await chat();
  assert.equal(answer.headers.get('content-type'), 'text/event-stream');
  const parts = await events(answer);
  assert.equal(parts.pop(), '[DONE]');
  const bodies = parts.map(
    (part) =>
      JSON.parse(part) as {
        choices: { delta: { content?: string }; finish_reason: string | null }[];
        usage?: { completion_tokens: number };
      },
  );
  assert.deepEqual(
    bodies.map(
      (body) => body.choices[0]?.delta.content ?? body.choices[0]?.finish_reason ?? body.usage?.completion_tokens,
    ),
    [' word', ' word', ' word', ' word', ' word', 'stop', 5],
  );
});

test('the truth has every stream, with a TTFT and gaps as drawn or later, never earlier', async () => {
  await clear();
  await Promise.all(Array.from({ length: 20 }, async () => (await chat()).text()));
  const truth = await summary();
  assert.deepEqual([truth.streams, truth.unfinished, truth.unkept, truth.events], [20, 0, 0, 100]);
  assert.equal(truth.ttft.count, 20);
  assert.equal(truth.gap.count, 80);
  assert.ok(truth.ttft.p50! >= 30, `TTFT p50 ${truth.ttft.p50}`);
  assert.ok(
    truth.gap.mean! >= 8,
    `mean gap ${truth.gap.mean}: the cadence is kept, so one late by less than a gap shortens the next`,
  );
  const { streams } = (await (await fetch(url('/truth'))).json()) as {
    streams: { received_ns: number; content_ns: number[] }[];
  };
  for (const { received_ns, content_ns } of streams) {
    assert.equal(content_ns.length, 5);
    assert.ok(content_ns[0]! - received_ns >= 30e6);
    assert.deepEqual(
      [...content_ns].sort((a, b) => a - b),
      content_ns,
    );
  }
  assert.equal(truth.first_ns, Math.min(...streams.map((stream) => stream.received_ns)));
  assert.equal(truth.last_ns, Math.max(...streams.map((stream) => stream.content_ns[4]!)));
});

test('after_ns leaves out the streams that were received before', async () => {
  await clear();
  await (await chat()).text();
  const { last_ns } = await summary();
  await (await chat()).text();
  assert.equal((await summary()).streams, 2);
  assert.equal((await summary(`?after_ns=${last_ns}`)).streams, 1);
});

test('a full book takes no more streams and says so', async () => {
  await clear();
  // 1000 stamps have room for 125 streams at most (an eighth), and 200 streams of 5 events.
  await Promise.all(Array.from({ length: 130 }, async () => (await chat()).text()));
  const truth = await summary();
  assert.deepEqual([truth.streams, truth.unkept], [125, 5]);
});

test('a client that leaves is unfinished, and the target goes on', async () => {
  await clear();
  const controller = new AbortController();
  const answer = await fetch(`${target.url}/chat/completions`, {
    method: 'POST',
    body: '{"stream":true}',
    signal: controller.signal,
  });
  assert.equal(answer.status, 200);
  controller.abort();
  await (await chat()).text();
  const truth = await summary();
  assert.deepEqual([truth.streams, truth.unfinished], [1, 1]);
});

test('embeddings: as many vectors as inputs, and the truth counts the requests', async () => {
  await clear();
  for (const [input, wanted] of [
    ['one', 1],
    [['a', 'b', 'c'], 3],
  ] as const) {
    const { data } = (await (await post('/embeddings', { model: 'null', input })).json()) as {
      data: { index: number; embedding: number[] }[];
    };
    assert.deepEqual(
      data.map((item) => item.index),
      Array.from({ length: wanted }, (_, i) => i),
    );
    assert.equal(data[0]!.embedding.length, 16);
  }
  const { embeddings } = await summary();
  assert.equal(embeddings.count, 2);
  assert.equal((await summary(`?after_ns=${embeddings.last_ns}`)).embeddings.count, 1);
});

test('requests in pieces, and two in one, are read as they are', async () => {
  const text = await new Promise<string>((resolve, reject) => {
    const socket = connect(target.port, '127.0.0.1');
    let said = '';
    socket.setEncoding('utf8').on('data', (part: string) => {
      said += part;
      if (said.split('HTTP/1.1 200').length === 3 && said.endsWith('}]}')) {
        resolve(said);
        socket.destroy();
      }
    });
    socket.once('error', reject);
    const request = 'GET /v1/models HTTP/1.1\r\nhost: x\r\n\r\n';
    socket.write(request.slice(0, 20), () => setImmediate(() => socket.write(request.slice(20) + request)));
  });
  assert.equal(text.match(/"object":"list"/g)?.length, 2);
});

test('settings are changed by PATCH; what is wrong is refused in a sentence and changes nothing', async () => {
  const patch = (body: string) => fetch(url('/config'), { method: 'PATCH', body });
  const refused = async (body: string, words: RegExp) => {
    const answer = await patch(body);
    assert.equal(answer.status, 400);
    assert.match(await answer.text(), words);
  };
  await refused('{"gap":-1}', /gap is -1, but must be a number from 0/);
  await refused('{"speed":1}', /speed is not a field/);
  await refused('{', /not JSON/);
  assert.equal((await post('/chat/completions', { model: 'null' })).status, 400);
  assert.equal((await patch('{"events":2,"ttft":5}')).status, 200);
  assert.equal((await events(await chat())).length, 2 + 3);
  await patch('{"events":5,"ttft":[30,40]}');
});

test('a wrong option stops the program with 2 and a sentence', () => {
  const wrong = (...args: string[]) => {
    const { status, stderr } = spawnSync(
      process.execPath,
      ['-r', './tools/build/typescript.cjs', 'simulator/null/main.ts', ...args],
      { encoding: 'utf8' },
    );
    assert.equal(status, 2);
    return stderr;
  };
  assert.match(wrong('--ttft', 'soon'), /--ttft is "soon", but must be a number/);
});

test('over TLS it speaks HTTP/1.1 and HTTP/2, and the truth has the streams of both', async () => {
  const identity = await issue(await makeAuthority(), OWN_NAMES);
  const secure = await openNullTarget({ settings: { ttft: 5, events: 3, gap: 2 }, keep: 1000, identity });
  const body = '{"stream":true}';
  const one = await new Promise<string>((resolve, reject) => {
    const asked = request(`${secure.url}/chat/completions`, {
      method: 'POST',
      ca: identity.cert,
      rejectUnauthorized: false,
    });
    asked.once('error', reject);
    asked.once('response', (answer) => text(answer).then(resolve, reject));
    asked.end(body);
  });
  const session = http2(secure.url, { rejectUnauthorized: false });
  const ask = (method: string, path: string, content?: string) => {
    const stream = session.request({ ':method': method, ':path': path });
    stream.end(content);
    return text(stream);
  };
  const several = await Promise.all([1, 2, 3].map(() => ask('POST', '/v1/chat/completions', body)));
  for (const said of [one, ...several]) {
    assert.equal(said.split(' word').length - 1, 3, said);
    assert.ok(said.endsWith('data: [DONE]\n\n'), said);
  }
  const { streams, unfinished, events } = JSON.parse(await ask('GET', '/truth/summary')) as NullTruth;
  assert.deepEqual([streams, unfinished, events], [4, 0, 12]);
  session.close();
  await secure.close();
});
