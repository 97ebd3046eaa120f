import { ofQuantile, type Finding } from '../../measurements';
import { caseDifference, type Reading } from '../../pairs';
import {
  ascending,
  chiSquaredP,
  medianDifference,
  medianOf,
  quantileOf,
  wilson,
  type Difference,
} from '../../statistics';
import type { RequestNote } from '../../truth';
import { findings, type Observed } from '../observed';
import { differs } from '../words';

/*
 * What `balance` finds: what a new connection costs, whether kept ones are kept, how evenly instances get requests, whether
 * one is slow, and what the balancer itself takes.
 */

const one = (value: number) => value.toFixed(1);
const percent = (share: number) => `${one(100 * share)} %`;
const told = ({ value, interval }: Difference) => `${one(value)} ms [${one(interval[0])}, ${one(interval[1])}]`;

export const balanceFindings = findings(
  [
    'new-connection',
    'connections-not-kept',
    'refused-by-gateway',
    'uneven-instances',
    'slow-instance',
    'balancer-adds',
  ],
  (observed: Observed) => {
    const { requests } = observed;
    if (requests.length === 0) return [];
    return [
      ...newConnection(requests),
      ...notKept(observed),
      ...refused(requests),
      ...uneven(requests),
      ...slowInstance(requests),
      ...balancerAdds(requests),
    ];
  },
);

const isFresh = ({ size }: RequestNote) => size === 'new' || size === 'chat-new';
const good = (requests: readonly RequestNote[]) => requests.filter(({ outcome }) => outcome === 'ok');
/** What its user waited, the connection with it, ms. */
const waited = ({ e2e, connect = 0 }: RequestNote) => connect + e2e;

function readings(requests: readonly RequestNote[]): Reading[] {
  const cases = new Set(requests.map(({ size }) => size)).size;
  return good(requests).map((note) => ({
    round: Math.floor(note.index / cases),
    case: note.size ?? '',
    value: waited(note),
  }));
}

/** What a request over a new connection costs more than the same over a kept one. */
function newConnection(requests: readonly RequestNote[]): Finding[] {
  const difference = caseDifference(readings(requests), 'new', 'kept');
  const times = ascending(
    good(requests)
      .filter(isFresh)
      .flatMap(({ connect }) => connect ?? []),
  );
  const p95 = quantileOf(times, 0.95);
  if (!difference || p95 === undefined) return [];
  return [
    {
      id: 'new-connection',
      value: p95,
      unit: 'ms',
      ...ofQuantile(times, 0.95),
      text: `a request over a new connection takes ${differs(difference, 'longer', 'less')} than over a kept one; connecting (TCP, and TLS where it is https) takes ${one(medianOf(times)!)} ms (median), ${one(p95)} ms (p95)`,
    },
  ];
}

/** So large a share of new connections is more than a pool that grows with the requests at a time needs. */
const many = 0.2;

/** And so many more than that: a few are opened by chance, when requests come together. */
const fewestOpened = 8;
/** Requests that may use a kept connection, fewer of which say nothing: the first ones have to open one. */
const fewestKept = 10;

/** Of requests that may use a kept connection, those that have to open one, because the answer before it was the last. */
function notKept({ requests, phases }: Observed): Finding[] {
  const may = good(requests).filter((note) => !isFresh(note));
  if (may.length === 0) return [];
  if (may.length < fewestKept)
    return [
      {
        id: 'connections-not-kept',
        value: null,
        unit: 'share',
        n: may.length,
        text: `whether connections are kept is not told by ${may.length} requests that may use one: ${fewestKept} are needed`,
      },
    ];
  const opened = may.filter(({ reused }) => !reused);
  const closing = may.filter(({ closes }) => closes).length;
  // So many are open at once where so many requests are under way: those had to be opened.
  const needed = Math.max(0, ...phases.map(({ max_in_flight }) => max_in_flight));
  const silent = closing === 0 && opened.length - needed > Math.max(fewestOpened, many * may.length);
  const count = silent ? opened.length : closing;
  const share = count / may.length;
  const cost = medianOf(opened.flatMap(({ connect }) => connect ?? [])) ?? 0;
  const why = silent
    ? 'connections are closed though no answer says so: look for a short time-out of idle connections at the target or a proxy'
    : share > 0.95
      ? 'the target closes each connection after its answer'
      : `the target closes a connection after about ${Math.round(1 / share)} answers`;
  return [
    {
      id: 'connections-not-kept',
      value: share,
      unit: 'share',
      n: may.length,
      interval: wilson(count, may.length),
      text:
        count === 0
          ? `connections are kept: none of ${may.length} answers closed its connection; ${opened.length} requests opened one, since those at hand were in use`
          : `${percent(opened.length / may.length)} of the requests pay a new connection, ${one(cost)} ms each (median): ${why}; let it keep them`,
    },
  ];
}

/** What a gateway or a balancer refuses by itself. */
const ofTheEdge = ['connect', 'reset', 'http_429', 'http_5xx'];

function refused(requests: readonly RequestNote[]): Finding[] {
  const lists = requests.filter(({ size }) => size === 'kept' || size === 'new');
  if (lists.length === 0) return [];
  const bad = lists.filter(({ outcome }) => ofTheEdge.includes(outcome));
  return [
    {
      id: 'refused-by-gateway',
      value: bad.length / lists.length,
      unit: 'share',
      n: lists.length,
      interval: wilson(bad.length, lists.length),
      text:
        bad.length === 0
          ? `the gateway refused none of ${lists.length} model lists`
          : `the gateway refused ${bad.length} of ${lists.length} model lists, which need no provider (${bad[0]!.outcome}, status ${bad[0]!.status})`,
    },
  ];
}

function byInstance(requests: readonly RequestNote[]): Map<string, RequestNote[]> {
  const groups = new Map<string, RequestNote[]>();
  for (const note of requests)
    if (note.instance !== undefined) groups.set(note.instance, [...(groups.get(note.instance) ?? []), note]);
  return new Map([...groups].sort(([a], [b]) => (a < b ? -1 : 1)));
}

/** Instances are told in words up to so many. */
const namedAtMost = 8;
/** The chance below which the spread over instances is called uneven. */
const sure = 0.001;

/**
 * How evenly requests come to the instances. Only those over new connections count: a balancer may give a connection to an
 * instance, with all that is sent over it.
 */
function uneven(requests: readonly RequestNote[]): Finding[] {
  const all = byInstance(requests);
  if (all.size === 0) return [];
  const fresh = byInstance(requests.filter(isFresh));
  const counts = [...all.keys()].map((name) => fresh.get(name)?.length ?? 0);
  const total = counts.reduce((sum, count) => sum + count, 0);
  const p = chiSquaredP(counts);
  const shares = [...all.keys()]
    .slice(0, namedAtMost)
    .map((name, i) => `${name} gets ${percent(counts[i]! / Math.max(1, total))}`);
  const list = `${shares.join(', ')}${all.size > namedAtMost ? `, and ${all.size - namedAtMost} more` : ''}`;
  return [
    {
      id: 'uneven-instances',
      value: p,
      unit: 'chance',
      n: total,
      text:
        all.size === 1
          ? `all requests were served by one instance, ${[...all.keys()][0]}: there is no other, or none is used`
          : p < sure
            ? `instances get uneven shares of ${total} new connections: ${list} (chi-squared p = ${p.toExponential(0)})`
            : `instances get even shares of ${total} new connections: ${list} (chi-squared p = ${p.toFixed(2)})`,
    },
  ];
}

/** The instance that is slower than all others together, by the model list, which needs no provider. */
function slowInstance(requests: readonly RequestNote[]): Finding[] {
  const lists = good(requests).filter(({ size }) => size === 'kept' || size === 'new');
  const groups = [...byInstance(lists)];
  if (groups.length < 2) return [];
  const compared = groups.flatMap(([name, own]) => {
    const others = groups.filter(([other]) => other !== name).flatMap(([, notes]) => notes);
    const difference = medianDifference(
      own.map(({ e2e }) => e2e),
      others.map(({ e2e }) => e2e),
    );
    return difference ? [{ name, n: own.length, difference }] : [];
  });
  const worst = compared.sort((a, b) => b.difference.value - a.difference.value)[0];
  if (!worst) return [];
  const { name, n, difference } = worst;
  // With as many comparisons as instances, one in twenty of which is beyond its interval by chance, 1 ms more is asked for.
  const slow = difference.interval[0] > 1;
  return [
    {
      id: 'slow-instance',
      value: difference.value,
      unit: 'ms',
      n,
      interval: difference.interval,
      text: slow
        ? `instance ${name} is ${told(difference)} slower than the others (median of its model lists)`
        : `no instance of ${groups.length} is slower than the others: at most ${told(difference)} (${name})`,
    },
  ];
}

/** What goes through the balancer takes longer than what is sent to an instance directly. */
function balancerAdds(requests: readonly RequestNote[]): Finding[] {
  const direct = [...new Set(requests.flatMap(({ size = '' }) => (size.startsWith('direct-') ? [size] : [])))].sort();
  const all = readings(requests);
  return direct.flatMap((name): Finding[] => {
    const difference = caseDifference(all, 'kept', name);
    if (!difference) return [];
    return [
      {
        id: 'balancer-adds',
        of: name,
        value: difference.value,
        unit: 'ms',
        n: difference.n,
        interval: difference.interval,
        text: `through the balancer a model list takes ${differs(difference, 'longer', 'less')} than directly from ${name}`,
      },
    ];
  });
}
