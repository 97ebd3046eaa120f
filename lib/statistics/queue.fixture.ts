import { random } from './random';

/** A queue's answers: when each request came, ms, and how long it took in all, ms. */
export interface Answers {
  at: number[];
  took: number[];
}

export interface Queue {
  /** Share of the time in which the server is busy. */
  load: number;
  /** Mean time of service, ms. */
  service: number;
  seconds: number;
  seed: number;
}

/**
 * One server, requests at random (Poisson), exponential service: the waiting time follows from the one before it
 * (Lindley, Proceedings of the Cambridge Philosophical Society 48, 1952). It starts in its steady state, so the whole
 * time in the system is exponential with {@link meanOf} from the first request on.
 */
export function queue({ load, service, seconds, seed }: Queue): Answers {
  const { next } = random(seed, 0);
  const exponential = (mean: number) => -mean * Math.log(1 - next());
  const between = service / load;
  let waits = next() < load ? exponential(service / (1 - load)) : 0;
  const at: number[] = [];
  const took: number[] = [];
  for (let now = exponential(between); now < 1000 * seconds; ) {
    const served = exponential(service);
    at.push(now);
    took.push(waits + served);
    const gap = exponential(between);
    waits = Math.max(0, waits + served - gap);
    now += gap;
  }
  return { at, took };
}

/** The true mean time in the system, ms. */
export const meanOf = ({ load, service }: Pick<Queue, 'load' | 'service'>) => service / (1 - load);

/** The true q-quantile of it, ms. */
export const quantileOfQueue = (queue: Pick<Queue, 'load' | 'service'>, q: number) => -Math.log(1 - q) * meanOf(queue);
