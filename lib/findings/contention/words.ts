import type { Limit } from '../../ladder';
import type { LadderKind } from './kinds';

/*
 * What a ceiling means, in words that say what to do.
 */

export const names: Record<LadderKind, string> = {
  stream: 'streams',
  plain: 'plain calls',
  embedding: 'embeddings',
  list: 'model lists',
  refused: 'requests with a wrong key',
  'one-key': 'plain calls of one key',
};

/** The plan's baseline, peak and stress, requests per second. */
const planRates = [50, 250, 500];
/** More a second than the plan ever asks for. */
export const enough = Math.max(...planRates);

/** A number with as many digits as tell something. */
export const shown = (value: number): string => Number(value.toPrecision(value < 100 ? 2 : 3)).toString();
const ms = (value: number): string => (value >= 1000 ? `${shown(value / 1000)} s` : `${shown(value)} ms`);
const list = (kinds: readonly string[]): string =>
  kinds.length < 2 ? (kinds[0] ?? '') : `${kinds.slice(0, -1).join(', ')} and ${kinds[kinds.length - 1]}`;

/** The sentence about one kind; `all` are the ceilings of all kinds, `top` is the most in flight that was to be tried. */
export function ceilingText(limit: Limit, all: readonly Limit[], top: number): string {
  const { kind, offered, answered, service, served, between, rate, nature } = limit;
  const who = names[kind as LadderKind];
  const others = all.filter((other) => other.nature === nature && other.kind !== kind);
  const together = list([kind, ...others.map((each) => each.kind)].map((each) => names[each as LadderKind]));
  const free = all.filter((other) => other.nature === 'none').map((each) => names[each.kind as LadderKind]);
  const unlike = free.length > 0 ? `; ${list(free)} have no such limit` : '';
  const count = `${shown(served)} at once (${shown(between[0])} to ${shown(between[1])} by the rungs beyond it)`;
  switch (nature) {
    case 'none':
      if (offered < top && answered <= enough)
        return `${who}: all ${offered} that were in flight were served at once, ${ms(service)} each, and more were not tried: whether there is a limit beyond ${offered} is not known`;
      if (offered < top)
        return `${who}: ${shown(answered)}/s were answered with ${offered} in flight, in ${ms(service + limit.wait)} each in the mean, which is far more than the plan ever asks for, so more were not tried`;
      return `${who}: all ${offered} that were in flight were served at once, ${ms(service)} each; a limit beyond ${offered} would not show`;
    case 'held':
      return `${who} stop at ${count}, and ${shown(rate)}/s: the others wait (${ms(limit.wait)} with ${offered} in flight), and a wrong path is answered at once, so the process is free. ${together} hold something to their end (a place in a database's pool, a worker's slot)${unlike}. ${littleText(service, planRates)}; give the place back before the provider is called`;
    case 'turns':
      return `${who} stop at ${shown(rate)}/s: ${together} have the same rate whatever they take, and a wrong path is answered at once, so the process is free. Each of them needs something for ${ms(1000 / rate)} that one has at a time (a place that is held after the request, a lock, a single connection)${unlike}`;
    case 'key':
      return `${who} stop at ${shown(rate)}/s, those of many keys do not: requests of one key wait for one another, ${ms(1000 / rate)} each; look for a row or a lock of the key that is held during the call`;
    case 'limit':
      return `${who}: with ${limit.refused![0]} in flight all are served, with ${limit.refused![1]} some are refused at once (${limit.refusal}), and about ${shown(served)} are served at once whatever is sent: a limit of requests in flight; raise it${unlike}. ${littleText(service, planRates)}`;
    case 'rate':
      return `not over ${shown(rate)} ${who} a second, whatever they take: the others are refused (${limit.refusal}), which is a limit of the rate${unlike}`;
    case 'used up':
      return `${who}: with ${limit.refused![0]} in flight all are served, with ${limit.refused![1]} some are refused (${limit.refusal}), and then fewer and fewer are answered: ${shown(limit.kept * limit.highest)}/s with the most in flight, ${shown(limit.highest)}/s before. What serves them is used up and does not come back (connections to a database, places of a pool); look for what a request does not give back`;
    case 'busy':
      if (rate > enough)
        return `${who} stop at ${shown(rate)}/s, more than the plan ever asks for: there even a wrong path waits ${ms(limit.bystanderWait)} longer, so it is the process that has no time left (each takes ${ms(1000 / rate)} of it)`;
      return `${who} stop at ${shown(rate)}/s with ${ms(limit.wait)} of waiting, and even a wrong path waits ${ms(limit.bystanderWait)} longer beside them: the process itself is busy (a core or an event loop is full; each takes ${ms(1000 / rate)} of it); add workers, or take work out of the request`;
    case 'collapse':
      return `beyond ${shown(rate)}/s of ${who} the target answers fewer, not as many: ${shown(100 * limit.kept)} % of that with ${offered} in flight, and even a wrong path waits ${ms(limit.bystanderWait)} longer: it collapses under load; refuse what is too much (429 or 503) before it`;
  }
}

/** Little's law: in flight = rate x time. */
function littleText(service: number, rates: readonly number[]): string {
  const places = rates.map((rate) => shown(Math.ceil((rate * service) / 1000)));
  return `${list(rates.map((rate) => `${rate}/s`))} of them at ${ms(service)} each need ${list(places)} (Little's law)`;
}
