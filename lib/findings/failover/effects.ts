import { ascending, meanOf, medianOf, sumOf } from '../../statistics';
import type { Attempt, RequestNote } from '../../truth';

/*
 * What a fault of the primary did, from the client's notes and the provider's record of the same requests. All times in
 * ms.
 */

/** A request with the provider calls that it caused. */
export interface Seen extends RequestNote {
  calls: readonly Attempt[];
}

/** What a fault did. null: it did not happen, or cannot be said. */
export interface FaultEffect {
  fault: string;
  requests: number;
  /** Requests of the fault's phase, and of the recovery after it, that reached a deployment or were refused before it. */
  askedDuring: number;
  askedAfter: number;
  /** Requests whose call to the primary met the fault. */
  affected: number;
  /** Of those, the ones that ended well for the client, and the ones that another deployment was asked for then. */
  answered: number;
  passedOn: number;
  /** Ended badly before any content, and after some. */
  lost: number;
  broken: number;
  /** First affected request -> from here on the primary is no longer tried first. */
  detect: number | null;
  /**
   * First affected request sent -> first good first token by another deployment, less that deployment's own time to
   * first token.
   */
  switch: number | null;
  /** Primary well again -> it is tried first again. */
  failBack: number | null;
  /** How long it was well again before the next fault, by the requests that were sent then. */
  recovery: number;
  /** Median time to first token of the affected requests that were answered, less the answering deployment's own. */
  surplus: number | null;
  callsMean: number;
  callsMax: number;
  duplicated: number;
  duplicatedTokens: number;
  /** Tokens of answers that a provider has begun, and that were given up for another's. */
  twicePrompt: number;
  twiceOutput: number;
  /**
   * Most calls that a deployment other than the primary, or the probed primary, received in one window, and the offered
   * load's in it.
   */
  peak: number;
  steady: number;
}

/** Requests looked at together to say where traffic goes; fewer than `least` say nothing. */
const window = 16;
export const least = 8;
/**
 * Traffic has left the primary when under a quarter of its usual share goes there first (a breaker's probes do), and is
 * back from a half on.
 */
const gone = 0.25;
const back = 0.5;

const triedFirst = (request: Seen, deployment: string) => request.calls[0]?.deployment === deployment;
const good = ({ outcome }: RequestNote) => outcome === 'ok';
/** Whether the gateway came to choose a deployment: a request that waits in a line before that until its client leaves tells nothing. */
const chosen = ({ calls, outcome }: Seen) => calls.length > 0 || !outcome.startsWith('timeout');

/** Share of the requests from `i` on that try the primary first; undefined when too few are left. */
function shareFrom(requests: readonly Seen[], i: number, primary: string): number | undefined {
  const part = requests.slice(i, i + window);
  return part.length < least ? undefined : part.filter((request) => triedFirst(request, primary)).length / part.length;
}

/** Share of the requests that each deployment is tried first for. */
export function distribution(requests: readonly Seen[]): Map<string, number> {
  const counts = new Map<string, number>();
  const sent = requests.filter((request) => request.calls.length > 0);
  for (const { calls } of sent)
    counts.set(calls[0]!.deployment, (counts.get(calls[0]!.deployment) ?? 0) + 1 / sent.length);
  return new Map([...counts].sort((a, b) => b[1] - a[1]));
}

/** Most of `times` (ascending) within any `width`. */
export function busiest(times: readonly number[], width: number): number {
  let most = 0;
  for (let from = 0, to = 0; to < times.length; to++) {
    while (times[to]! - times[from]! >= width) from++;
    most = Math.max(most, to - from + 1);
  }
  return most;
}

/**
 * The effect of one fault. `during` and `after`: the requests of the fault's phase and of the recovery after it, by
 * the time of sending; `share`: of the requests that try the primary first when all is well.
 */
export function effectOf(
  fault: string,
  during: readonly Seen[],
  after: readonly Seen[],
  primary: string,
  share: number,
): FaultEffect {
  const all = [...during, ...after];
  const met = (request: Seen) => request.calls.some((call) => call.deployment === primary && call.fault !== null);
  const affected = during.filter(met);
  const first = affected[0];
  const byOther = (request: Seen) =>
    request.calls.length > 0 && request.calls[request.calls.length - 1]!.deployment !== primary;
  const others = all.flatMap((request) => request.calls).filter((call) => call.deployment !== primary);
  const own = medianOf(others.filter((call) => call.ok && call.ttft >= 0).map((call) => call.ttft)) ?? 0;
  const whole = all
    .filter(({ plain }) => plain)
    .flatMap(({ calls }) => calls.filter((call) => call.deployment !== primary));
  const ownWhole =
    medianOf(whole.filter(({ ok, end }) => ok && end >= 0).map(({ end, received }) => end - received)) ?? 0;
  /** When its client had what it waits for, beyond the other deployment's own time; undefined: never. */
  const beyondOwn = ({ plain, ttft, e2e }: Seen): number | undefined =>
    plain ? e2e - ownWhole : ttft >= 0 ? ttft - own : undefined;

  const [asked, askedLater] = [during.filter(chosen), after.filter(chosen)];
  const start = first ? asked.indexOf(first) : -1;
  let detected: Seen | undefined;
  for (let i = start; first && i < asked.length && !detected; i++) {
    const now = shareFrom(asked, i, primary);
    if (!triedFirst(asked[i]!, primary) && now !== undefined && now <= gone * share) detected = asked[i]!;
  }
  const returned =
    detected &&
    askedLater.find(
      (request, i) => triedFirst(request, primary) && (shareFrom(askedLater, i, primary) ?? 0) >= back * share,
    );
  const rescued = first
    ? during.filter((request) => request.sent >= first.sent && good(request) && byOther(request))
    : [];
  const answers = rescued.flatMap((request) => {
    const beyond = beyondOwn(request);
    return beyond === undefined ? [] : [request.sent + beyond - first!.sent];
  });
  const surplus = affected
    .filter((request) => good(request) && byOther(request))
    .flatMap((request) => beyondOwn(request) ?? []);

  const doubled = all.filter(
    (request) =>
      request.calls.filter((call) => call.chunks > 0).length > 1 &&
      request.words > request.calls[request.calls.length - 1]!.outputTokens,
  );
  const givenUp = all.flatMap((request) => request.calls.slice(0, -1)).filter((call) => call.billed);
  const calls = during.filter((request) => request.calls.length > 0).map((request) => request.calls.length);

  // A window that holds at least four requests of the load: fewer would make a herd of chance.
  const rate = during.length > 1 ? (during.length - 1) / (during[during.length - 1]!.sent - during[0]!.sent) : 0;
  const width = rate > 0 ? Math.max(100, 4 / rate) : 100;
  const probes = detected
    ? during
        .flatMap((request) => request.calls)
        .filter((call) => call.deployment === primary && call.received > detected.sent)
    : [];
  const times = (list: readonly Attempt[]) => ascending(list.map((call) => call.received));
  return {
    fault,
    requests: all.length,
    askedDuring: asked.length,
    askedAfter: askedLater.length,
    affected: affected.length,
    answered: affected.filter(good).length,
    passedOn: affected.filter(({ calls }) => calls[calls.length - 1]!.deployment !== primary).length,
    lost: all.filter((request) => !good(request) && request.chunks === 0).length,
    broken: all.filter((request) => !good(request) && request.chunks > 0).length,
    detect: detected ? Math.max(0, detected.sent - first!.sent) : null,
    switch: answers.length > 0 ? Math.max(0, Math.min(...answers)) : null,
    failBack: returned ? returned.sent - after[0]!.sent : null,
    recovery: after.length > 0 ? after[after.length - 1]!.sent - after[0]!.sent : 0,
    surplus: medianOf(surplus) ?? null,
    callsMean: meanOf(calls) ?? 0,
    callsMax: Math.max(0, ...calls),
    duplicated: doubled.length,
    duplicatedTokens: sumOf(
      doubled.map((request) => request.words - request.calls[request.calls.length - 1]!.outputTokens),
    ),
    twicePrompt: sumOf(givenUp.map((call) => call.promptTokens)),
    twiceOutput: sumOf(givenUp.map((call) => call.outputTokens)),
    peak: Math.max(busiest(times(others), width), busiest(times(probes), width)),
    steady: rate * width,
  };
}
