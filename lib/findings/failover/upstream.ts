import { distribution } from './effects';
import type { Rule } from './view';
import { percent, total, worst } from './words';

/*
 * What a fault of the primary did to the providers: how often they were asked, for what, and when.
 */

/** How many calls to providers a request makes, in the fault in which there are most. */
export const callsUpstream: Rule = ({ effects }) => {
  const calls = worst(effects, (effect) => effect.callsMean);
  const most = worst(effects, (effect) => effect.callsMax);
  return {
    id: 'calls-upstream',
    unit: 'calls/request',
    value: calls?.value ?? null,
    n: total(effects, (effect) => effect.requests),
    text:
      calls && most && most.value > 0
        ? `each client request made ${calls.value.toFixed(2)} calls to providers in the worst phase (${calls.at.fault}), and ${most.value} at most${calls.value > 2 ? ': retries multiply the load on a provider that is failing' : ''}`
        : 'no request reached a provider while one failed',
  };
};

/** Tokens of the calls that served nobody: they are billed, and the client has not seen them. */
export const tokensBilledTwice: Rule = ({ effects }) => {
  const prompt = total(effects, (effect) => effect.twicePrompt);
  const output = total(effects, (effect) => effect.twiceOutput);
  return {
    id: 'tokens-billed-twice',
    unit: 'tokens',
    value: prompt + output,
    text:
      prompt + output > 0
        ? `${prompt} prompt and ${output} output tokens were billed for answers that were given up for those of another deployment`
        : 'no tokens were billed twice',
  };
};

/** Which share of the calls each deployment had before the faults, and in the first fault that was detected. */
export const whereCallsWent: Rule = ({ of, effects, spread, usual }) => {
  const parts = (map: ReadonlyMap<string, number>) =>
    [...map].map(([name, part]) => `${name} ${percent(part)}`).join(', ');
  const first = effects.find((effect) => effect.detect !== null);
  return {
    id: 'distribution',
    unit: 'share',
    value: usual,
    n: of('before').length,
    text: `calls went to ${parts(spread)} while all was well${first ? `, and to ${parts(distribution(of(first.fault)))} in phase ${first.fault}` : ''}`,
  };
};

/** Calls at one moment, in times of the load offered, from which on they are a herd. */
const herdFrom = 4;

/** How many calls there are at once at the busiest moment, in times of the load offered. */
export const thunderingHerd: Rule = ({ effects, others }) => {
  const base = { id: 'thundering-herd', unit: 'times' };
  if (others.length === 0)
    return {
      ...base,
      value: 0,
      text: 'no other deployment was asked, so no calls could come to one at the same moment',
    };
  const herd = worst(effects, (effect) => (effect.steady > 0 ? effect.peak / effect.steady : null));
  return {
    ...base,
    value: herd && herd.at.peak > 0 ? herd.value : null,
    text: !herd?.at.peak
      ? 'there were too few calls to see a thundering herd'
      : herd.value > herdFrom
        ? `thundering herd: ${herd.at.peak} calls at once in phase ${herd.at.fault}, ${herd.value.toFixed(1)} times the load offered: calls that wait leave the primary, or try it again, all at the same moment. Spread them over time`
        : `no thundering herd: the busiest moment had ${herd.value.toFixed(1)} times the load offered (${herd.at.fault})`,
  };
};
