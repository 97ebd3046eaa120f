import { nowNs, NS_PER_MS } from './clock';

/** Keeps this thread busy, as a blocking call in an async server does. */
export function blockEventLoop(ms: number): void {
  const until = nowNs() + ms * NS_PER_MS;
  while (nowNs() < until);
}
