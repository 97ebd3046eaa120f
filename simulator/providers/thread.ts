import { isMainThread, parentPort, Worker, workerData, type MessagePort } from 'node:worker_threads';
import type { Config } from '../settings/types';
import type { Address, Served } from '../http/api';
import { startProvider, WIRES } from './provider';
import { ConfigStore } from '../settings/store';

/** What the two threads say to each other. */
type Message =
  | { readonly type: 'ready'; readonly port: number; readonly tlsPort: number | null }
  | { readonly type: 'failed'; readonly message: string }
  | { readonly type: 'config'; readonly config: Config }
  | { readonly type: 'adopted' }
  | { readonly type: 'close' }
  | { readonly type: 'closed' };

interface Start {
  readonly address: Address;
  readonly config: Config;
}

/**
 * Keeps two stores the same: a change here is done when the other side has adopted it. Gives the function for incoming
 * messages.
 */
function join(store: ConfigStore, port: Worker | MessagePort): (message: Message) => void {
  const waiting: (() => void)[] = [];
  const say = (message: Message): void => port.postMessage(message);
  store.passOn = (config) =>
    new Promise((resolve) => {
      waiting.push(resolve);
      say({ type: 'config', config });
    });
  return (message) => {
    if (message.type === 'adopted') waiting.shift()?.();
    if (message.type !== 'config') return;
    store.adopt(message.config);
    say({ type: 'adopted' });
  };
}

/**
 * Starts the provider in a thread of its own, with its own event loop. Rejects with a sentence when the port cannot be
 * had.
 */
export function openProviderThread(address: Address, store: ConfigStore): Promise<Served> {
  const start: Start = { address, config: store.current };
  // A thread begins without what was required after the process had started, so without what reads TypeScript.
  const execArgv = __filename.endsWith('.ts') ? ['--require', './tools/build/typescript.cjs'] : [];
  const worker = new Worker(__filename, { workerData: start, execArgv });
  const receive = join(store, worker);
  return new Promise((resolve, reject) => {
    worker.once('error', reject);
    worker.on('message', (message: Message) => {
      receive(message);
      if (message.type === 'failed') reject(new Error(message.message));
      if (message.type === 'ready')
        resolve({ port: message.port, tlsPort: message.tlsPort, close: () => closeThread(worker) });
    });
  });
}

async function closeThread(worker: Worker): Promise<void> {
  const closed = new Promise<void>((resolve) => {
    worker.on('message', (message: Message) => message.type === 'closed' && resolve());
    worker.once('exit', () => resolve());
  });
  worker.postMessage({ type: 'close' } satisfies Message);
  await closed;
  await worker.terminate();
}

async function serve(port: MessagePort, { address, config }: Start): Promise<void> {
  const store = new ConfigStore(config, WIRES);
  const receive = join(store, port);
  const say = (message: Message): void => port.postMessage(message);
  try {
    const server = await startProvider(address, store);
    port.on('message', (message: Message) => {
      receive(message);
      if (message.type === 'close') void server.close().then(() => say({ type: 'closed' }));
    });
    say({ type: 'ready', port: server.port, tlsPort: server.tlsPort });
  } catch (error) {
    say({ type: 'failed', message: (error as Error).message });
  }
}

if (!isMainThread && parentPort !== null && (workerData as Partial<Start> | null)?.address !== undefined)
  void serve(parentPort, workerData as Start);
