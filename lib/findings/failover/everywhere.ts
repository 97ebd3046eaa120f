import { ofQuantile, type Finding } from '../../measurements';
import { ascending, meanOf, quantileOf, wilson } from '../../statistics';
import type { Observed } from '../observed';
import type { Seen } from './effects';
import { afterPhase, faults } from './phases';
import type { Rule } from './view';
import { count, ms, percent, seconds } from './words';

/*
 * What the other deployment gives while it carries all, and what clients get when every deployment throttles at once: then
 * nobody can be switched to, and what counts is a clear 429, few calls, and a quick return.
 */

const everywhere = Object.keys(faults).filter((fault) => faults[fault]!.everywhere);
const good = ({ outcome }: Seen) => outcome === 'ok';

/** The time to first token of requests that another deployment answered at its first call, while the primary failed. */
export const otherUnderLoad: Rule = ({ seen, primary }) => {
  const carried = seen.filter(
    (request) =>
      good(request) &&
      request.ttft >= 0 &&
      Object.hasOwn(faults, request.phase) &&
      request.calls.length === 1 &&
      request.calls[0]!.deployment !== primary,
  );
  const times = ascending(carried.map(({ ttft }) => ttft));
  const value = quantileOf(times, 0.95);
  const base = { id: 'other-under-load', unit: 'ms', n: times.length };
  if (value === undefined)
    return { ...base, value: null, text: 'no request went straight to another deployment while the primary failed' };
  return {
    ...base,
    value,
    ...ofQuantile(times, 0.95),
    text: `while it carries all, the other deployment's requests get their first token within ${ms(value)} (p95 of ${count(times.length, 'request')} that went straight to it), ${ms(quantileOf(times, 0.5))} in the median`,
  };
};

/** Of the requests while every deployment throttled, those that were told something else than 429; and what came after. */
export const allThrottle: (view: Parameters<Rule>[0]) => Finding[] = ({ of }) =>
  everywhere.flatMap((fault) => {
    const during = of(fault);
    const failed = during.filter((request) => !good(request));
    if (failed.length === 0) return [];
    const unclear = failed.filter(({ outcome }) => outcome !== 'http_429');
    const kinds = [...new Set(unclear.map(({ outcome }) => outcome))].join(', ');
    const calls = meanOf(during.flatMap(({ calls: { length } }) => (length > 0 ? [length] : []))) ?? 0;
    const after = of(afterPhase(fault));
    const well = after.find(good);
    const waited = well && after[0] ? (well.sent - after[0].sent) / 1000 : null;
    return [
      {
        id: 'throttled-by-all',
        value: unclear.length / failed.length,
        unit: 'share',
        n: failed.length,
        interval: wilson(unclear.length, failed.length),
        text:
          unclear.length === 0
            ? `while every deployment throttled, all ${failed.length} requests that failed were told so by 429`
            : `while every deployment throttled, ${unclear.length} of ${failed.length} requests that failed (${percent(unclear.length / failed.length)}) were told something else than 429 (${kinds}): a client cannot know that it should wait`,
      },
      {
        id: 'calls-while-all-throttle',
        value: calls,
        unit: 'calls/request',
        n: during.length,
        text: `while every deployment throttled, each request made ${calls.toFixed(1)} calls to providers${calls > 3 ? ': retries multiply the load on providers that ask for less' : ''}`,
      },
      {
        id: 'well-after-all-throttle',
        value: waited,
        unit: 's',
        n: after.length,
        missed: waited === null && after.length > 0,
        text:
          waited === null
            ? 'after every deployment had throttled no request was answered to the end of the recovery'
            : `${seconds(waited * 1000)} after the limits were reset a request was answered again`,
      },
    ];
  });

/** The requests that failed, but for those for which nobody could have answered. */
export function requestsFailed({ requests }: Observed): Finding {
  const asked = requests.filter(({ phase }) => !everywhere.includes(phase));
  const failed = asked.filter(({ outcome }) => outcome !== 'ok').length;
  const except = asked.length < requests.length ? '; those while every deployment throttled are left out' : '';
  return {
    id: 'requests-failed',
    value: asked.length > 0 ? failed / asked.length : null,
    unit: 'share',
    n: asked.length,
    interval: asked.length > 0 ? wilson(failed, asked.length) : undefined,
    text: `${failed} of ${asked.length} requests failed${except}`,
  };
}
