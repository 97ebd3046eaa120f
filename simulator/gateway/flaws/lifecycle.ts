import { number, oneOf, shape } from '../../settings/check';
import { MAX_MS, type Family } from './family';

const SHUTDOWNS = ['graceful', 'cut'] as const;

/** How the gateway comes up and goes down. Read when the process starts (`--config`) and when it is told to end. */
export interface LifecycleFlaws {
  /** It takes requests so long after its start; the first request of each model since then costs so much more. */
  readonly cold: { readonly start_ms: number; readonly first_ms: number };
  /** At SIGTERM. graceful: it takes no new connections, and ends when what is under way has ended. cut: it ends at once. */
  readonly shutdown: (typeof SHUTDOWNS)[number];
}

export const lifecycle: Family<LifecycleFlaws> = {
  cold: {
    off: { start_ms: 0, first_ms: 0 },
    check: shape({ start_ms: number(0, MAX_MS), first_ms: number(0, MAX_MS) }),
  },
  shutdown: { off: 'graceful', check: oneOf(SHUTDOWNS) },
};
