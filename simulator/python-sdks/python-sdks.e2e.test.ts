import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { unfitPython, venv } from '../../tools/programs/venv';
import { capture } from '../../tools/programs/process';
import { scratch } from '../../tools/programs/scratch';
import { admin, type TruthAnswer } from '../client.fixture';
import { serviceAccount } from '../providers/google-login';
import { startSimulator, type Simulator } from '../start';
import { keepAuthority } from '../tls/authority';
import { pythonSdks, pythonSdksLock } from './lock.fixture';

/*
 * The providers as Python's SDKs see them, in the way in which the GSAi gateway uses them: aioboto3 for Bedrock, and
 * vertexai over gRPC for Vertex AI. Neither is told of an address: the proxy of the environment leads the providers' own
 * names to the simulator, under TLS.
 */
const folder = scratch();
let simulator: Simulator;
let env: NodeJS.ProcessEnv;
let unfit: string;

before(async () => {
  unfit = await unfitPython(`The test of Python's SDKs (${pythonSdksLock})`);
  const { authority, file } = await keepAuthority(join(folder, 'ca'));
  simulator = await startSimulator({ only: 'provider', tls: { authority } });
  const account = join(folder, 'account.json');
  writeFileSync(account, JSON.stringify(serviceAccount('https://oauth2.googleapis.com/token')), { mode: 0o600 });
  const proxy = new URL(simulator.providerUrl ?? '').origin;
  env = {
    PATH: process.env.PATH,
    HOME: folder,
    HTTPS_PROXY: proxy,
    https_proxy: proxy,
    SSL_CERT_FILE: file,
    REQUESTS_CA_BUNDLE: file,
    AWS_CA_BUNDLE: file,
    GRPC_DEFAULT_SSL_ROOTS_FILE_PATH: file,
    AWS_DEFAULT_REGION: 'us-east-1',
    AWS_ACCESS_KEY_ID: 'any',
    AWS_SECRET_ACCESS_KEY: 'any',
    GOOGLE_APPLICATION_CREDENTIALS: account,
  };
});
after(() => simulator.close());

test('chat, stream and embedding with aioboto3 and vertexai, under the names of the providers: what came, and what the truth says', async (t) => {
  if (unfit) return t.skip(unfit);
  const python = join(await venv(pythonSdks, pythonSdksLock), 'python');
  const { stdout, stderr, code } = await capture(python, ['simulator/python-sdks/ask.fixture.py', 'py'], { env });
  assert.equal(code, 0, stderr);
  const told = Object.fromEntries(
    stdout
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as Record<string, unknown>)
      .map(({ call, text, latency, ...rest }) => {
        if (text !== undefined)
          assert.equal(String(text).trim().split(' ').length, 6, `${String(call)}: ${String(text)}`);
        if (call === 'bedrock embedding') assert.match(String(latency), /^\d+$/);
        return [call, rest];
      }),
  );
  const requests = (await admin<TruthAnswer>(simulator.providerUrl ?? '', '/truth')).requests;
  const prompt = (id: string) => requests.find((request) => request.id === `py-${id}`)?.prompt_tokens;
  assert.deepEqual(told, {
    'bedrock chat': { tokens: 6, finish: 'end_turn' },
    'bedrock stream': { pieces: 6, tokens: 6 },
    'bedrock embedding': { length: 1024, tokens: String(prompt('bedrock-embedding')) },
    'vertex chat': { tokens: 6, finish: 'STOP' },
    'vertex stream': { pieces: 6, tokens: 6 },
    'vertex embedding': { length: 768, tokens: prompt('vertex-embedding') },
  });
  assert.deepEqual(
    requests.map(({ id, wire, region, stream, outcome }) => [id, wire, region, stream, outcome]),
    [
      ['py-bedrock-chat', 'bedrock', 'us-east-1', false, 'ok'],
      ['py-bedrock-stream', 'bedrock', 'us-east-1', true, 'ok'],
      ['py-bedrock-embedding', 'bedrock', 'us-east-1', false, 'ok'],
      ['py-vertex-chat', 'vertex', 'us-central1', false, 'ok'],
      ['py-vertex-stream', 'vertex', 'us-central1', true, 'ok'],
      [null, 'vertex', '-', false, 'ok'], // GetPublisherModel
      ['py-vertex-embedding', 'vertex', 'us-central1', false, 'ok'],
    ],
  );
});

test('the lock file names every package with its version alone', () => {
  for (const line of readFileSync(pythonSdksLock, 'utf8').trim().split('\n')) assert.match(line, /^[\w.-]+==[\w.]+$/);
});
