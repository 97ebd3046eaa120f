import type { Finding } from '../../measurements';
import { medianOf } from '../../statistics';
import { alignment, attemptsOf } from '../../truth';
import { memoryKept } from '../memory-kept';
import { failedAfter } from './after';
import { findings } from '../observed';
import { least, type FaultEffect } from './effects';
import { allThrottle, otherUnderLoad, requestsFailed } from './everywhere';
import { fromOutside } from './from-outside';
import { answeredOf } from './kinds';
import { betweenDeployments, contextKept, givenUpAfter } from './patience';
import { callsUpstream, thunderingHerd, tokensBilledTwice, whereCallsWent } from './upstream';
import { seenIn, viewOf, type Rule, type View } from './view';
import { byFault, count, ms, seconds, total, worst } from './words';

/*
 * What a run of `failover` says: in words that an engineer can act on, with the value that thresholds/failover.json
 * judges.
 */

const answeredAllTheSame: Rule = ({ effects, early, unused, notAsked, others, primary, noFailover }) => {
  const met = total(early, (effect) => effect.affected);
  const rescued = total(early, (effect) => effect.answered);
  const named = (some: readonly FaultEffect[]) => some.map(({ fault }) => fault).join(', ');
  const notSeen = [
    unused.length > 0 ? `; ${named(unused)} met no request: ${primary} was not in use then` : '',
    notAsked.length > 0 ? `; ${named(notAsked)} met no request: none came as far as a provider then` : '',
  ].join('');
  return {
    id: 'failover',
    unit: 'share',
    n: met,
    table: tableOf(effects),
    value: met > 0 ? rescued / met : null,
    text:
      noFailover ||
      (met === 0 ? `whether there is a failover cannot be said: no request met a fault${notSeen}` : '') ||
      `failover from ${primary} to ${others.length > 0 ? others.join(', ') : 'nothing'}: ${rescued} of ${met} requests that met a fault before their first token were answered all the same${notSeen}`,
  };
};

function tableOf(effects: readonly FaultEffect[]): Finding['table'] {
  return {
    head: [
      'fault',
      'requests',
      'met it',
      'answered',
      'lost',
      'broken',
      'detect',
      'switch',
      'fail back',
      'calls mean',
      'max',
      'output twice',
      'peak/steady',
    ],
    rows: effects.map((effect) => [
      effect.fault,
      String(effect.requests),
      String(effect.affected),
      String(effect.answered),
      String(effect.lost),
      String(effect.broken),
      seconds(effect.detect),
      ms(effect.switch),
      seconds(effect.failBack),
      effect.callsMean.toFixed(2),
      String(effect.callsMax),
      String(effect.duplicated),
      effect.steady > 0 ? (effect.peak / effect.steady).toFixed(1) : '-',
    ]),
  };
}

const timeToSwitch: Rule = ({ early, noFailover }) => {
  const slowest = worst(early, (effect) => effect.switch);
  return {
    id: 'time-to-switch',
    unit: 'ms',
    value: slowest?.value ?? null,
    n: total(early, (effect) => effect.affected),
    missed: noFailover !== '',
    text: noFailover
      ? 'there is no failover, so there is no time to switch'
      : !slowest
        ? 'no request was answered by another deployment, so nothing can be said of the time to switch'
        : `time to switch: ${ms(slowest.value)} at worst (${slowest.at.fault}) beyond the other deployment's own time to first token; by fault: ${early.map((effect) => `${effect.fault} ${ms(effect.switch)}`).join(', ')}`,
  };
};

const timeToDetect: Rule = ({ hit, early, primary, noFailover }) => {
  const undetected = hit.filter((effect) => effect.detect === null);
  const detected = worst(hit, (effect) => effect.detect);
  const surplus = worst(early, (effect) => effect.surplus);
  const waits =
    surplus && undetected.includes(surplus.at) ? ` and waited ${ms(surplus.value)} (median, ${surplus.at.fault})` : '';
  const missed = noFailover !== '' || undetected.length > 0;
  return {
    id: 'time-to-detect',
    unit: 's',
    n: total(hit, (effect) => effect.affected),
    missed,
    value: missed || !detected ? null : detected.value / 1000,
    text: noFailover
      ? `no fault was detected: to the end of each phase every request tried the failing ${primary}`
      : undetected.length > 0
        ? `not detected: ${undetected.map((effect) => effect.fault).join(', ')}. To the end of the phase each request tried the failing ${primary} first${waits}: there is no circuit breaker, or it does not count this fault`
        : detected
          ? `time to detect: ${seconds(detected.value)} at worst (${detected.at.fault})`
          : 'no fault met a request, so nothing could be detected',
  };
};

const timeToFailBack: Rule = ({ effects, hit, unused, primary, noFailover }) => {
  const left = effects.filter((effect) => effect.detect !== null);
  const unsaid = left.filter(({ failBack, askedAfter }) => failBack === null && askedAfter < least);
  const stuck = left.filter((effect) => effect.failBack === null && !unsaid.includes(effect));
  const returned = worst(left, (effect) => effect.failBack);
  const never = stuck.length > 0 || (unused.length > 0 && hit.length > 0);
  const after = stuck[0] ?? hit[hit.length - 1];
  const missed = noFailover !== '' || never;
  return {
    id: 'time-to-fail-back',
    unit: 's',
    n: left.length,
    missed,
    value: missed || unsaid.length > 0 || !returned ? null : returned.value / 1000,
    text: noFailover
      ? 'no call ever left the primary, so there is no time to fail back'
      : never
        ? `never failed back: after ${after?.fault} ${primary} was well again, and was not used to the end of the recovery${after ? `, which lasted ${seconds(after.recovery)}` : ''}`
        : unsaid.length > 0
          ? `whether ${primary} was used again cannot be said: after ${unsaid[0]!.fault} ${count(unsaid[0]!.askedAfter, 'request')} came as far as a provider, and ${least} are needed`
          : returned
            ? `time to fail back: ${seconds(returned.value)} at worst (after ${returned.at.fault})`
            : hit.length > 0
              ? `to the end of each fault every request tried ${primary} first, so there is no time to fail back`
              : 'no fault met a request, so there is no time to fail back',
  };
};

/** What an outcome means for a request that was lost. */
const meanings: Readonly<Record<string, string>> = {
  empty: ' (status 200 and nothing in it: a client cannot tell it from an answer)',
  timeout_first: ' (this client gave up: the gateway may have said something later)',
};

const requestsLost: Rule = ({ seen, effects }) => {
  const lost = total(effects, (effect) => effect.lost);
  const gone = seen.filter((request) => request.phase !== 'before' && request.outcome !== 'ok' && request.chunks === 0);
  const outcomes = new Map<string, number>();
  for (const { outcome } of gone) outcomes.set(outcome, (outcomes.get(outcome) ?? 0) + 1);
  const kinds = [...outcomes].map(([outcome, n]) => `${n} ${outcome}${meanings[outcome] ?? ''}`).join(', ');
  return {
    id: 'requests-lost',
    unit: 'requests',
    value: lost,
    n: total(effects, (effect) => effect.requests),
    text:
      lost > 0
        ? `${count(lost, 'request')} got no answer at all (${byFault(effects, (effect) => effect.lost)}): ${kinds}; the client knew it after ${seconds(medianOf(gone.map((request) => request.end)))} (median)`
        : 'no request was lost before its first token',
  };
};

const streamsBroken: Rule = ({ effects }) => {
  const broken = total(effects, (effect) => effect.broken);
  return {
    id: 'streams-broken',
    unit: 'requests',
    value: broken,
    n: total(effects, (effect) => effect.requests),
    text:
      broken > 0
        ? `${count(broken, 'stream')} broke in the middle (${byFault(effects, (effect) => effect.broken)})`
        : 'no stream broke in the middle',
  };
};

const duplicatedOutput: Rule = ({ effects }) => {
  const twice = total(effects, (effect) => effect.duplicated);
  return {
    id: 'duplicated-output',
    unit: 'requests',
    value: twice,
    n: total(effects, (effect) => effect.requests),
    text:
      twice > 0
        ? `${count(twice, 'answer')} held output twice (${byFault(effects, (effect) => effect.duplicated)}; ${total(effects, (effect) => effect.duplicatedTokens)} tokens too many): the gateway starts a broken stream again from its beginning, and the client gets both`
        : 'no answer held output twice',
  };
};

/** In the order of the table. */
const rules: readonly Rule[] = [
  answeredAllTheSame,
  timeToSwitch,
  timeToDetect,
  timeToFailBack,
  requestsLost,
  streamsBroken,
  duplicatedOutput,
  callsUpstream,
  tokensBilledTwice,
  whereCallsWent,
  thunderingHerd,
  givenUpAfter,
  betweenDeployments,
  contextKept,
  otherUnderLoad,
];

const upstream = [
  'duplicated-output',
  'calls-upstream',
  'tokens-billed-twice',
  'distribution',
  'thundering-herd',
  'given-up-after',
  'between-deployments',
  'context-lost',
  'other-under-load',
  'throttled-by-all',
  'calls-while-all-throttle',
  'well-after-all-throttle',
];

/** Findings about calls that only some faults cause. */
const ofCalls: ReadonlySet<string> = new Set([
  'given-up-after',
  'between-deployments',
  'context-lost',
  'other-under-load',
]);

/** What a fault changes: it cannot be said where hardly a request was answered before the first one. */
const ofFaults: Readonly<Record<string, string>> = {
  failover: 'whether there is a failover',
  'time-to-switch': 'the time to switch',
  'time-to-detect': 'the time to detect a fault',
  'time-to-fail-back': 'the time to fail back',
};

const unsaid = (made: Finding, { unwell }: View): Finding =>
  unwell && ofFaults[made.id]
    ? { ...made, value: null, missed: false, text: `${ofFaults[made.id]} cannot be said: ${unwell}` }
    : made;

/** All findings of a run of `failover`. */
export const failoverFindings = findings(
  [
    'failover',
    'time-to-switch',
    'time-to-detect',
    'time-to-fail-back',
    'requests-lost',
    'streams-broken',
    ...upstream,
    'failed-after-a-fault',
    'requests-failed',
    'memory-kept-by-failures',
    'plain-answered',
    'embeddings-answered',
  ],
  (observed) => {
    const offset = observed.truth && alignment(observed.requests, observed.truth);
    if (!observed.truth || offset === undefined)
      return [...fromOutside(observed), failedAfter(observed.requests), requestsFailed(observed)];
    const all = seenIn(observed.requests, attemptsOf(observed.requests, observed.truth, offset));
    const both = [failedAfter(all), requestsFailed(observed)];
    const chats = all.filter(({ embedding }) => !embedding);
    const view = viewOf(chats);
    const byKind = [
      ...answeredOf(
        'plain-answered',
        'plain calls',
        all.filter(({ plain }) => plain),
      ),
      ...answeredOf(
        'embeddings-answered',
        'embeddings',
        all.filter(({ embedding }) => embedding),
      ),
    ];
    const badCalls = all.flatMap(({ calls }) => calls.filter(({ ok }) => !ok)).length;
    // What no request met is not judged: FAULTS may name a single fault.
    const made = rules.map((rule) => unsaid(rule(view), view)).filter(({ id, n }) => n !== 0 || !ofCalls.has(id));
    const kept = memoryKept(observed, 'memory-kept-by-failures', badCalls, 'provider call that failed');
    // Without chats there is nothing to say of streams.
    return [...(chats.length > 0 ? [...made, ...allThrottle(view)] : []), ...byKind, ...both, ...kept];
  },
  'PROVIDER_URL: the simulated provider that the gateway asks',
);
