import { ClientGone, type Exchange } from '../http/exchange';
import type { GatewayKey, Scope } from '../settings/types';
import type { Gateway } from './call';
import { detail } from './errors';
import { keyOf } from './flaws/edge';
import type { GiveBack } from './flaws/pool';

/**
 * Checks the key, with a place in the pool where that needs one (flaw `db_pool`). The place is given back when the
 * answer has ended, or by the function that this resolves with. Throws as `authorize` does, and a 500 when no
 * place was free for too long.
 */
export async function admit(exchange: Exchange, gateway: Gateway, scope: Scope | null): Promise<GiveBack> {
  const { context, pool, broken, database, edge, loops } = gateway;
  const { keys, flaws } = context.store.current.gateway;
  database.check(flaws.database);
  const { hold, leak_share: leak } = flaws.db_pool;
  const giveBack: GiveBack = hold === 'call' ? () => undefined : await pool.take(flaws.db_pool, flaws.leak.db_share);
  exchange.response.once('close', () => giveBack(leak > 0 && leftEarly(exchange) && isLost(exchange, leak)));
  if (exchange.response.destroyed) {
    giveBack();
    throw new ClientGone();
  }
  const [, token = ''] = (exchange.request.headers.authorization ?? '').split(' ', 2);
  if (token !== '') await gateway.context.pacer.sleep(gateway.lookups.key(token, flaws, Object.keys(keys).length));
  try {
    authorize(exchange, keys, scope);
  } catch (error) {
    await loops.busy(exchange.request.socket, flaws.block_ms.refused, flaws);
    throw error;
  }
  if (flaws.aborts_break_key) {
    broken.check(keyOf(exchange));
    exchange.response.once('close', () => {
      if (leftEarly(exchange)) broken.leave(keyOf(exchange));
    });
  }
  await edge.lock(keyOf(exchange), flaws.key_lock_ms);
  if (hold === 'auth') giveBack();
  return giveBack;
}

/** The client has hung up before its answer was at its end. */
const leftEarly = ({ response }: Exchange): boolean => !response.writableFinished;

/** Of the requests whose client hung up, such a share, by the seed. */
const isLost = ({ record }: Exchange, share: number): boolean => (record.seq * 0.618_033_988_75) % 1 < share;

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
