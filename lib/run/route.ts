import { route, type RouteDef } from 'k6/x/sse';
import type { Parameters } from '../config';
import type { Environment } from '../summary';

/*
 * By which way the target is reached.
 */

type Way = Pick<Parameters, 'proxy' | 'unixSocket' | 'baseUrl'>;

/** The way, as configure() takes it. */
export function routeOf({ proxy, unixSocket, baseUrl }: Way): RouteDef {
  return { proxy, socket: unixSocket, origin: unixSocket && /^https?:\/\/[^/]+/.exec(baseUrl)![0] };
}

/** The proxy through which the target is asked, as run.json tells it; undefined for none. */
export function proxyTold({ baseUrl }: Way): Environment['proxy'] {
  const { proxy, login, from } = route(baseUrl);
  return from === '' ? undefined : { address: proxy, login, from };
}

/** Why the way cannot be gone, as a sentence; "" where it can. */
export const wayRefused = ({ baseUrl }: Way): string => route(baseUrl).error;

/** What is to be known of the way beside the target's address. */
export function wayNotes(p: Way): string[] {
  const proxy = proxyTold(p);
  if (!proxy) return [];
  const named = proxy.from === 'PROXY' ? 'PROXY' : 'the environment';
  const forwards = p.baseUrl.startsWith('http:') && !proxy.address.startsWith('socks');
  return [
    `requests go through the proxy ${proxy.address}, as ${named} says${proxy.login ? ', with a login' : ''}; the proxy's time is part of the figures${forwards ? ', and a failing proxy that does not name itself in its answers counts as the target' : ''}`,
  ];
}
