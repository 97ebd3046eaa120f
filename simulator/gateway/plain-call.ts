import { ClientGone, type Exchange } from '../http/exchange';
import type { Fields } from '../settings/merge';
import type { GatewayModel } from '../settings/types';
import type { Gateway } from './call';
import { plainFailure } from './failures';
import { callProvider, ProviderFailure, readAnswer } from './upstream';

/**
 * A provider call that is waited for as a whole, with a place in the pool for as long. Throws the Refusal of the error
 * table.
 */
export async function callPlain<T>(
  exchange: Exchange,
  gateway: Gateway,
  route: 'chat/completions' | 'embeddings',
  model: GatewayModel,
  body: Fields,
  parse: (text: string) => T,
): Promise<T> {
  const { context, pool } = gateway;
  const { db_pool: flaw, leak } = context.store.current.gateway.flaws;
  // Otherwise the call has had its place since it came in, or has given it back.
  const giveBack = flaw.hold === 'call' ? await pool.take(flaw, leak.db_share) : () => undefined;
  try {
    const tried = new Set<string>();
    for (;;) {
      const call = await callProvider(exchange, gateway, route, model, body, tried);
      try {
        const answer = await readAnswer(call.answer, parse);
        call.over(true);
        await gateway.loops.free(exchange.request.socket, context.store.current.gateway.flaws);
        return answer;
      } catch (error) {
        call.over(exchange.response.destroyed ? null : false);
        if (!call.mayFollow || exchange.response.destroyed) throw error;
      }
    }
  } catch (error) {
    if (error instanceof ProviderFailure && !exchange.response.destroyed) {
      exchange.record.outcome = 'failed';
      throw plainFailure(model.kind, error.status, route === 'embeddings');
    }
    throw error instanceof ProviderFailure ? new ClientGone() : error;
  } finally {
    giveBack();
  }
}
