import type { Finding } from '../../measurements';
import type { attemptsOf, RequestNote } from '../../truth';
import { distribution, effectOf, type FaultEffect, type Seen } from './effects';
import { afterPhase, faults, isToLeave } from './phases';
import { byFault, total } from './words';

/** A run seen from both sides: by its client, and by its providers. */
export interface View {
  seen: readonly Seen[];
  of: (phase: string) => readonly Seen[];
  /** The deployment that answers most requests while all is well, and its share of them. */
  primary: string;
  usual: number;
  /** Share of each deployment while all is well. */
  spread: ReadonlyMap<string, number>;
  /** The other deployments that were asked. */
  others: readonly string[];
  /** Of each fault, in the order in which they were caused. */
  effects: readonly FaultEffect[];
  /**
   * Those that met a request and are to be left, those that come before the first token (a primary that fails at random
   * too), those that met none because the primary was not in use, and those in which no request came as far as a deployment.
   */
  hit: readonly FaultEffect[];
  early: readonly FaultEffect[];
  unused: readonly FaultEffect[];
  notAsked: readonly FaultEffect[];
  /** Why nothing can be said of a failover, where hardly a request was answered before the first fault; "" where they were. */
  unwell: string;
  /** Said instead of all the rest where the gateway asks nobody else; "" where it does. */
  noFailover: string;
}

/** One finding of a run. */
export type Rule = (view: View) => Finding;

/**
 * The requests of a run with their calls to providers, in the order of sending. One that was sent after a fault, and came to
 * its provider when the next had begun and met that, belongs to the next.
 */
export function seenIn(requests: readonly RequestNote[], attempts: ReturnType<typeof attemptsOf>): Seen[] {
  const all = requests
    .map((request) => ({ ...request, calls: attempts.get(request.id) ?? [] }))
    .sort((a, b) => a.sent - b.sent);
  // The latest first: that is the one that a call met.
  const begins = Object.keys(faults)
    .flatMap((fault) => {
      const first = all.find(({ phase }) => phase === fault);
      return first ? [{ fault, at: first.sent }] : [];
    })
    .sort((a, b) => b.at - a.at);
  return all.map((request) => {
    if (Object.hasOwn(faults, request.phase) || request.phase === 'before') return request;
    const met = request.calls.find(({ fault }) => fault !== null);
    const next = met && begins.find(({ at }) => at > request.sent && met.received >= at);
    return next ? { ...request, phase: next.fault } : request;
  });
}

/** Where fewer than this share of the requests are answered before the first fault, a fault changes nothing. */
const wellFrom = 0.1;

/** Says so where that is the case; "" where it is not. */
export function unwellIn(before: readonly RequestNote[]): string {
  const failed = before.filter(({ outcome }) => outcome !== 'ok').length;
  return before.length > 0 && before.length - failed < wellFrom * before.length
    ? `${failed} of ${before.length} requests failed before the first fault already`
    : '';
}

/** What the deployments carried before the first fault, and what each fault did. */
export function viewOf(seen: readonly Seen[]): View {
  const of = (phase: string) => seen.filter((request) => request.phase === phase);
  const spread = distribution(of('before'));
  const [primary, usual] = [...spread][0] ?? ['none', 0];
  const caused = Object.keys(faults)
    .filter((fault) => of(fault).length > 0)
    .sort((a, b) => of(a)[0]!.sent - of(b)[0]!.sent);
  // Where all deployments fail there is nobody to switch to: that is told apart.
  const effects = caused
    .filter((fault) => !faults[fault]!.everywhere)
    .map((fault) => effectOf(fault, of(fault), of(afterPhase(fault)), primary, usual));
  const met = effects.filter((effect) => effect.affected > 0);
  const hit = met.filter((effect) => isToLeave(faults[effect.fault]!));
  const early = met.filter((effect) => faults[effect.fault]!.early);
  const asked = new Set([
    ...distribution(seen).keys(),
    ...seen.flatMap((request) => request.calls.map((call) => call.deployment)),
  ]);
  const others = [...asked].filter((name) => name !== primary);
  const nobodyElse =
    total(early, (effect) => effect.affected) > 0 &&
    (others.length === 0 ||
      (total(early, (effect) => effect.answered + effect.passedOn) === 0 &&
        hit.every((effect) => effect.detect === null)));
  const lost = (effect: FaultEffect) => effect.lost;
  return {
    seen,
    of,
    primary,
    usual,
    spread,
    others,
    effects,
    hit,
    early,
    unused: effects.filter(({ affected, askedDuring }) => affected === 0 && askedDuring > 0),
    notAsked: effects.filter(({ affected, askedDuring }) => affected === 0 && askedDuring === 0),
    unwell: unwellIn(of('before')),
    noFailover: nobodyElse
      ? `there is no failover: ${total(effects, lost) > 0 ? `${total(effects, lost)} requests were lost (${byFault(effects, lost)}), and each` : 'each'} call went to ${primary} and nowhere else. Give the model a second deployment, or accept the loss`
      : '',
  };
}
