import { number, shape } from '../../settings/check';
import { MAX_MS, type Family } from './family';

/** What keeps the gateway's event loop (or its CPU) busy. */
export interface LoopFlaws {
  /** CPU on the gateway's event loop per provider call, in ms. */
  readonly event_loop_block_ms: { readonly bedrock: number; readonly vertex: number };
}

export const loop: Family<LoopFlaws> = {
  event_loop_block_ms: {
    off: { bedrock: 0, vertex: 0 },
    check: shape({ bedrock: number(0, MAX_MS), vertex: number(0, MAX_MS) }),
  },
};
