import { phases } from '../load';
import type { Finding } from '../measurements';
import { ascending, intervalOf, medianDifference, medianOf } from '../statistics';
import type { EnvironmentRecord, Fact, RequestNote } from '../truth';
import { findings, type Observed } from './observed';

/*
 * Whether this environment can be trusted: the same small load three times must agree; what the environment is made of
 * stands in one table, which a later run can be held against (RECORD).
 */

const repeats = ['first', 'second', 'third'] as const;

/** Three times the same, with pauses. */
export const fidelityLoad = phases({
  first: { rate: 2, for: '60s' },
  'pause-1': { rate: 0, for: '15s' },
  second: { rate: 2, for: '60s' },
  'pause-2': { rate: 0, for: '15s' },
  third: { rate: 2, for: '60s' },
});

/** Everything that the script `fidelity` finds. */
export const fidelityFindings = findings(
  ['repeats-agree', 'round-trip', 'environment', 'differs-from-record'],
  ({ requests, facts = [], record }: Observed) => [
    ...agree(requests),
    ...roundTrip(facts),
    ...(facts.length > 0 ? [environment(facts)] : []),
    ...(record && facts.length > 0 ? [held(facts, record)] : []),
  ],
);

const figure = (value: number) =>
  Math.abs(value) >= 100 ? Math.round(value).toString() : Number(value.toPrecision(2)).toString();

/** A difference of medians below this share is told as none: there is always some, and enough requests show it. */
const alike = 0.02;
/** From this share on, a rise from each time to the next is no chance. */
const pilesUp = 0.5;

function agree(requests: readonly RequestNote[]): Finding[] {
  const values = repeats.map((name) =>
    requests.filter(({ phase, outcome }) => phase === name && outcome === 'ok').map(({ e2e }) => e2e),
  );
  const pairs = [
    [0, 1],
    [1, 2],
    [0, 2],
  ].flatMap(([a, b]) => medianDifference(values[a!]!, values[b!]!) ?? []);
  if (pairs.length < 3) return [];
  const medians = values.map((each) => medianOf(each)!);
  // The part of a difference that is beyond doubt.
  const certain = Math.max(...pairs.map(({ interval: [low, high] }) => Math.max(0, low, -high)));
  const value = certain / Math.min(...medians);
  const shown = values
    .map((each, i) => `${figure(medians[i]!)} ms [${intervalOf(ascending(each), 0.5)!.map(figure).join(', ')}]`)
    .join(', ');
  const inOrder = [...medians].sort((a, b) => a - b).every((median, i) => median === medians[i]);
  const why =
    inOrder && value > pilesUp
      ? 'each time they take longer than the time before, as where requests pile up: see whether the target carries even this small load'
      : 'something else is at work here';
  return [
    {
      id: 'repeats-agree',
      value,
      unit: 'share',
      n: values.reduce((sum, each) => sum + each.length, 0),
      text:
        value > alike
          ? `the same small load three times does not give the same: medians of the response time ${shown}; they differ by ${figure(100 * value)} % beyond doubt: ${why}`
          : `the same small load three times gives the same${value > 0 ? `, within ${100 * alike} %` : ''}: medians of the response time ${shown}`,
    },
  ];
}

function roundTrip(facts: readonly Fact[]): Finding[] {
  const fact = facts.find(({ name }) => name === 'round trip');
  if (fact?.number === undefined) return [];
  return [
    {
      id: 'round-trip',
      value: fact.number,
      unit: 'ms',
      text: `a request that is refused at once comes back after ${figure(fact.number)} ms (median of the round trips)`,
    },
  ];
}

function environment(facts: readonly Fact[]): Finding {
  return {
    id: 'environment',
    value: facts.length,
    unit: 'facts',
    text: 'what this run was made with and against; give its run.json as RECORD to a later run to see what differs:',
    table: {
      head: ['what', 'value', 'a difference changes timings'],
      rows: facts.map(({ name, value, changesTimings }) => [name, value, changesTimings ? 'yes' : 'no']),
    },
  };
}

function differs({ value, number, may }: Fact, then: string): boolean {
  if (number === undefined || !may) return value !== then;
  const before = Number.parseFloat(then);
  return !(Math.abs(number - before) <= Math.max(may.amount, may.share * before));
}

function held(facts: readonly Fact[], record: EnvironmentRecord): Finding {
  const found = facts.flatMap((fact) => {
    const then = record[fact.name];
    return then !== undefined && differs(fact, then) ? [{ ...fact, then }] : [];
  });
  const rated = found.filter(({ changesTimings }) => changesTimings);
  const say = (each: (typeof found)[number]) =>
    `${each.name} ${each.value} against ${each.then} (${each.changesTimings ? 'changes timings' : 'changes no timings'})`;
  const notThere = facts.filter(({ name }) => record[name] === undefined).map(({ name }) => name);
  const unknown = notThere.length > 0 ? `; not in the record: ${notThere.join(', ')}` : '';
  return {
    id: 'differs-from-record',
    value: rated.length,
    unit: 'facts',
    n: facts.length,
    text:
      found.length > 0
        ? `differs from the record: ${[...rated, ...found.filter((each) => !each.changesTimings)].map(say).join('; ')}${unknown}`
        : `nothing differs from the record${unknown}`,
  };
}
