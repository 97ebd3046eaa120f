import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { createPrivateKey, X509Certificate } from 'node:crypto';
import * as fs from 'node:fs';
import * as http2 from 'node:http2';
import * as https from 'node:https';
import * as os from 'node:os';
import * as path from 'node:path';
import { after, before, beforeEach, test } from 'node:test';
import { promisify } from 'node:util';
import * as tls from 'node:tls';
import { FAULTS, type FaultName } from '../faults/faults';
import { serviceAccount } from '../providers/google-login';
import { startSimulator, type Simulator } from '../start';
import { admin, chatBody, resetConfig, truthOf, type TruthAnswer } from '../client.fixture';
import { issue, keepAuthority, makeAuthority, TlsError, type Identity } from './authority';

/* The provider's wires under TLS, with certificates of the simulator's own authority, over HTTP/2 and HTTP/1.1; and HTTP/2 without TLS. */
let simulator: Simulator;
let authority: Identity;
let folder: string;
let base: string;
let port: number;
before(async () => {
  folder = fs.mkdtempSync(path.join(os.tmpdir(), 'simulator-tls-'));
  ({ authority } = await keepAuthority(path.join(folder, 'new')));
  simulator = await startSimulator({ only: 'provider', tls: { authority } });
  base = simulator.providerUrl ?? '';
  port = Number(new URL(simulator.tlsUrl ?? '').port);
});
beforeEach(() => resetConfig(base));
after(async () => {
  await simulator.close();
  fs.rmSync(folder, { recursive: true });
});

/** Shakes hands as a client that trusts `ca` alone, and asks for this name. */
function shake(
  servername: string,
  ALPNProtocols: string[],
  ca: string,
): Promise<{ protocol: string | false | null; error: Error | null; cert: tls.PeerCertificate }> {
  return new Promise((resolve) => {
    const socket = tls.connect(
      { host: '127.0.0.1', port, servername, ALPNProtocols, ca, rejectUnauthorized: false },
      () => {
        resolve({
          protocol: socket.alpnProtocol,
          error: socket.authorized ? null : new Error(String(socket.authorizationError)),
          cert: socket.getPeerCertificate(),
        });
        socket.destroy();
      },
    );
  });
}

test('each name has a certificate of the authority, and the client chooses between h2 and http/1.1', async () => {
  for (const name of [
    'localhost',
    'bedrock-runtime.us-east-1.amazonaws.com',
    'us-central1-aiplatform.googleapis.com',
    'oauth2.googleapis.com',
    'api.openai.com',
    'llm.example.org',
  ]) {
    assert.deepEqual([(await shake(name, ['h2', 'http/1.1'], authority.cert)).error, name], [null, name]);
  }
  const [two, one] = [
    await shake('localhost', ['h2', 'http/1.1'], authority.cert),
    await shake('localhost', ['http/1.1'], authority.cert),
  ];
  assert.deepEqual([two.protocol, one.protocol], ['h2', 'http/1.1']);
  assert.match(
    (await shake('localhost', ['h2'], (await makeAuthority()).cert)).error?.message ?? '',
    /UNABLE_TO_VERIFY|signature|issuer/i,
    'another authority is not trusted',
  );
});

test('an authority is kept: the same after a new start, its key readable by its owner only; a bad folder is a sentence', async () => {
  const again = await keepAuthority(path.join(folder, 'new'));
  assert.deepEqual(again.authority, authority);
  assert.equal(fs.statSync(path.join(folder, 'new', 'ca-key.pem')).mode & 0o777, 0o600);
  const issuer = new X509Certificate(authority.cert);
  const server = new X509Certificate((await issue(authority, ['localhost', '127.0.0.1'])).cert);
  assert.deepEqual(
    [issuer.ca, issuer.checkPrivateKey(createPrivateKey(authority.key)), server.ca, server.verify(issuer.publicKey)],
    [true, true, false, true],
  );
  assert.deepEqual(
    [server.checkHost('localhost'), server.checkIP('127.0.0.1'), server.checkHost('example.org')],
    ['localhost', '127.0.0.1', undefined],
  );

  const sad: [string, (where: string) => void, RegExp][] = [
    [
      'half',
      (where) => fs.writeFileSync(path.join(where, 'ca.pem'), authority.cert),
      /has only one of ca\.pem and ca-key\.pem/,
    ],
    [
      'broken',
      (where) => {
        for (const file of ['ca.pem', 'ca-key.pem']) fs.writeFileSync(path.join(where, file), 'no pem');
      },
      /cannot be kept in/,
    ],
  ];
  for (const [name, make, sentence] of sad) {
    fs.mkdirSync(path.join(folder, name));
    make(path.join(folder, name));
    await assert.rejects(
      keepAuthority(path.join(folder, name)),
      (error: Error) => error instanceof TlsError && sentence.test(error.message),
    );
  }
  fs.mkdirSync(path.join(folder, 'mixed'));
  fs.writeFileSync(path.join(folder, 'mixed', 'ca.pem'), authority.cert);
  fs.writeFileSync(path.join(folder, 'mixed', 'ca-key.pem'), (await makeAuthority()).key);
  await assert.rejects(keepAuthority(path.join(folder, 'mixed')), /do not belong together/);
});

test('the providers’ SDKs find it by name, with nothing set but the trusted authority', async () => {
  const account = path.join(folder, 'account.json');
  fs.writeFileSync(account, JSON.stringify(serviceAccount('https://oauth2.googleapis.com/token')));
  const trusted = path.join(folder, 'new', 'ca.pem');
  const { NODE_OPTIONS: _, ...env } = process.env;
  const { stdout } = await promisify(execFile)(
    process.execPath,
    ['-r', './tools/build/typescript.cjs', path.join(__dirname, 'named-clients.fixture.ts'), String(port), account],
    {
      env: { ...env, NODE_EXTRA_CA_CERTS: trusted, GRPC_DEFAULT_SSL_ROOTS_FILE_PATH: trusted },
    },
  );
  // The SDKs print advice before it.
  assert.deepEqual(JSON.parse(stdout.slice(stdout.lastIndexOf('\n') + 1)), {
    bedrock: [6, 6],
    vertex: [6],
    grpc: [6],
    openai: [6],
  });
  const stream = await truthOf(base, 'tls-bedrock-stream');
  assert.deepEqual(
    [stream.wire, stream.region, stream.content_ns.length, stream.outcome],
    ['bedrock', 'eu-west-1', 6, 'ok'],
  );
  assert.equal((await truthOf(base, 'tls-vertex')).region, 'europe-west4');
  const logins = (await admin<TruthAnswer>(base, '/truth')).requests.filter(({ path: asked }) => asked === '/token');
  assert.deepEqual(
    logins.map(({ status }) => status),
    [200],
    'that of REST: over gRPC Google’s client signs its own token, and asks for none',
  );
  const grpc = await truthOf(base, 'tls-grpc');
  assert.deepEqual([grpc.wire, grpc.region, grpc.content_ns.length, grpc.outcome], ['vertex', 'us-central1', 6, 'ok']);
});

interface Answer {
  readonly status: number;
  readonly text: string;
  /** When each piece came (ns, the simulator's clock). */
  readonly at: number[];
  readonly error: string | null;
}

/** One call over HTTP/2 on a session of its own, or on the one given. */
function call2(directive: string, session: http2.ClientHttp2Session): Promise<Answer> {
  return new Promise((resolve) => {
    const stream = session.request({
      ':method': 'POST',
      ':path': '/v1/chat/completions',
      authorization: 'Bearer any',
      'content-type': 'application/json',
    });
    const at: number[] = [];
    let [status, text, error]: [number, string, string | null] = [0, '', null];
    stream.on('response', (headers) => (status = headers[':status'] ?? 0));
    stream.setEncoding('utf8').on('data', (part: string) => {
      const [seconds, nanoseconds] = process.hrtime();
      at.push(seconds * 1e9 + nanoseconds);
      text += part;
    });
    stream.on('error', (thrown: NodeJS.ErrnoException) => (error = thrown.message));
    stream.on('close', () => resolve({ status, text, at, error }));
    stream.end(JSON.stringify(chatBody(directive)));
  });
}

function connect(address: string): http2.ClientHttp2Session {
  const session = http2.connect(address, { ca: authority.cert });
  session.on('error', () => undefined);
  return session;
}
const content = ({ text }: Answer) => text.split('\n').filter((line) => /"content":"[^"]/.test(line)).length;

for (const [name, address] of [
  ['under TLS', () => `https://localhost:${port}`],
  ['without', () => new URL(base).origin],
] as const) {
  test(`HTTP/2 ${name}: many streams on one connection, each chunk stamped before it can be seen, and sent at once`, async () => {
    const session = connect(address());
    const ids = Array.from({ length: 20 }, (_, index) => `h2-${name.split(' ')[0]}-${index}`);
    const answers = await Promise.all(
      ids.map((id) => call2(`id=${id} ttft=40 rate=50 jitter=0 chunk=1 tokens=5`, session)),
    );
    session.close();
    for (const [index, id] of ids.entries()) {
      const { status, at, text } = answers[index] as Answer;
      const { content_ns: written, received_ns: received, outcome } = await truthOf(base, id);
      assert.deepEqual([status, written.length, outcome, text.endsWith('data: [DONE]\n\n')], [200, 5, 'ok', true]);
      assert.ok(
        written.every((due, chunk) => due >= received + 40e6 + chunk * 20e6 - 1000),
        'a chunk is early',
      );
      // The role, then each chunk on its own: pieces that came later than the next chunk was written would have been
      // held back.
      assert.equal(at.length >= 6, true, `pieces: ${at.length}`);
      assert.ok(
        written.every((stamp, chunk) => (at[chunk + 1] ?? 0) > stamp),
        'seen before it was written',
      );
    }
  });
}

const broken = ({ error, status }: Answer) => assert.deepEqual([error !== null, status], [true, 200], String(error));
const whole = (answer: Answer) => assert.deepEqual([answer.error, answer.status, content(answer)], [null, 200, 6]);
const h2Faults: Partial<Record<FaultName, (answer: Answer) => void>> = {
  refuse: ({ error, status }) =>
    assert.deepEqual([error, status], ['Stream closed with error code NGHTTP2_REFUSED_STREAM', 0]),
  '429': ({ status }) => assert.equal(status, 429),
  empty: ({ status, text, error }) => assert.deepEqual([status, text, error], [200, '', null]),
  cut: (answer) => {
    broken(answer);
    assert.deepEqual([answer.error, content(answer)], ['Stream closed with error code NGHTTP2_INTERNAL_ERROR', 2]);
  },
  // The connection dies; what was on its way may die with it.
  reset: ({ text, error }) => assert.ok(!text.includes('[DONE]') || error !== null),
  error_event: ({ text }) => assert.match(text, /"error":/),
  byte_at_a_time: whole,
  coalesced: whole,
  slow_first_byte: whole,
};
for (const fault of FAULTS) {
  const check = h2Faults[fault];
  if (check === undefined) continue;
  test(`fault ${fault} over HTTP/2, while another stream on the connection ${fault === 'reset' ? 'dies too' : 'goes on'}`, async () => {
    const session = connect(`https://localhost:${port}`);
    const other = call2(`ttft=${fault === 'reset' ? 1000 : 60} rate=1000 jitter=0 tokens=3`, session);
    check(
      await call2(`fault=${fault} id=h2-${fault} ttft=2 rate=500 jitter=0 chunk=1 tokens=6 after=2 delay=30`, session),
    );
    const record = await truthOf(base, `h2-${fault}`);
    assert.deepEqual([record.fault, record.outcome], [fault, 'fault']);
    const { text } = await other;
    assert.equal(text.includes('[DONE]'), fault !== 'reset');
    session.destroy();
  });
}

test('a client that leaves a stream is seen; HTTP/1.1 under TLS is served and reset as without', async () => {
  const session = connect(`https://localhost:${port}`);
  const stream = session.request({ ':method': 'POST', ':path': '/v1/chat/completions', authorization: 'Bearer any' });
  stream.on('error', () => undefined);
  stream.end(JSON.stringify(chatBody('id=left ttft=1 rate=50 jitter=0 chunk=1 tokens=1000')));
  await truthOf(base, 'left', ({ content_ns: written }) => written.length > 1);
  stream.close(http2.constants.NGHTTP2_CANCEL);
  assert.equal((await truthOf(base, 'left', ({ client_gone_ns: gone }) => gone !== null)).outcome, 'client_gone');
  session.destroy();
  const send = (directive: string) =>
    new Promise<string>((resolve) => {
      const request = https.request(
        {
          host: 'localhost',
          port,
          path: '/v1/chat/completions',
          method: 'POST',
          ca: authority.cert,
          agent: false,
          headers: { authorization: 'Bearer any' },
        },
        (response) => {
          let text = '';
          response.setEncoding('utf8').on('data', (part: string) => (text += part));
          response
            .on('error', (error: NodeJS.ErrnoException) => resolve(`${error.code}`))
            .on('end', () => resolve(text));
        },
      );
      request.on('error', (error: NodeJS.ErrnoException) => resolve(`${error.code}`));
      request.end(JSON.stringify(chatBody(`${directive} ttft=2 rate=500 tokens=4 after=1`)));
    });
  assert.match(await send(''), /\[DONE\]/);
  assert.equal(await send('fault=refuse'), 'ECONNRESET');
  assert.equal(await send('fault=reset'), 'ECONNRESET');
});
