import { createHash } from 'node:crypto';
import * as http from 'node:http';
import type { Deployment, GatewayModel } from '../settings/types';
import { NO_REGION } from '../settings/deployments';
import { nowNs } from '../time/clock';
import { ClientGone, readBody, Refusal, type Exchange } from '../http/exchange';
import { isFields, type Fields } from '../settings/merge';
import type { Gateway } from './call';
import type { Upstream } from './connections';
import type { ProviderStatus } from './failures';
import { deploymentsOf, keyOf, type Choice } from './failover';
import { seededRandom } from '../generation/random';
import { leak } from './flaws/memory';
import type { UpstreamFlaws } from './flaws/upstream';
import { traceCall } from './spans';

/** Where a deployment is asked: a region stands in the address, as simulator/README.md has it. */
function urlOf({ baseUrl }: Upstream, { region }: Deployment, route: string): URL {
  return new URL(route, region === NO_REGION ? baseUrl : new URL(`/openai/${region}/v1/`, baseUrl));
}

/** The provider did not answer as it should. */
export class ProviderFailure extends Error {
  constructor(readonly status: ProviderStatus) {
    super(`the provider failed with ${status ?? 'no answer'}`);
  }
}

/** An answer of status 200 that has begun. */
export interface ProviderCall {
  readonly answer: http.IncomingMessage;
  /** There is a deployment left that may be tried instead. */
  readonly mayFollow: boolean;
  /** To be told how it ended; null: the client left. */
  over(well: boolean | null): void;
}

/**
 * Asks a deployment of the model, and the next ones where failover is on, but none of those already `tried`. Rejects
 * with the last ProviderFailure, or with ClientGone.
 */
export async function callProvider(
  exchange: Exchange,
  gateway: Gateway,
  route: string,
  model: GatewayModel,
  body: Fields,
  tried: Set<string>,
): Promise<ProviderCall> {
  const { context, breakers } = gateway;
  const { failover } = context.store.current.gateway;
  const random = seededRandom(context.store.current.seed, turnOf(exchange, context.store.current.gateway.flaws));
  const left = (): Deployment[] =>
    failover.on || tried.size === 0 ? deploymentsOf(model).filter((each) => !tried.has(keyOf(each))) : [];
  if (tried.size === 0) await gateway.kept.call(context.store.current.gateway.flaws, gateway.upstream.baseUrl);
  for (let last = new ProviderFailure(null); ; ) {
    if (failover.on && failover.breaker.failures > 0)
      await context.pacer.sleep(context.store.current.gateway.flaws.breaker_ms);
    const choice = breakers.pick(left(), failover, random);
    if (choice === undefined) throw last;
    const isNext = tried.size > 0;
    tried.add(keyOf(choice.deployment));
    if (isNext) await context.pacer.sleep(failover.decision_ms);
    const asked = isNext && failover.loses_context ? lastHalf(body) : body;
    const over = (well: boolean | null): void => breakers.over(choice, failover.on ? well : null, failover);
    try {
      const answer = await askDeployment(exchange, gateway, route, model, choice, asked);
      if (model.deployments.length > 1 && !exchange.response.headersSent)
        exchange.response.setHeader('x-deployment', keyOf(choice.deployment));
      return { answer, mayFollow: left().length > 0, over };
    } catch (error) {
      const failed = error instanceof ProviderFailure;
      over(failed ? !isTransient(error) : null);
      if (!failed || !isTransient(error)) throw error;
      last = error;
    }
  }
}

/** What a call's deployment is drawn by: all calls of a session have the same, so that its prompts stay cached. */
function turnOf({ request, record }: Exchange, { session_ignored: ignored }: UpstreamFlaws): number {
  const session = request.headers['x-session-id'];
  if (typeof session !== 'string' || ignored) return record.seq;
  return createHash('sha256').update(session).digest().readUInt32BE(0);
}

/** The last message alone, and the second half of it. */
function lastHalf(body: Fields): Fields {
  const messages: unknown = body.messages;
  const last: unknown = Array.isArray(messages) ? messages[messages.length - 1] : undefined;
  if (!isFields(last) || typeof last.content !== 'string') return body;
  return { ...body, messages: [{ ...last, content: last.content.slice(Math.floor(last.content.length / 2)) }] };
}

/** No answer, 429 and 5xx: another try, or another deployment, may do better. */
function isTransient({ status }: ProviderFailure): boolean {
  return status === null || status === 429 || status >= 500;
}

/** One deployment, with the flaws that belong to a call: CPU on the event loop, a leak, retries. */
async function askDeployment(
  exchange: Exchange,
  gateway: Gateway,
  route: string,
  model: GatewayModel,
  choice: Choice,
  body: Fields,
): Promise<http.IncomingMessage> {
  const { context, loops } = gateway;
  const { flaws } = context.store.current.gateway;
  const { event_loop_block_ms: block, internal_retries: retries, leak_mb_per_call: leakMb } = flaws;
  const text = JSON.stringify({ model: choice.deployment.provider_model, ...body });
  for (let attempt = 1; ; attempt += 1) {
    await loops.busy(exchange.request.socket, block[model.kind], flaws);
    await context.pacer.sleep(flaws.upstream_connect_ms + flaws.overhead_by_kind[model.kind]);
    if (leakMb > 0) leak(leakMb);
    exchange.record.provider_calls += 1;
    exchange.record.provider_call_ns = nowNs();
    try {
      return await once(exchange, gateway, route, choice, text);
    } catch (error) {
      if (error instanceof ProviderFailure && flaws.leak_mb_per_failure > 0) leak(flaws.leak_mb_per_failure);
      if (!(error instanceof ProviderFailure) || !isTransient(error) || attempt >= retries.attempts) throw error;
      await context.pacer.sleep(retries.delay_ms);
    }
  }
}

/** One call. With failover on it fails when no headers come in time; it is dropped when the client leaves. */
function once(
  exchange: Exchange,
  { context, upstream, breakers }: Gateway,
  route: string,
  { deployment }: Choice,
  body: string,
): Promise<http.IncomingMessage> {
  const { response, record } = exchange;
  const { on, first_byte_ms: firstByte, plain_ms: plain } = context.store.current.gateway.failover;
  return new Promise((resolve, reject) => {
    if (response.destroyed) return reject(new ClientGone());
    const call = http.request(urlOf(upstream, deployment, route), {
      method: 'POST',
      agent: upstream.agent,
      headers: {
        'content-type': 'application/json',
        'content-length': Buffer.byteLength(body),
        authorization: 'Bearer gateway',
        'x-request-id': record.id ?? '',
      },
    });
    traceCall(exchange, call);
    let answered: http.IncomingMessage | null = null;
    const hangUp = (): void => {
      // Also emitted after a good end; a call that is complete keeps its connection.
      if (!answered?.complete && !context.store.current.gateway.flaws.keep_provider_call_after_hangup) call.destroy();
      reject(new ClientGone());
    };
    const giveUp = (): void => {
      call.destroy();
      reject(new ProviderFailure(null));
    };
    const { upstream_timeout_ms: limit } = context.store.current.gateway.flaws;
    const patience = on ? (record.stream ? firstByte : plain) : limit;
    const timeOut = (): void => {
      call.destroy();
      reject(on ? new ProviderFailure(null) : new Refusal(504, { detail: 'Gateway Timeout' }));
    };
    const timer = patience > 0 ? setTimeout(timeOut, patience) : undefined;
    const waited = breakers.wait(deployment, giveUp);
    const noMoreWaiting = (): void => {
      clearTimeout(timer);
      waited();
    };
    response.once('close', hangUp);
    call.once('close', () => {
      noMoreWaiting();
      response.removeListener('close', hangUp);
    });
    call.once('response', (answer) => {
      noMoreWaiting();
      answered = answer;
      answer.on('error', () => undefined); // a cut: `close` comes too, and `complete` tells
      if (answer.statusCode === 200) return resolve(answer);
      answer.resume();
      reject(new ProviderFailure(answer.statusCode ?? null));
    });
    // Also emitted after the answer has begun, when nobody waits for it any more; the answer's own `close` tells then.
    call.on('error', () => reject(response.destroyed ? new ClientGone() : new ProviderFailure(null)));
    call.end(body);
  });
}

/**
 * A whole answer, as `parse` makes it of the text. Rejects with a ProviderFailure when it is cut or cannot be parsed.
 */
export async function readAnswer<T>(answer: http.IncomingMessage, parse: (text: string) => T): Promise<T> {
  try {
    return parse(await readBody(answer));
  } catch {
    throw new ProviderFailure(null);
  }
}

/** A JSON object. Throws on anything else. */
export function parseFields(text: string): Fields {
  const value: unknown = JSON.parse(text);
  if (!isFields(value)) throw new SyntaxError('not an object');
  return value;
}
