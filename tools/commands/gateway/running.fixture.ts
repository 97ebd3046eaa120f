import { after, before } from 'node:test';
import { startSimulator, type Simulator } from '../../programs/simulator';
import { startLiteLLM, unfit, type LiteLLM } from './litellm';

/** LiteLLM before the simulated providers. Both are there once the first test has begun, unless `cannot` says why not. */
export interface Running {
  readonly cannot: string;
  readonly simulator: Simulator;
  readonly gateway: LiteLLM;
}

/** Runs both for all tests of the file that calls this, and then does what `prepare` says. */
export function runLiteLLM(prepare?: (simulator: Simulator) => Promise<unknown>, cache = false): Running {
  const running: { cannot: string; simulator?: Simulator; gateway?: LiteLLM } = { cannot: '' };
  before(async () => {
    running.cannot = await unfit();
    if (running.cannot) return;
    running.simulator = await startSimulator();
    running.gateway = await startLiteLLM(running.simulator.provider, { cache });
    await prepare?.(running.simulator);
  });
  after(async () => {
    await running.gateway?.stop();
    await running.simulator?.stop();
  });
  return running as Running;
}
