/*
 * For tls.slow.test.ts: the providers' own SDKs as a program would use them, with nothing set but what a person's hosts file
 * and a trusted authority (NODE_EXTRA_CA_CERTS, GRPC_DEFAULT_SSL_ROOTS_FILE_PATH) set for any program: each connection
 * to port 443, whatever its name, goes to the port in the first argument. The second argument is a service account's
 * file. Writes what each of them has seen, as one JSON.
 */
import { readFileSync } from 'node:fs';
import { promises as dns } from 'node:dns';
import { Socket, type TcpNetConnectOpts } from 'node:net';
import { BedrockRuntimeClient, ConverseCommand, ConverseStreamCommand } from '@aws-sdk/client-bedrock-runtime';
import { GoogleGenAI } from '@google/genai';
import OpenAI from 'openai';
import { predictionClient } from '../providers/prediction-client.fixture';

const [port = '', account = ''] = process.argv.slice(2);

function redirect(): void {
  const connect = Socket.prototype.connect as (this: Socket, ...args: unknown[]) => Socket;
  const moved = (options: TcpNetConnectOpts): TcpNetConnectOpts =>
    Number(options.port) === 443 ? { ...options, port: Number(port), host: '127.0.0.1' } : options;
  Socket.prototype.connect = function (this: Socket, ...args: unknown[]): Socket {
    const [first] = args;
    // Node's own calls hand over a list that has been put in order, with marks on it.
    if (Array.isArray(first)) first[0] = moved(first[0] as TcpNetConnectOpts);
    else args[0] = moved(first as TcpNetConnectOpts);
    return connect.apply(this, args);
  };
  Object.assign(dns, { lookup: async () => [{ address: '127.0.0.1', family: 4 }] });
}

const ask = (id: string): string => `Hello. [[sim ttft=2 rate=500 jitter=0 chunk=1 tokens=6 id=${id}]]`;
const words = (text: string): number => text.trim().split(' ').length;

async function bedrock(): Promise<number[]> {
  const client = new BedrockRuntimeClient({
    region: 'eu-west-1',
    credentials: { accessKeyId: 'AKIASIMULATOR', secretAccessKey: 'any' },
    maxAttempts: 1,
  });
  const input = (id: string) => ({
    modelId: 'anthropic.claude-3-haiku-20240307-v1:0',
    messages: [{ role: 'user' as const, content: [{ text: ask(id) }] }],
  });
  const { output } = await client.send(new ConverseCommand(input('tls-bedrock')));
  const { stream } = await client.send(new ConverseStreamCommand(input('tls-bedrock-stream')));
  let text = '';
  for await (const { contentBlockDelta } of stream ?? []) text += contentBlockDelta?.delta?.text ?? '';
  client.destroy();
  return [words(output?.message?.content?.[0]?.text ?? ''), words(text)];
}

async function vertex(): Promise<number[]> {
  const credentials = JSON.parse(readFileSync(account, 'utf8')) as { client_email: string; private_key: string };
  const client = new GoogleGenAI({
    vertexai: true,
    project: 'simulator',
    location: 'europe-west4',
    googleAuthOptions: { credentials },
  });
  let text = '';
  for await (const piece of await client.models.generateContentStream({
    model: 'gemini-2.0-flash',
    contents: ask('tls-vertex'),
  }))
    text += piece.text ?? '';
  return [words(text)];
}

async function grpc(): Promise<number[]> {
  const client = predictionClient({ keyFilename: account });
  const request = {
    model: 'projects/simulator/locations/us-central1/publishers/google/models/gemini-2.0-flash',
    contents: [{ role: 'user', parts: [{ text: ask('tls-grpc') }] }],
  };
  let text = '';
  for await (const { candidates } of client.streamGenerateContent(request))
    text += candidates[0]?.content?.parts[0]?.text ?? '';
  await client.close();
  return [words(text)];
}

async function openai(): Promise<number[]> {
  const { choices } = await new OpenAI({ apiKey: 'any', maxRetries: 0 }).chat.completions.create({
    model: 'claude_3_haiku',
    messages: [{ role: 'user', content: ask('tls-openai') }],
  });
  return [words(choices[0]?.message.content ?? '')];
}

redirect();
void (async () => {
  const seen: Record<string, unknown> = {};
  for (const [name, run] of Object.entries({ bedrock, vertex, grpc, openai })) {
    seen[name] = await run().catch((error: unknown) => String(error instanceof Error ? (error.stack ?? error) : error));
  }
  process.stdout.write(`\n${JSON.stringify(seen)}`);
})();
