import { workers } from './little';
import { mostHeld, schedule, topRate, totalSeconds, type Load } from './phases';

/** A stage as k6's users know it: straight to `target` within `duration`; a sudden step takes 0 s. */
interface Stage {
  phase: string;
  duration: string;
  target: number;
  /** The target is a number of requests in flight, in a load that has rates too. */
  inFlight?: true;
}

/** A scenario's executor and its options, by which k6 describes the load (xk6-sse/internal/executors). */
export interface ExecutorOptions {
  executor: 'llm-arrival-rate' | 'llm-constant-users' | 'llm-in-flight';
  users: number;
  preAllocatedVUs: number;
  rate?: number;
  timeUnit?: string;
  duration?: string;
  startRate?: number;
  stages?: Stage[];
}

const rounded = (value: number) => Number(value.toPrecision(12));
const seconds = (value: number) => `${rounded(1000 * value)}ms`;

/** The executor of a load that `users` play. It says what schedule() lays out. */
export function executorOf(load: Load, users: number, closed: boolean): ExecutorOptions {
  const vus = { users, preAllocatedVUs: workers(users) };
  if (closed) return { executor: 'llm-constant-users', duration: seconds(totalSeconds(load)), ...vus };
  const rated = topRate(load) > 0;
  const [only] = load;
  if (load.length === 1 && rated && only!.climbSeconds === 0)
    return {
      executor: 'llm-arrival-rate',
      rate: rounded(only!.rate),
      timeUnit: '1s',
      duration: seconds(only!.holdSeconds),
      ...vus,
    };
  const stages: Stage[] = [];
  let at = 0;
  const { segments, inFlight = {} } = schedule(load, 'constant', 0);
  for (const { phase, from, to, seconds: length } of segments) {
    const held = inFlight[phase];
    if (held !== undefined) {
      stages.push({ phase, duration: seconds(length), target: held, ...(rated ? { inFlight: true } : {}) });
      continue;
    }
    if (from !== at) stages.push({ phase, duration: '0s', target: rounded(from) });
    stages.push({ phase, duration: seconds(length), target: rounded(to) });
    at = to;
  }
  if (!rated && mostHeld(load) > 0) return { executor: 'llm-in-flight', stages, ...vus };
  return { executor: 'llm-arrival-rate', startRate: 0, timeUnit: '1s', stages, ...vus };
}
