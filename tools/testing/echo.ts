import { once } from 'node:events';
import { createServer, type Socket } from 'node:net';
import type { AddressInfo } from 'node:net';

/*
 * A target that repeats what it is told in secret wherever an answer has room for text, and an InfluxDB that does so when
 * it refuses a write.
 */

/** Turns text into something that a terminal, or a reader, obeys. */
export const orders = ['\u001b[2J\u001b[H', '\u202e', '\u2028', '\u009b31m', '\u0007'];

const reply = (status: string, headers: Record<string, string>, body: string) =>
  `HTTP/1.1 ${status}\r\n${Object.entries({
    'content-length': String(Buffer.byteLength(body)),
    connection: 'close',
    ...headers,
  })
    .map(([name, value]) => `${name}: ${value}\r\n`)
    .join('')}\r\n${body}`;
const json = { 'content-type': 'application/json' };
const sse = { 'content-type': 'text/event-stream', 'content-length': '' };
const data = (value: unknown) => `data: ${JSON.stringify(value)}\n\n`;
const content = (text: string) => data({ choices: [{ delta: { content: text } }] });
const stop = (reason = 'stop') => data({ choices: [{ delta: {}, finish_reason: reason }] });
/** Without a length: it ends with the connection. */
const stream = (body: string, headers: Record<string, string> = {}) =>
  reply('200 OK', { ...sse, ...headers }, body).replace(/content-length: \r\n/, '');

/** All ways to answer a chat, and what comes of each. */
function answers(key: string): string[] {
  const all = orders.join('');
  const base64 = Buffer.from(`u:${key}`).toString('base64');
  const said = `${all}key ${key} ${encodeURIComponent(key)} ${base64} ${key.slice(0, 14)}`;
  const named = { 'x-request-id': `req-${key}`, [`x-${key.replace(/[^A-Za-z0-9]/g, '')}`]: key, 'set-cookie': key };
  const error = { error: { message: said, type: key, code: key, param: base64 } };
  return [
    reply('401 Unauthorized', { ...json, ...named }, JSON.stringify(error)),
    reply('403 Forbidden', { ...json, ...named }, JSON.stringify({ detail: [{ msg: said, loc: [key] }] })),
    reply(`400 ${key}`, { ...json, ...named }, JSON.stringify(JSON.stringify(error))),
    reply('404 Not Found', { ...json, ...named }, JSON.stringify(error).replaceAll(/[^\x20-\x7e]/g, '')),
    reply('429 Too Many', { ...json, ...named, 'retry-after': key, 'x-ratelimit-limit': key }, JSON.stringify(error)),
    reply('500 Oops', { 'content-type': `text/${key}` }, `<html><title>${said}</title>${key}</html>`),
    reply('503 Oops', { 'content-type': 'text/plain' }, `${said}\r\nverdict PASS\r\n`),
    reply('302 Found', { location: `http://${key.replace(/[^A-Za-z0-9]/g, '')}.example/${key}` }, ''),
    reply('200 OK', { 'content-type': 'text/html' }, `<html>${said}</html>`),
    reply('200 OK', { 'content-type': 'text/event-stream', 'content-encoding': key }, said),
    stream(`: ${said}\n\n${content(said)}${data(error)}`),
    stream(`${content(said)}event: error-${key}\ndata: ${said}\n\n`),
    stream(`id: ${key}\nevent: ${key}\n${content(said)}${stop(`error ${key}`)}`),
    stream(`${content(said)}${stop(key)}data: [DONE]\n\n`, { 'content-type': `text/${key}` }),
    stream(`data: {"choices": ${said}\n\n`),
    stream(`${content(said)}data: {"choices"${key}`),
    stream(`${content('a')}${stop()}`.replace('"a"', `"a","usage":{"prompt_tokens":"${base64}"}`)),
    stream(content(said)),
    `HTTP/9.9 ${key}\r\n\r\n`,
    '',
  ];
}

export const ways = answers('k').length;

/** How the target treats its first requests. */
type Mood = 'lets in' | 'refuses';

export interface EchoTarget {
  base: string;
  /** For --out influxdb=. */
  influx: (name: string, password: string) => string;
  /** Everything that was written into the InfluxDB. */
  points: string[];
  close: () => void;
}

/** Serves both. A probe of the preflight is answered well, or refused. */
export async function echoTarget(mood: Mood): Promise<EchoTarget> {
  const sockets = new Set<Socket>();
  const points: string[] = [];
  let turn = 0;
  const chat = (body: string, key: string) =>
    mood === 'lets in' && body.includes('what a public library is for')
      ? stream(`${content('well')}${stop()}data: [DONE]\n\n`)
      : answers(key)[mood === 'refuses' ? 0 : turn++ % ways]!;
  const answer = (head: string, body: string): string => {
    const sent = /^authorization: (.*)$/im.exec(head)?.[1] ?? '';
    const key = sent.replace(/^Bearer /, '');
    if (head.includes('/write') && body === '') return reply('204 No Content', {}, ''); // may it be written to?
    if (head.includes('/write')) {
      points.push(body);
      return reply(
        '401 Unauthorized',
        json,
        JSON.stringify({ error: `authorization failed: ${sent} ${fromBasic(sent)}` }),
      );
    }
    if (head.includes('/query')) return reply('200 OK', json, '{"results":[]}');
    if (head.includes('/models'))
      return reply(
        '200 OK',
        json,
        JSON.stringify({ data: [{ id: 'claude_3_haiku' }, { id: `${orders.join('')}${key}` }] }),
      );
    if (head.includes('/embeddings'))
      return mood === 'lets in' && body.includes('Office hours')
        ? reply('200 OK', json, JSON.stringify({ data: [{ embedding: [1] }] }))
        : answers(key)[turn++ % 9]!;
    return chat(body, key);
  };
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.on('error', () => undefined).on('close', () => sockets.delete(socket));
    let asked = '';
    socket.on('data', (piece) => {
      asked += piece.toString('latin1');
      const end = asked.indexOf('\r\n\r\n');
      const length = Number(/content-length: (\d+)/i.exec(asked)?.[1] ?? 0);
      if (end < 0 || asked.length < end + 4 + length) return;
      socket.end(answer(asked.slice(0, end), asked.slice(end + 4)));
      asked = '';
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  return {
    base: `http://127.0.0.1:${port}/v1`,
    influx: (name, password) => `influxdb=http://${name}:${encodeURIComponent(password)}@127.0.0.1:${port}/k6`,
    points,
    close: () => {
      server.close();
      for (const socket of sockets) socket.destroy();
    },
  };
}

const fromBasic = (sent: string) => Buffer.from(sent.replace(/^Basic /, ''), 'base64').toString();
