import type { Finding } from '../../measurements';
import { countBelow, differenceNeeds, medianOf, merge, quantile, sumOf, wilson } from '../../statistics';
import { findings, type Observed } from '../observed';
import { outcomesOf } from '../outcomes';
import { streamsNeeded, timeToRecover } from '../phases';
import { classesOf } from './classes';
import { heavy, turned, usual } from './phases';
import { agenciesOf, medianIn, timesOf } from './view';

/*
 * What `agencies` finds: who is served worse, whether there are classes of keys, what one agency's load does to the others,
 * limits a key, and how long the target needs for a load that has risen or changed.
 */

const percent = (share: number) => `${(100 * share).toFixed(1)} %`;
const ms = (value: number) => value.toFixed(0);

export const agencyFindings = findings(
  [
    'agency-served-worse',
    'agency-classes',
    'heavy-others',
    'heavy-others-failed',
    'key-limits',
    'served-after',
    'turned-after',
  ],
  (observed) => {
    const agencies = agenciesOf(observed);
    if (agencies.length < 2) return [];
    return [
      ...servedWorse(observed, agencies),
      ...classes(observed, agencies),
      ...beside(observed, agencies),
      ...keyLimits(observed, agencies),
      ...servedAfter(observed),
      ...turnedAfter(observed),
    ];
  },
  'two keys and more in API_KEYS_FILE',
);

/** Chats that an agency must have for its p95 to say anything. */
const enough = 40;
/** The share of an agency's requests that lie above the p95 of all others, beyond chance, where it is served worse. */
const beyondChance = 0.1;

/** The agency that waits longest, by its p95 against that of the median agency; alike to 1 where chance explains it. */
function servedWorse(observed: Observed, agencies: readonly string[]): Finding[] {
  const known = agencies.flatMap((agency) => {
    const times = timesOf(observed, agency);
    return times.count >= enough ? [{ agency, times, p95: quantile(times, 0.95)! }] : [];
  });
  const base = { id: 'agency-served-worse', unit: 'times' };
  if (known.length < 2)
    return [{ ...base, value: null, text: `too few chats of each agency to compare them: ${enough} are needed` }];
  const middle = medianOf(known.map(({ p95 }) => p95))!;
  const worst = known.reduce((most, each) => (each.p95 > most.p95 ? each : most));
  const others = merge(known.filter((each) => each !== worst).map(({ times }) => times));
  const limit = quantile(others, 0.95)!;
  const above = Math.round(worst.times.count - countBelow(worst.times, limit));
  const sure = wilson(above, worst.times.count)[0] > beyondChance;
  const ratio = worst.p95 / middle;
  return [
    {
      ...base,
      value: sure ? ratio : 1,
      n: worst.times.count,
      text: sure
        ? `agency ${worst.agency} is served worse: its chats take ${ms(worst.p95)} ms (p95), those of the median agency ${ms(middle)} ms; ${percent(above / worst.times.count)} of them take longer than 95 % of all others`
        : `no agency of ${known.length} is served worse beyond chance: the slowest has ${ms(worst.p95)} ms (p95), the median agency ${ms(middle)} ms`,
    },
  ];
}

function classes(observed: Observed, agencies: readonly string[]): Finding[] {
  const medians = agencies.flatMap((agency) => {
    const times = timesOf(observed, agency);
    const middle = times.count >= differenceNeeds ? medianIn(times) : undefined;
    return middle ? [{ agency, ...middle }] : [];
  });
  const found = classesOf(medians);
  const base = { id: 'agency-classes', unit: 'classes', n: medians.length };
  if (medians.length < 4)
    return [{ ...base, value: null, text: 'too few agencies to see classes among them: four are needed' }];
  if (!found)
    return [
      { ...base, value: 1, text: `all ${medians.length} keys are served alike: there are no classes of priority` },
    ];
  const [fast, slow] = found;
  const list = (some: readonly { agency: string }[]) =>
    some.length > 8 ? `${some.length} agencies` : `agencies ${some.map(({ agency }) => agency).join(', ')}`;
  return [
    {
      ...base,
      value: 2,
      text: `keys have classes: ${list(fast.members)} are served in ${ms(fast.median)} ms, ${list(slow.members)} in ${ms(slow.median)} ms (medians of their chats)`,
    },
  ];
}

/** What the load of one agency does to the chats of the others. */
function beside(observed: Observed, agencies: readonly string[]): Finding[] {
  const others = agencies.slice(1);
  const of = (phase: string) => merge(others.map((agency) => timesOf(observed, agency, [phase])));
  const [now, then] = [of(heavy.phase), of('normal')];
  const [a, b] = [medianIn(now), medianIn(then)];
  const counts = others.map((agency) => outcomesOf(observed, { agency }, [heavy.phase]));
  const ended = sumOf(counts.map((each) => sumOf(Object.values(each)) - (each.interrupted ?? 0)));
  const failed = ended - sumOf(counts.map((each) => each.ok ?? 0));
  const share: Finding[] =
    ended > 0
      ? [
          {
            id: 'heavy-others-failed',
            value: failed / ended,
            unit: 'share',
            n: ended,
            interval: wilson(failed, ended),
            text: `while agency 1 sent ${percent(heavy.share)} of the load, ${failed} of ${ended} requests of the others failed`,
          },
        ]
      : [];
  if (!a || !b || Math.min(now.count, then.count) < differenceNeeds) return share;
  const value = a.value - b.value;
  const low = value - Math.hypot(a.value - a.low, b.high - b.value);
  const high = value + Math.hypot(a.high - a.value, b.value - b.low);
  const change = `${value >= 0 ? '+' : ''}${ms(value)} ms [${ms(low)}, ${ms(high)}]`;
  return [
    {
      id: 'heavy-others',
      value,
      unit: 'ms',
      n: Math.min(now.count, then.count),
      interval: [low, high],
      text:
        low > 0 && value > 10
          ? `while agency 1 sent ${percent(heavy.share)} of the load, the chats of the others took ${change} (median): they stand in one line with it; give each key a share or a line of its own`
          : `while agency 1 sent ${percent(heavy.share)} of the load, the chats of the others kept their time: ${change} (median)`,
    },
    ...share,
  ];
}

/** Requests of the others beside the heavy load, fewer of which do not tell whose limit it is. */
const fewestOthers = 20;

/** Whether 429 hits the keys that send much, or all. */
function keyLimits(observed: Observed, agencies: readonly string[]): Finding[] {
  const phases = [...usual, heavy.phase];
  const refused = (agency: string, some: readonly string[]) => outcomesOf(observed, { agency }, some).http_429 ?? 0;
  const inHeavy = agencies.map((agency) => refused(agency, [heavy.phase]));
  const [first = 0, ...rest] = inHeavy;
  const others = sumOf(rest);
  const all = sumOf(agencies.map((agency) => refused(agency, phases)));
  const base = { id: 'key-limits', unit: 'refusals', value: others, n: first + others };
  if (all === 0) return [{ ...base, text: 'no key has met a limit: no request got status 429' }];
  const answered = sumOf(agencies.map((agency) => outcomesOf(observed, { agency }, phases).ok ?? 0));
  if (answered === 0)
    return [
      {
        ...base,
        value: null,
        text: `whether keys have limits of their own is not known: no request was answered, and ${all} got status 429`,
      },
    ];
  const phase = observed.phases.find((each) => each.phase === heavy.phase);
  const seconds = phase ? phase.end_s - phase.start_s : 0;
  const served = outcomesOf(observed, { agency: agencies[0]! }, [heavy.phase]).ok ?? 0;
  const sent = sumOf(
    agencies.slice(1).map((agency) => sumOf(Object.values(outcomesOf(observed, { agency }, [heavy.phase])))),
  );
  if (others === 0 && (first === 0 || sent < fewestOthers))
    return [
      {
        ...base,
        value: null,
        text: `whether keys have limits of their own is not known: ${all} requests got status 429, and while agency 1 sent most the others sent ${sent}`,
      },
    ];
  if (others === 0)
    return [
      {
        ...base,
        text: `each key has a limit of its own: agency 1 was served ${(served / seconds).toFixed(1)}/s of what it sent and refused beyond that (${first} times status 429), and nobody else was`,
      },
    ];
  return [
    {
      ...base,
      text: `all keys share one limit: while agency 1 sent ${percent(heavy.share)} of the load, ${first} of its requests and ${others} of the others' got status 429; one agency can use up what is meant for all`,
    },
  ];
}

/** How long the target needed to serve the highest burst as the normal load. */
function servedAfter(observed: Observed): Finding[] {
  const found = timeToRecover('burst-10x', { within: 0.5, of: 'normal' })(observed);
  if (found.value === null && !found.missed) return [];
  const phase = observed.phases.find((each) => each.phase === 'burst-10x');
  return [
    {
      ...found,
      id: 'served-after',
      text: found.missed
        ? `the load of burst-10x was not served as the normal load to its end (${((phase?.end_s ?? 0) - (phase?.start_s ?? 0)).toFixed(0)} s): nothing was added in that time. ${found.text}`
        : found.value === 0
          ? `the load of burst-10x was served as the normal load from its beginning`
          : `the load of burst-10x was served as the normal load after ${found.value!.toFixed(0)} s: until then requests waited or failed`,
    },
  ];
}

/** How long chats took otherwise after the mix was turned round. */
function turnedAfter(observed: Observed): Finding[] {
  // Another mix has another duration: only what streams wait for their first token can be compared.
  const streams = (phase: string) => observed.phases.find((each) => each.phase === phase)?.ttft_scheduled?.count ?? 0;
  if (Math.min(streams(turned), streams('normal')) < streamsNeeded) return [];
  const found = timeToRecover(turned, { within: 0.5, of: 'normal' })(observed);
  if (found.value === null && !found.missed) return [];
  return [
    {
      ...found,
      id: 'turned-after',
      text: found.missed
        ? `when the mix was turned round, streams did not come back to their usual time. ${found.text}`
        : `when the mix was turned round (embeddings where chats were), streams had their usual time after ${found.value!.toFixed(0)} s`,
    },
  ];
}
