import assert from 'node:assert/strict';
import { after, before, beforeEach } from 'node:test';
import { ApiError, GoogleGenAI, type GenerateContentResponse } from '@google/genai';
import { startSimulator, type Simulator } from '../start';
import { resetConfig } from '../client.fixture';
import { serviceAccount } from './google-login';

/* Vertex AI over REST as Google's own SDK sees it, logged in with a made-up service account. */
export let simulator: Simulator;
export let base: string;
export let origin: string;
export let us: GoogleGenAI;
export let eu: GoogleGenAI;

export function client(location: string): GoogleGenAI {
  return new GoogleGenAI({
    vertexai: true,
    project: 'simulator',
    location,
    httpOptions: { baseUrl: origin },
    googleAuthOptions: {
      credentials: serviceAccount(`${origin}/token`),
      // Google's library for Node does not heed the file's token_uri: it asks the name oauth2.googleapis.com, which is
      // us here.
      clientOptions: {
        transporterOptions: {
          adapter: (options, send) => {
            assert.equal(options.url.href, 'https://oauth2.googleapis.com/token');
            return send({ ...options, url: new URL('/token', origin) });
          },
        },
      },
    },
  });
}

before(async () => {
  simulator = await startSimulator({ only: 'provider' });
  base = simulator.providerUrl ?? '';
  origin = new URL(base).origin;
  us = client('us-central1');
  eu = client('europe-west4');
});
beforeEach(() => resetConfig(base));
after(() => simulator.close());

export const GEMINI = 'gemini-2.0-flash';
export const QUICK = 'ttft=2 rate=500 jitter=0 chunk=1 tokens=6 after=2 delay=60';
export const ask = (directive: string) => `Hello. [[sim ${QUICK} ${directive}]]`;
export const words = (text: string) => text.trim().split(' ').length;
export const route = (verb: string, model = GEMINI) =>
  `${origin}/v1/projects/p/locations/us-central1/publishers/google/models/${model}:${verb}`;
export const body = (directive: string) => ({ contents: [{ role: 'user', parts: [{ text: ask(directive) }] }] });
export const failsWith = (status: number, name: string) => (error: unknown) =>
  error instanceof ApiError && error.status === status && error.message.includes(name);

export async function stream(
  directive: string,
): Promise<{ pieces: GenerateContentResponse[]; text: string; error: Error | null }> {
  const pieces: GenerateContentResponse[] = [];
  let error: Error | null = null;
  try {
    for await (const piece of await us.models.generateContentStream({ model: GEMINI, contents: ask(directive) }))
      pieces.push(piece);
  } catch (thrown) {
    error = thrown as Error;
  }
  return { pieces, text: pieces.map((piece) => piece.text ?? '').join(''), error };
}
