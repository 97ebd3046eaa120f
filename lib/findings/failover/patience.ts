import { medianOf } from '../../statistics';
import type { Attempt } from '../../truth';
import type { Seen } from './effects';
import type { Rule } from './view';
import { count, ms, seconds } from './words';

/*
 * How long the gateway waits for a provider that is silent, what it does between one deployment and the next, and whether
 * the next one is asked the same.
 */

/** Who ends a call within this time of its client's giving up has not given it up by itself, ms. */
const together = 250;

/** How long a call to a silent primary lasts until the gateway gives it up. */
export const givenUpAfter: Rule = ({ of, primary }) => {
  const calls = of('hang_before').flatMap((request) =>
    request.calls
      .filter((call) => call.deployment === primary && call.fault === 'hang_before' && call.end >= 0)
      .map((call) => ({ lasted: call.end - call.received, request, call })),
  );
  const byItself = calls.filter(({ request, call }) => !leftFirst(request, call));
  const base = { id: 'given-up-after', unit: 's', n: calls.length };
  if (calls.length === 0) return { ...base, value: null, text: 'no call met a provider that is silent' };
  if (byItself.length < calls.length / 2) {
    const patience = medianOf(calls.map(({ lasted }) => lasted));
    return {
      ...base,
      value: null,
      missed: true,
      text: `a silent provider is never given up within ${seconds(patience)}, when the clients gave up: the gateway has no time-out, or a longer one. Set one for the first byte, and answer 504`,
    };
  }
  const value = medianOf(byItself.map(({ lasted }) => lasted))! / 1000;
  return { ...base, value, text: `a silent provider is given up after ${seconds(value * 1000)} (median)` };
};

/** The client had given up by the time its call was ended. */
function leftFirst(request: Seen, call: Attempt): boolean {
  return request.outcome === 'timeout_first' && call.end >= request.sent + request.end - together;
}

/** Of the time until another deployment is asked: waiting for the first one, and what comes between the two. */
export const betweenDeployments: Rule = ({ seen, primary }) => {
  const pairs = seen.flatMap(({ phase, calls }) => {
    if (phase === 'before') return [];
    const at = calls.findIndex((call) => call.deployment !== primary);
    const first = calls[at - 1];
    const next = calls[at];
    return at > 0 && first && next && first.end >= 0
      ? [{ waited: first.end - first.received, between: Math.max(0, next.received - first.end) }]
      : [];
  });
  const value = medianOf(pairs.map(({ between }) => between));
  const base = { id: 'between-deployments', unit: 'ms', n: pairs.length };
  if (value === undefined) return { ...base, value: null, text: 'no request went from one deployment to another' };
  const waited = medianOf(pairs.map((each) => each.waited));
  return {
    ...base,
    value,
    text: `of the time until the other deployment is asked, ${ms(waited)} are waiting for the first one, and ${ms(value)} deciding and connecting (medians of ${count(pairs.length, 'request')})`,
  };
};

/** Whether the other deployment got the prompt that the first one had got, by the tokens that each counted. */
export const contextKept: Rule = ({ seen, primary }) => {
  const pairs = seen.flatMap(({ calls }) => {
    const first = calls.find((call) => call.deployment === primary && call.promptTokens > 0);
    const next = calls.find((call) => call.deployment !== primary && call.promptTokens > 0);
    return first && next ? [{ had: first.promptTokens, got: next.promptTokens }] : [];
  });
  const lost = pairs.filter(({ had, got }) => had !== got);
  const base = { id: 'context-lost', unit: 'answers', n: pairs.length };
  if (pairs.length === 0)
    return { ...base, value: null, text: 'no prompt that went to two deployments could be compared' };
  return {
    ...base,
    value: lost.length,
    text:
      lost.length === 0
        ? `the other deployment got the same prompt in all ${count(pairs.length, 'request')}`
        : `${lost.length} of ${pairs.length} requests were sent to the other deployment with another prompt: ${medianOf(lost.map(({ got }) => got))!.toFixed(0)} of ${medianOf(lost.map(({ had }) => had))!.toFixed(0)} tokens (medians). The context is lost on the way`,
  };
};
