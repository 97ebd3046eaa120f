import { after, before, beforeEach } from 'node:test';
import {
  BedrockRuntimeClient,
  ConverseStreamCommand,
  InvokeModelCommand,
  InvokeModelWithResponseStreamCommand,
  type BedrockRuntimeClientConfig,
  type ConverseStreamOutput,
} from '@aws-sdk/client-bedrock-runtime';
import { NodeHttpHandler } from '@smithy/node-http-handler';
import { startSimulator, type Simulator } from '../start';
import { resetConfig } from '../client.fixture';

/* Bedrock as Amazon's own SDK sees it. */
export let simulator: Simulator;
export let base: string;
export const clients: BedrockRuntimeClient[] = [];

/** With the SDK's own handler, which speaks HTTP/2 without TLS to an http:// address; or with another. */
export function client(region: string, more: BedrockRuntimeClientConfig = {}): BedrockRuntimeClient {
  const made = new BedrockRuntimeClient({
    region,
    endpoint: new URL(base).origin,
    credentials: { accessKeyId: 'AKIASIMULATOR', secretAccessKey: 'any' },
    maxAttempts: 1,
    ...more,
  });
  clients.push(made);
  return made;
}

export let us: BedrockRuntimeClient;
export let eu: BedrockRuntimeClient;
export let http1: BedrockRuntimeClient;
before(async () => {
  simulator = await startSimulator({ only: 'provider' });
  base = simulator.providerUrl ?? '';
  us = client('us-east-1');
  eu = client('eu-west-1');
  http1 = client('us-east-1', { requestHandler: new NodeHttpHandler() });
});
beforeEach(() => resetConfig(base));
after(async () => {
  for (const made of clients) made.destroy();
  await simulator.close();
});

export const HAIKU = 'anthropic.claude-3-haiku-20240307-v1:0';
export const COHERE = 'cohere.embed-english-v3';
export const QUICK = 'ttft=2 rate=500 jitter=0 chunk=1 tokens=6 after=2 delay=60';
export const ask = (directive: string) => `Hello. [[sim ${QUICK} ${directive}]]`;
export const input = (directive: string, modelId = HAIKU) => ({
  modelId,
  messages: [{ role: 'user' as const, content: [{ text: ask(directive) }] }],
});
export const claude = (directive: string, more: object = {}) => ({
  modelId: HAIKU,
  body: JSON.stringify({
    anthropic_version: 'bedrock-2023-05-31',
    max_tokens: 100,
    messages: [{ role: 'user', content: [{ type: 'text', text: ask(directive) }] }],
    ...more,
  }),
});
export const cohere = (body: object) =>
  us.send(
    new InvokeModelCommand({ modelId: COHERE, body: JSON.stringify({ input_type: 'search_document', ...body }) }),
  );

/** What a stream brought, and how it ended. */
export async function converseStream(
  directive: string,
  sender = us,
): Promise<{ events: ConverseStreamOutput[]; text: string; error: Error | null }> {
  const events: ConverseStreamOutput[] = [];
  let error: Error | null = null;
  try {
    const { stream } = await sender.send(new ConverseStreamCommand(input(directive)));
    for await (const event of stream ?? []) events.push(event);
  } catch (thrown) {
    error = thrown as Error;
  }
  return { events, text: events.map((event) => event.contentBlockDelta?.delta?.text ?? '').join(''), error };
}

export type ClaudeEvent = Record<string, unknown> & {
  type: string;
  delta?: { text?: string; stop_reason?: string };
  usage?: { output_tokens: number };
  message?: { usage?: { input_tokens: number } };
};

export async function claudeStream(directive: string): Promise<{ events: ClaudeEvent[]; error: Error | null }> {
  const events: ClaudeEvent[] = [];
  try {
    const { body } = await us.send(new InvokeModelWithResponseStreamCommand(claude(directive)));
    for await (const { chunk } of body ?? [])
      events.push(JSON.parse(Buffer.from(chunk?.bytes ?? []).toString()) as ClaudeEvent);
    return { events, error: null };
  } catch (error) {
    return { events, error: error as Error };
  }
}

export const words = (text: string) => text.trim().split(' ').length;
