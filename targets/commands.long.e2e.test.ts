import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { parseTarget, type TargetFile } from '../lib/config';
import { issue, makeAuthority } from '../simulator/tls/authority';
import { k6 } from '../tools/programs/k6';
import { scratch } from '../tools/programs/scratch';
import { sound, why } from '../tools/testing/k6';
import { httpProxy } from '../tools/testing/proxies';
import { strictGateway, type Asked, type Refused } from '../tools/testing/strict';
import { shapes, wrongChat } from './shapes.fixture';

/*
 * Every command of docs/gateways.md, as it stands there, against the recorded shape of its gateway. A proxy leads the
 * gateway's own name to that shape, with a certificate for the name, so that nothing of the address is another one.
 */

const page = readFileSync('docs/gateways.md', 'utf8');
const section = page.slice(page.indexOf('## One command for each kind'), page.indexOf('## What a gateway can do'));
const commands = [...section.matchAll(/^\| ([^|]+?) \| `([^`]*bin\/k6 run [^`]*)` \|$/gm)].map(([, name, command]) => ({
  name: name!,
  command: command!,
}));

/** The words of a command, with what its user fills in. */
function filled(command: string) {
  const path = /TARGET=(\S+)/.exec(command)![1]!;
  const target = parseTarget(readFileSync(path, 'utf8'), path);
  const { chat, embedding } = target.models ?? {};
  const values: Record<string, string> = {
    MODEL: typeof chat === 'string' ? chat : 'm',
    EMBEDDING_MODEL: embedding ?? 'e',
    AWS_ACCESS_KEY_ID: 'AK',
    AWS_SECRET_ACCESS_KEY: 'SK',
  };
  const words = command.replace('//NAME.', '//perf.').split(' ').map((word) => {
    const [, name = '', before = ''] = /^([A-Z0-9_]+)=(https?:\/\/)?…$/.exec(word) ?? [];
    return name === '' ? word : `${name}=${before === '' ? (values[name] ?? 'key') : `${before}gateway.example`}`;
  });
  const run = words.indexOf('bin/k6');
  const pairs = (list: readonly string[]) =>
    Object.fromEntries(list.filter((word) => word !== '-e').map((word) => [/^[^=]+/.exec(word)![0], word.replace(/^[^=]+=/, '')]));
  return { target, shape: path.replace(/^targets\/|\.json$/g, ''), set: pairs(words.slice(0, run)), script: words[run + 2]!, given: pairs(words.slice(run + 3)) };
}

/** The address that the target's file and the command's words make. */
const addressOf = ({ base_url: base, aws }: TargetFile, given: Record<string, string>) =>
  new URL(base.replace(/\{(\w+)\}/g, (_, name: string) => given[name] ?? aws?.region ?? ''));

/** Text Embeddings Inference has no chats. */
const embeddings: Readonly<Record<string, string>> = {
  tei: '/v1/embeddings',
  ...Object.fromEntries(Object.entries(shapes).flatMap(([name, { embedding }]) => (embedding ? [[name, embedding]] : []))),
};

test('there is a command for each file of targets/', () => {
  const files = commands.map(({ command }) => filled(command).shape);
  assert.deepEqual([...files].sort(), [...Object.keys(shapes), 'tei'].sort());
});

for (const { name, command } of commands)
  test(`${name}: ${command.replace(/^.*bin\//, '')}`, async () => {
    const { target, shape, set, script, given } = filled(command);
    const address = addressOf(target, { ...set, ...given });
    const secure = address.protocol === 'https:';
    const authority = await makeAuthority();
    const tls = secure ? await issue(authority, [address.hostname]) : undefined;
    const chat = shapes[shape];
    const kinds = new Set<string>();
    const rule = (asked: Asked): Refused => {
      const { request, headers, body, method } = asked;
      const url = request.url!;
      if (method === 'GET' && new URL(url, 'http://x').pathname.endsWith('/models')) return undefined;
      if (url === embeddings[shape]) return void kinds.add('embedding');
      const wrong = chat ? wrongChat(chat, { url, headers, body }) : `the address ${url}`;
      return wrong ? [400, wrong] : void kinds.add('chat');
    };
    const gateway = await strictGateway({
      ...{ rule, tls, prefix: '' },
      answer: ({ request }, response) => {
        if (request.url !== chat?.chat) return false;
        response.writeHead(200, { 'content-type': 'text/event-stream' }).end(chat!.stream);
        return true;
      },
    });
    const proxy = await httpProxy({ names: { [address.hostname]: Number(new URL(gateway.base).port) } });
    const ca = join(scratch(), 'ca.pem');
    writeFileSync(ca, authority.cert);
    const own = { RATE: '20', DURATION: '1s', MAX_TOKENS: '50', PROXY: `http://${proxy.at}`, ...(secure ? { CA_FILE: ca } : {}) };
    try {
      const run = sound(await k6(script, { env: { ...given, ...own }, settings: set }));
      assert.deepEqual(gateway.refused, []);
      assert.equal(run.counts.finished, run.counts.started, why(run));
      assert.ok(run.counts.started > 10, why(run));
      assert.deepEqual([...new Set(run.outcomes.map(({ outcome }) => outcome))], ['ok']);
      const has = (kind: 'chat' | 'embedding') => target.routes?.[kind] !== null && (given.KINDS ?? kind).includes(kind);
      assert.deepEqual([...kinds].sort(), (['chat', 'embedding'] as const).filter(has));
      assert.ok(proxy.asked.every((asked) => asked.replace(/:\d+$/, '') === address.hostname), proxy.asked.join());
    } finally {
      proxy.close();
      gateway.close();
    }
  });
