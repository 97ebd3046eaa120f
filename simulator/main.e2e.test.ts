import assert from 'node:assert/strict';
import { spawn, type ChildProcess } from 'node:child_process';
import * as fs from 'node:fs';
import * as https from 'node:https';
import * as net from 'node:net';
import * as os from 'node:os';
import * as path from 'node:path';
import { test } from 'node:test';
import { parseArguments, UsageError } from './arguments';
import { admin, call, chatBody, configure, truthOf } from './client.fixture';

const MAIN = path.join(__dirname, 'main.ts');

function run(...args: string[]): {
  child: ChildProcess;
  firstLine: Promise<string>;
  ended: Promise<{ code: number | null; out: string; err: string }>;
} {
  const child = spawn(process.execPath, ['-r', './tools/build/typescript.cjs', MAIN, ...args], {
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let out = '';
  let err = '';
  const ended = new Promise<{ code: number | null; out: string; err: string }>((resolve) =>
    child.once('close', (code) => resolve({ code, out, err })),
  );
  const firstLine = new Promise<string>((resolve) => {
    child.stdout?.on('data', (part: Buffer) => {
      out += part.toString();
      if (out.includes('\n')) resolve(out.slice(0, out.indexOf('\n')));
    });
    void ended.then(() => resolve(out + err));
  });
  child.stderr?.on('data', (part: Buffer) => (err += part.toString()));
  return { child, firstLine, ended };
}

test('says where it is, serves, shares its settings between the ports, and stops at SIGTERM with 0', async () => {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'simulator-'));
  const file = path.join(folder, 'account.json');
  const { child, firstLine, ended } = run(
    '--gateway-port',
    '0',
    '--provider-port',
    '0',
    '--service-account',
    file,
    '--tls',
    path.join(folder, 'ca'),
    '--tls-port',
    '0',
  );
  const ready =
    /^simulator ready: gateway (http:\/\/127\.0\.0\.1:\d+\/api\/v1) provider (http:\/\/127\.0\.0\.1:\d+\/v1) tls (https:\/\/127\.0\.0\.1:\d+\/v1) key (\S+)$/.exec(
      await firstLine,
    );
  assert.ok(ready !== null, await firstLine);
  const [, gateway = '', provider = '', secure = '', key = ''] = ready;
  assert.equal((await call(`${gateway}/models`, undefined, { key })).status, 200);
  await configure(gateway, { provider: { models: { claude_3_haiku: { ttft_ms: 7 } } } });
  assert.equal(
    (await admin<{ provider: { models: Record<string, { ttft_ms: number }> } }>(provider, '/config')).provider.models
      .claude_3_haiku?.ttft_ms,
    7,
  );
  await configure(provider, { gateway: { flaws: { no_usage: true } } });
  assert.doesNotMatch((await call(`${gateway}/chat/completions`, chatBody('rate=1000 tokens=2'))).body, /usage/);

  // The provider has its own event loop: a gateway that stands still does not make it late.
  const stream = call(
    `${gateway}/chat/completions`,
    chatBody('id=stalled ttft=20 rate=100 jitter=0 chunk=1 tokens=300'),
  );
  await truthOf(provider, 'stalled', () => true);
  await call(new URL('/stall', gateway).href, { ms: 400 });
  await stream;
  const [own, theirs] = [await truthOf(gateway, 'stalled'), await truthOf(provider, 'stalled')];
  const late = own.content_ns.map((at, i) => at - (theirs.content_ns[i] ?? Infinity));
  assert.ok(Math.max(...late) > 100e6);

  const account = JSON.parse(fs.readFileSync(file, 'utf8')) as Record<string, string>;
  assert.deepEqual([account.type, account.token_uri], ['service_account', new URL('/token', provider).href]);
  // Both of the provider's ports are one provider: the same truth.
  const ca = fs.readFileSync(path.join(folder, 'ca', 'ca.pem'));
  const over = await new Promise<number | undefined>((resolve, reject) =>
    https
      .get(new URL('/truth', secure), { ca, agent: false }, ({ statusCode }) => resolve(statusCode))
      .once('error', reject),
  );
  assert.equal(over, 200);
  fs.rmSync(folder, { recursive: true });

  child.kill('SIGTERM');
  const { code, out } = await ended;
  assert.equal(code, 0);
  assert.equal(out.split('\n')[1], `simulator service account ${file}`);
  assert.ok(out.includes(`  NODE_EXTRA_CA_CERTS=${path.join(folder, 'ca', 'ca.pem')}  (Node)\n`));
});

test('--help explains and exits 0', async () => {
  const { code, out, err } = await run('--help').ended;
  assert.deepEqual([code, err], [0, '']);
  assert.match(out, /--gateway-port N/);
});

test('a port in use, a bad file, a bad argument: one sentence, exit 2', async () => {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'simulator-'));
  const file = path.join(folder, 'config.json');
  fs.writeFileSync(file, '{"seed": "one"}');
  const blocker = net.createServer().listen(0, '127.0.0.1');
  await new Promise((resolve) => blocker.once('listening', resolve));
  const { port } = blocker.address() as net.AddressInfo;
  const cases: [string[], RegExp][] = [
    [
      ['--gateway-port', String(port), '--provider-port', '0'],
      new RegExp(
        `^simulator: Cannot listen on 127\\.0\\.0\\.1:${port}: the port is already in use by another program\\. .*--gateway-port N; .*--only provider\\.\n$`,
      ),
    ],
    [
      ['--provider-port', String(port), '--gateway-port', '0'],
      /already in use by another program\. Choose another port with --provider-port N; 0 takes any free one\.\n$/,
    ],
    [
      ['--config', file],
      /^simulator: In .*config\.json: seed is "one", but must be a whole number from 0 to 4294967295\.\n$/,
    ],
    [
      ['--gateway-port', '0', '--provider-port', '0', '--service-account', folder],
      /^simulator: The service account cannot be written: EISDIR.*\.\n$/,
    ],
    [['--port', '1'], /^simulator: --port is not an option/],
  ];
  const ends = await Promise.all(cases.map(([args]) => run(...args).ended));
  ends.forEach(({ code, out, err }, index) => {
    assert.equal(code, 2);
    assert.equal(out, '');
    assert.match(err, cases[index]?.[1] ?? /never/);
  });
  blocker.close();
  fs.rmSync(folder, { recursive: true });
});

const wrong: [string[], RegExp][] = [
  [['--gateway-port', 'x'], /--gateway-port is "x", but must be a whole number from 0 to 65535/],
  [['--gateway-port=70000'], /70000/],
  [['--config'], /--config needs a value/],
  [['--only', 'gateway', '--provider-url', 'http://x/v1', '--service-account', 'x'], /not for --only gateway/],
  [['--only', 'gateway', '--provider-url', 'http://x/v1', '--tls', 'x'], /it is the provider that speaks TLS/],
  [['--tls-port', '1'], /--tls-port needs --tls/],
  [['--only', 'both'], /--only is "both", but must be gateway or provider/],
  [['--only', 'gateway'], /needs --provider-url/],
  [['--provider-url', 'http://x/v1'], /only for --only gateway/],
  [['--only', 'gateway', '--provider-url', 'nowhere'], /must be an http:\/\/ address/],
];
for (const [args, sentence] of wrong) {
  test(`refuses ${args.join(' ')}`, () => {
    assert.throws(
      () => parseArguments(args),
      (error: Error) => error instanceof UsageError && sentence.test(error.message),
    );
  });
}
