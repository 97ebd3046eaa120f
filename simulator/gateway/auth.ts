import { ClientGone, type Exchange } from '../http/exchange';
import type { GatewayKey, Scope } from '../settings/types';
import type { Gateway } from './call';
import { detail } from './errors';

/**
 * Checks the key, with a place in the pool where that needs one (flaw `plain_pool.key_check`). The place is given back
 * when the answer has ended, or by the function that this resolves with. Throws as `authorize` does, and a 500 when no
 * place was free for too long.
 */
export async function admit(exchange: Exchange, gateway: Gateway, scope: Scope | null): Promise<() => void> {
  const { keys, flaws } = gateway.context.store.current.gateway;
  const giveBack = flaws.plain_pool.key_check ? await gateway.pool.take(flaws.plain_pool) : () => undefined;
  exchange.response.once('close', giveBack);
  if (exchange.response.destroyed) {
    giveBack();
    throw new ClientGone();
  }
  const [, token = ''] = (exchange.request.headers.authorization ?? '').split(' ', 2);
  if (token !== '') await gateway.context.pacer.sleep(gateway.lookups.key(token, flaws));
  authorize(exchange, keys, scope);
  return giveBack;
}

/**
 * Checks the key: 403 without a Bearer header (FastAPI's HTTPBearer says 403, not 401), 401 for a key that is unknown,
 * inactive or expired, 403 for one without the scope. `scope` null: any good key will do.
 */
function authorize(exchange: Exchange, keys: Readonly<Record<string, GatewayKey>>, scope: Scope | null): void {
  const [scheme, token] = (exchange.request.headers.authorization ?? '').split(' ', 2);
  if (scheme?.toLowerCase() !== 'bearer' || token === undefined || token === '') throw detail(403, 'Not authenticated');
  const key = Object.hasOwn(keys, token) ? keys[token] : undefined;
  if (key === undefined || key.state === 'inactive') throw detail(401, 'Invalid or inactive API key');
  if (key.state === 'expired') throw detail(401, 'API key has expired');
  if (scope !== null && !key.scopes.includes(scope))
    throw detail(403, `Not enough permissions: the scope ${scope} is missing`);
}
