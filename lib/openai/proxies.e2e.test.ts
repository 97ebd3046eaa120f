import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { once } from 'node:events';
import { createServer } from 'node:http';
import { join } from 'node:path';
import { test } from 'node:test';
import { k6 } from '../../tools/programs/k6';
import { scratch } from '../../tools/programs/scratch';
import { sound, undisturbed, why } from '../../tools/testing/k6';
import { strictGateway, type Strict } from '../../tools/testing/strict';
import { cert, key } from './certificate.fixture';
import { httpProxy, socksProxy, type CountingProxy, type ProxySettings } from '../../tools/testing/proxies';

/*
 * The ways to a gateway: proxies that count who comes through them, unix sockets, names of `hosts`, IPv6. The gateway has
 * a name that only the proxy knows, so whoever goes another way reaches nothing.
 */

const load = { MODEL: 'one', KINDS: 'chat', DURATION: '1s', RATE: '20', API_KEY: 'none' };
const portOf = (base: string) => Number(/:(\d+)/.exec(base)![1]);
const anyone = { rule: () => undefined };

interface Around {
  gateway: Strict;
  proxy: CountingProxy;
  /** BASE_URL by the name that only the proxy knows. */
  named: string;
}

async function around(
  make: (settings: ProxySettings) => Promise<CountingProxy>,
  settings: ProxySettings & { secure?: boolean },
  body: (_: Around) => Promise<void>,
) {
  const gateway = await strictGateway({ ...anyone, ...(settings.secure ? { tls: { cert, key } } : {}) });
  const proxy = await make({ ...settings, names: { 'gateway.test': portOf(gateway.base) } });
  const named = `${settings.secure ? 'https' : 'http'}://gateway.test/v1`;
  try {
    await body({ gateway, proxy, named });
  } finally {
    proxy.close();
    gateway.close();
  }
}

test('HTTP_PROXY of the environment: every request goes through it by its whole address, with the login, which is never printed', () =>
  around(httpProxy, { login: 'perf:hunter2-hunter2' }, async ({ gateway, proxy, named }) => {
    const settings = { HTTP_PROXY: `http://perf:hunter2-hunter2@${proxy.at}`, NO_PROXY: 'other.test' };
    const ran = await undisturbed('dist/ttft.js', { env: { ...load, BASE_URL: named }, settings });
    const run = sound(ran);
    assert.equal(run.counts.finished, run.counts.started, why(run));
    assert.equal(proxy.asked.length, gateway.asked.length);
    assert.ok(proxy.asked.every((target) => target === 'gateway.test'));
    assert.deepEqual(run.environment.proxy, { address: `http://${proxy.at}`, login: true, from: 'environment' });
    assert.match(ran.stdout, new RegExp(`through the proxy http://${proxy.at}`));
    assert.equal(run.instrument.clock_reason + JSON.stringify(run.instrument.read_clock.http2), '0');
    const said = JSON.stringify(run) + ran.stdout + ran.stderr;
    assert.doesNotMatch(said, /hunter2/);
    assert.ok(!said.includes(Buffer.from('perf:hunter2-hunter2').toString('base64')));
  }));

test('NO_PROXY names the gateway: it is reached without the proxy', () =>
  around(httpProxy, {}, async ({ gateway, proxy }) => {
    const config = join(scratch(), 'config.json');
    writeFileSync(config, JSON.stringify({ hosts: { 'gateway.test': '127.0.0.1' } }));
    const settings = { HTTP_PROXY: `http://${proxy.at}`, NO_PROXY: '.test' };
    const env = { ...load, BASE_URL: `http://gateway.test:${portOf(gateway.base)}/v1` };
    const run = sound(await undisturbed('dist/ttft.js', { env, settings, args: ['--config', config] }));
    assert.equal(run.counts.finished, run.counts.started, why(run));
    assert.equal(run.environment.proxy, undefined);
    assert.deepEqual(proxy.asked, []);
  }));

test('PROXY with CONNECT to a gateway that speaks TLS: one CONNECT a connection, and the kernel’s times are kept', () =>
  around(httpProxy, { secure: true, login: 'perf:hunter2-hunter2' }, async ({ gateway, proxy, named }) => {
    const env = { ...load, BASE_URL: named, INSECURE: 'true', PROXY: `http://perf:hunter2-hunter2@${proxy.at}` };
    const ran = await undisturbed('dist/ttft.js', { env });
    const run = sound(ran);
    assert.equal(run.counts.finished, run.counts.started, why(run));
    assert.ok(gateway.asked.length > 10 && proxy.asked.length > 0 && proxy.asked.length < gateway.asked.length);
    assert.ok(proxy.asked.every((target) => target === 'gateway.test:443'));
    assert.deepEqual(run.environment.proxy, { address: `http://${proxy.at}`, login: true, from: 'PROXY' });
    assert.deepEqual(run.instrument.read_clock, { http2: 0, gzip: 0 });
    assert.doesNotMatch(JSON.stringify(run) + ran.stdout + ran.stderr, /hunter2/);
  }));

test('a proxy that itself speaks TLS: TLS within TLS', () =>
  around(httpProxy, { secure: true, tls: true }, async ({ proxy, named }) => {
    const env = { ...load, BASE_URL: named, INSECURE: 'true', PROXY: `https://${proxy.at}` };
    const run = sound(await undisturbed('dist/ttft.js', { env }));
    assert.equal(run.counts.finished, run.counts.started, why(run));
    assert.ok(proxy.asked.length > 0);
  }));

test('SOCKS5 with a login: the proxy is given the name, and looks it up itself', () =>
  around(socksProxy, { login: 'perf:hunter2-hunter2' }, async ({ gateway, proxy, named }) => {
    const file = join(scratch(), 'proxy');
    writeFileSync(file, `socks5://perf:hunter2-hunter2@${proxy.at}\n`);
    const ran = await undisturbed('dist/ttft.js', { env: { ...load, BASE_URL: named, PROXY: `@${file}` } });
    const run = sound(ran);
    assert.equal(run.counts.finished, run.counts.started, why(run));
    assert.ok(proxy.asked.length > 0 && proxy.asked.length < gateway.asked.length);
    assert.ok(proxy.asked.every((target) => target === 'gateway.test:80'));
    assert.doesNotMatch(JSON.stringify(run) + ran.stdout + ran.stderr, /hunter2/);
  }));

const refusals: [string, typeof httpProxy, ProxySettings & { secure?: boolean }, string, RegExp][] = [
  ['407 to CONNECT', httpProxy, { secure: true, login: 'a:b' }, 'http', /wants a login \(407\)/],
  ['407 to a forwarded request', httpProxy, { login: 'a:b' }, 'http', /wants a login \(407\)/],
  ['502 to CONNECT', httpProxy, { secure: true, refuses: () => 502 }, 'http', /answered 502 Bad Gateway/],
  ['an end in the middle of CONNECT', httpProxy, { secure: true, refuses: () => 'close' }, 'http', /broke off CONNECT/],
  ['SOCKS: host unreachable', socksProxy, { refuses: () => 4 }, 'socks5', /did not connect to .*: host unreachable/],
  ['SOCKS without the login', socksProxy, { login: 'a:b' }, 'socks5', /wants a login \(no acceptable/],
  ['SOCKS: a wrong login', socksProxy, { login: 'a:b' }, 'socks5', /refused the login of its address/],
];

for (const [name, make, settings, scheme, says] of refusals)
  test(`${name}: the run is refused with the proxy's name, and not the target's`, () =>
    around(make, settings, async ({ gateway, proxy, named }) => {
      const login = name.includes('wrong login') ? 'a:c@' : '';
      const env = { ...load, BASE_URL: named, INSECURE: 'true', PROXY: `${scheme}://${login}${proxy.at}` };
      const { stdout, stderr, run } = await k6('dist/ttft.js', { env });
      assert.equal(run?.verdict, 'INVALID', stdout + stderr);
      assert.match(why(run), says);
      assert.match(why(run), new RegExp(`the proxy ${scheme}://${proxy.at}`));
      assert.equal(gateway.asked.length, 0);
    }));

test('a proxy that nobody listens at is named as such', async () => {
  const env = { ...load, BASE_URL: 'http://gateway.test/v1', PROXY: 'http://127.0.0.1:9' };
  const { run } = await k6('dist/ttft.js', { env });
  assert.match(why(run!), /the proxy http:\/\/127\.0\.0\.1:9 cannot be reached: .*refused; PROXY=none/);
});

test('a proxy that refuses in mid-run makes the run INVALID: nothing is counted as an answer of the target', () =>
  around(httpProxy, { refuses: (_, asked) => (asked > 8 ? 503 : undefined) }, async ({ proxy, named }) => {
    const run = sound(
      await undisturbed('dist/ttft.js', { env: { ...load, BASE_URL: named, PROXY: `http://${proxy.at}` } }),
    );
    assert.equal(run.verdict, 'INVALID');
    assert.match(why(run), /instrument: \d+ requests did not reach the target, because the proxy .* answered 503/);
    assert.deepEqual([...new Set(run.outcomes.map(({ outcome }) => outcome))].sort(), ['connect', 'ok']);
  }));

test('the provider’s admin calls and the fetch of tokens go through the same proxy', () =>
  around(httpProxy, {}, async ({ proxy, named }) => {
    const tokens = createServer((request, response) =>
      request
        .resume()
        .on('end', () =>
          response.setHeader('content-type', 'application/json').end('{"access_token":"a-token","expires_in":3600}'),
        ),
    );
    tokens.listen(0, '127.0.0.1');
    await once(tokens, 'listening');
    const at = `127.0.0.1:${(tokens.address() as { port: number }).port}`;
    try {
      const { API_KEY: _, ...rest } = load;
      const env = {
        ...{ ...rest, BASE_URL: named, PROXY: `http://${proxy.at}`, PROVIDER_URL: 'http://provider.test/v1' },
        ...{
          AUTH: 'oauth',
          OAUTH_TOKEN_URL: `http://${at}/token`,
          OAUTH_CLIENT_ID: 'me',
          OAUTH_CLIENT_SECRET: 'not-to-be-seen',
        },
      };
      const { stdout, stderr } = await k6('dist/overhead.js', { env });
      assert.ok(proxy.asked.includes(at), `${proxy.asked.join(' ')} ${stdout}${stderr}`);
      assert.ok(proxy.asked.includes('provider.test'), proxy.asked.join(' '));
    } finally {
      tokens.close();
    }
  }));

test('a unix socket: UNIX_SOCKET, with the time of the read', async () => {
  const socket = join(scratch(), 'gateway.sock');
  const server = createServer((request, response) => {
    request.resume();
    if (request.url!.endsWith('/models')) return void response.end('{"data":[{"id":"one"}]}');
    response.writeHead(200, { 'content-type': 'text/event-stream' });
    response.end(
      'data: {"choices":[{"delta":{"content":"word "}}]}\n\ndata: {"choices":[{"delta":{},"finish_reason":"stop"}]}\n\ndata: [DONE]\n\n',
    );
  });
  server.listen(socket);
  await once(server, 'listening');
  try {
    const env = { ...load, BASE_URL: 'http://gateway/v1', UNIX_SOCKET: socket };
    const run = sound(await undisturbed('dist/ttft.js', { env }));
    assert.equal(run.counts.finished, run.counts.started, why(run));
    if (run.instrument.clock === 'kernel') assert.equal(run.instrument.read_clock.unix, run.counts.started);
  } finally {
    server.close();
    server.closeAllConnections();
  }
});

test('an IPv6 literal as the gateway’s address', async () => {
  const server = createServer((request, response) => {
    request.resume();
    if (request.url!.endsWith('/models')) return void response.end('{"data":[{"id":"one"}]}');
    response.writeHead(200, { 'content-type': 'text/event-stream' });
    response.end(
      'data: {"choices":[{"delta":{"content":"word "}}]}\n\ndata: {"choices":[{"delta":{},"finish_reason":"stop"}]}\n\n',
    );
  });
  server.listen(0, '::1');
  await once(server, 'listening');
  try {
    const env = { ...load, BASE_URL: `http://[::1]:${(server.address() as { port: number }).port}/v1` };
    const run = sound(await undisturbed('dist/ttft.js', { env }));
    assert.equal(run.counts.finished, run.counts.started, why(run));
  } finally {
    server.close();
    server.closeAllConnections();
  }
});

test('HTTPS_PROXY by -e is refused with what to do, since it would have no effect', async () => {
  const { stdout, stderr } = await k6('dist/ttft.js', { env: { ...load, HTTPS_PROXY: 'http://a:secret-word@b:1' } });
  assert.match(stdout + stderr, /HTTPS_PROXY is given by -e, and is read from the environment .* -e PROXY=…/);
  assert.doesNotMatch(stdout + stderr, /secret-word/);
});
