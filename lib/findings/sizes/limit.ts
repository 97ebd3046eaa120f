import { counted } from '../../growth-law';
import type { Finding } from '../../measurements';
import type { Observed, ProbeNote } from '../observed';
import { isAnswered, isCut, isRefused, isSilent } from './search-limit';

/** What a refusal must have of words so that its reader knows that the prompt is too long. */
const saysWhy = /context|token|too long|too large|length|exceed|limit|window|maximum/i;

/** The largest prompt that works, and what a larger one gets, for each model that was asked after the load. */
export function limitFindings({ probes = [] }: Observed): Finding[] {
  const models = [...new Set(probes.map(({ model }) => model))];
  return models.flatMap((model) =>
    ofModel(
      model,
      probes.filter((probe) => probe.model === model),
    ),
  );
}

function ofModel(model: string, probes: readonly ProbeNote[]): Finding[] {
  // The first is at the documented size, with room for the answer.
  const wanted = probes[0]!.tokens;
  const works = Math.max(0, ...probes.filter(isAnswered).map(({ tokens }) => tokens));
  const failed = probes.filter((probe) => !isAnswered(probe) && probe.tokens > works);
  const [least] = [...failed].sort((a, b) => a.tokens - b.tokens);
  const share = works / wanted;
  const told =
    works === 0
      ? `${model}: no prompt of those that were tried works after the load, from ${counted(wanted)} tokens down to ${counted(least?.tokens ?? wanted)}`
      : `${model}: the largest prompt that works has ${counted(works)} tokens, ${(100 * share).toFixed(share < 0.995 ? 1 : 0)} % of the ${counted(wanted)} that are documented`;
  const largest: Finding = {
    id: 'largest-prompt',
    of: model,
    value: share,
    unit: 'share',
    n: probes.length,
    text: told,
  };
  return [largest, overTheLimit(model, works, least, failed)];
}

function overTheLimit(
  model: string,
  works: number,
  least: ProbeNote | undefined,
  failed: readonly ProbeNote[],
): Finding {
  const base = { id: 'over-the-limit', of: model, unit: 'ms', n: failed.length };
  if (!least)
    return { ...base, value: 0, text: `${model}: no limit was met, up to ${counted(works)} tokens every prompt works` };
  if (works === 0)
    return {
      ...base,
      value: null,
      text: `${model}: what a prompt over the limit gets is not known: every prompt gets the same, from ${counted(least.tokens)} tokens on`,
    };
  // The one that behaves worst is what a client must be ready for.
  const worst = failed.find((probe) => !isRefused(probe)) ?? [...failed].sort((a, b) => b.ms - a.ms)[0]!;
  const sent = `${model}: a prompt of ${counted(worst.tokens)} tokens`;
  const wanted = 'it should be refused at once, with a status 4xx that says why';
  if (isSilent(worst))
    return {
      ...base,
      value: null,
      missed: true,
      text: `${sent} hangs: no answer within ${(worst.ms / 1000).toFixed(0)} s; ${wanted}`,
    };
  if (worst.outcome === 'ok' && isCut(worst))
    return {
      ...base,
      value: null,
      missed: true,
      text: `${sent} is answered, with ${counted(worst.tokens - worst.promptTokens)} of its tokens dropped: nobody is told that the model did not see them; ${wanted}`,
    };
  if (worst.status < 400)
    return {
      ...base,
      value: null,
      missed: true,
      text: `${sent} gets status ${worst.status} and nothing (${worst.outcome}): a client cannot know why; ${wanted}`,
    };
  if (!isRefused(worst))
    return {
      ...base,
      value: null,
      missed: true,
      text: `${sent} gets status ${worst.status}: a failure that clients try again, and pay for again; ${wanted}`,
    };
  const why = saysWhy.test(worst.said) ? 'says why' : 'does not say why';
  return {
    ...base,
    value: worst.ms,
    text: `${sent} is refused with status ${worst.status} after ${worst.ms.toFixed(0)} ms, which ${why}`,
  };
}
