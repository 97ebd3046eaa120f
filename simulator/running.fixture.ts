import { after, before, beforeEach } from 'node:test';
import { resetConfig } from './client.fixture';
import { startSimulator } from './start';

/** Where the simulator of a test file is reached. The addresses are there once the first test has begun. */
export interface Running {
  /** The reference gateway's base URL, and its route for chats. */
  readonly base: string;
  readonly chat: string;
  /** The simulated provider's base URL, and its route for chats. */
  readonly provider: string;
  readonly providerChat: string;
}

/**
 * Runs one simulator for all tests of the file that calls this: started before the first, with its own settings again
 * before each, closed after the last.
 */
export function runSimulator(): Running {
  const running = { base: '', chat: '', provider: '', providerChat: '' };
  let close: (() => Promise<unknown>) | undefined;
  before(async () => {
    const simulator = await startSimulator();
    close = () => simulator.close();
    const { gatewayUrl: base = '', providerUrl: provider = '' } = simulator;
    Object.assign(running, {
      base,
      chat: `${base}/chat/completions`,
      provider,
      providerChat: `${provider}/chat/completions`,
    });
  });
  beforeEach(() => resetConfig(running.base));
  after(() => close?.());
  return running;
}
