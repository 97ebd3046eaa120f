import type { RefusedCall } from '../workload';

/** What no route serves: it needs the process and nothing else. Gateways may ask for the key first. */
export const bystander: RefusedCall = {
  kind: 'refused',
  size: 'bystander',
  method: 'GET',
  route: 'no-such-route',
  wanted: [404, 405, 401, 403],
};
