import * as fs from 'node:fs';
import * as os from 'node:os';
import * as path from 'node:path';
import { after, before, beforeEach } from 'node:test';
import { startSimulator, type Simulator } from '../start';
import { resetConfig } from '../client.fixture';
import { keepAuthority } from '../tls/authority';
import { serviceAccount } from './google-login';
import { predictionClient, type GrpcAnswer, type GrpcError, type PredictionClient } from './prediction-client.fixture';

/* Vertex AI over gRPC as Google's own client sees it, over TLS, with a made-up service account, whose tokens it signs itself. (By name: tls/tls.test.ts.) */
export let simulator: Simulator;
export let base: string;
export let folder: string;
export let client: PredictionClient;
export let beta: PredictionClient;

before(async () => {
  folder = fs.mkdtempSync(path.join(os.tmpdir(), 'simulator-grpc-'));
  const { authority, file } = await keepAuthority(folder);
  process.env.GRPC_DEFAULT_SSL_ROOTS_FILE_PATH = file;
  simulator = await startSimulator({ only: 'provider', tls: { authority } });
  base = simulator.providerUrl ?? '';
  const options = {
    apiEndpoint: 'localhost',
    port: Number(new URL(simulator.tlsUrl ?? '').port),
    credentials: serviceAccount('https://oauth2.googleapis.com/token'),
  };
  client = predictionClient(options);
  beta = predictionClient(options, 'v1beta1');
});
beforeEach(() => resetConfig(base));
after(async () => {
  await client.close();
  await beta.close();
  await simulator.close();
  fs.rmSync(folder, { recursive: true });
});

export const GEMINI = 'gemini-2.0-flash';
export const QUICK = 'ttft=2 rate=500 jitter=0 chunk=1 tokens=6 after=2 delay=60';
export const nameOf = (model: string, location = 'us-central1') =>
  `projects/simulator/locations/${location}/publishers/google/models/${model}`;
export const ask = (directive: string, location?: string, model = GEMINI) => ({
  model: nameOf(model, location),
  contents: [{ role: 'user', parts: [{ text: `Hello. [[sim ${QUICK} ${directive}]]` }] }],
});
export const answerText = ({ candidates }: GrpcAnswer) =>
  candidates[0]?.content?.parts.map(({ text }) => text).join('') ?? '';
export const words = (text: string) =>
  text
    .trim()
    .split(' ')
    .filter((word) => word !== '').length;
export const fails =
  (code: number, text: string | RegExp = '') =>
  (error: unknown) =>
    (error as GrpcError).code === code && (error as GrpcError).details.search(text) >= 0;

/** By itself the client asks up to three times, seconds apart, where there was no answer or UNAVAILABLE. */
export const ONCE = { retryRequestOptions: { retries: 0, noResponseRetries: 0 } };

export interface Streamed {
  readonly pieces: GrpcAnswer[];
  readonly text: string;
  readonly error: GrpcError | null;
}

export async function stream(directive: string): Promise<Streamed> {
  const pieces: GrpcAnswer[] = [];
  let error: GrpcError | null = null;
  try {
    for await (const piece of client.streamGenerateContent(ask(directive), ONCE)) pieces.push(piece);
  } catch (thrown) {
    error = thrown as GrpcError;
  }
  return { pieces, text: pieces.map(answerText).join(''), error };
}
