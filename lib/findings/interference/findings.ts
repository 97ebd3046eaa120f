import { apartFromEarlier, blockOf, matrixOf, stallsIn, type Change, type Moment } from '../../impact';
import type { Finding } from '../../measurements';
import { findings, type GroupNote } from '../observed';
import { aggressorOf, aggressors, quiet, type Aggressor } from './aggressors';

/*
 * What `interference` finds: who hurts whom, for how long each call keeps the process from all others, and stalls that
 * come by themselves.
 */

const victims = ['stream', 'plain', 'embedding', 'list'] as const;
const names: Record<string, string> = {
  stream: 'stream',
  plain: 'plain call',
  embedding: 'call for an embedding',
  batch: 'batch of 96 embeddings',
  list: 'model list',
  refused: 'request with a wrong key',
  large: 'prompt of 32,000 tokens',
};
const plurals: Record<(typeof victims)[number], string> = {
  stream: 'streams',
  plain: 'plain calls',
  embedding: 'calls for embeddings',
  list: 'model lists',
};
const signed = (value: number) => `${value >= 0 ? '+' : ''}${value.toFixed(Math.abs(value) < 10 ? 1 : 0)}`;
const told = ({ value, interval }: Change) => `${signed(value)} ms [${interval.map(signed).join(', ')}]`;
const sure = 0.05;
/** Of so many pairs some have an interval beyond 0 by chance; p is corrected for that, an interval is not. */
const byChance = ({ p, interval: [low, high] }: Change) =>
  p < sure ? '' : `, which chance may explain${low > 0 || high < 0 ? ', since so many pairs are compared' : ''}`;
/**
 * A request's own work keeps the only core for so long, in ms: what is not more is no call that blocks. Large bodies have to
 * be read. The limits of thresholds/interference.json are the same.
 */
const ownWork = (aggressor: Aggressor) => (aggressor === 'batch' || aggressor === 'large' ? 20 : 3);

export const interferenceFindings = findings(
  [
    'impact',
    ...aggressors.map((each) => `block-${each}`),
    ...victims.map((each) => `hurt-${each}`),
    'victims-failed',
    'common-stalls',
  ],
  (observed) => {
    const notes = afterTheQueue(observed.groups ?? []);
    if (notes.length === 0) return [];
    return [...matrix(notes), ...blocks(notes), failed(notes), stalls(notes)];
  },
);

/**
 * Without the groups that came while bystanders of an earlier phase were still waiting, which need nothing but the process:
 * they stand in the queue that another aggressor left, and what they wait is not laid to their own, nor to nobody.
 */
function afterTheQueue(notes: readonly GroupNote[]): GroupNote[] {
  const phases = new Map<string, { from: number; to: number }>();
  for (const { phase, at, role, ms } of notes) {
    if (role !== 'bystander') continue;
    const { from, to } = phases.get(phase) ?? { from: at, to: at };
    phases.set(phase, { from: Math.min(from, at), to: Math.max(to, at + ms) });
  }
  const queueEnds = ({ phase, at }: GroupNote) =>
    Math.max(...[...phases].map(([name, { from, to }]) => (name !== phase && from < at ? to : -Infinity)));
  return notes.filter((note) => note.at >= queueEnds(note));
}

const isVictim = ({ role }: GroupNote) => role === 'victim';
const timesOf = (notes: readonly GroupNote[], victim: string, aggressor: string) =>
  notes
    .filter((each) => isVictim(each) && each.ok && each.kind === victim && aggressorOf(each.phase) === aggressor)
    .map(({ ms }) => ms);

function matrix(notes: readonly GroupNote[]): Finding[] {
  const cells = matrixOf(
    victims.flatMap((victim) =>
      aggressors.map((aggressor) => ({
        victim,
        aggressor,
        now: timesOf(notes, victim, aggressor),
        before: timesOf(notes, victim, quiet),
      })),
    ),
  );
  const at = (victim: string, aggressor: string) =>
    cells.find((cell) => cell.victim === victim && cell.aggressor === aggressor)?.change;
  const shown = (change: Change | undefined) =>
    change === undefined ? '-' : `${signed(change.value)}${change.p < sure ? '' : ' (not sure)'}`;
  const hurt = victims.map((victim): Finding => {
    const known = cells.flatMap((cell) =>
      cell.victim === victim && cell.change ? [{ ...cell, change: cell.change }] : [],
    );
    const worst = known.sort((a, b) => b.change.value - a.change.value)[0];
    const base = { id: `hurt-${victim}`, unit: 'ms' };
    if (!worst) return { ...base, value: null, text: `${plurals[victim]}: too few samples to say who hurts them` };
    return {
      ...base,
      value: worst.change.value,
      interval: worst.change.interval,
      n: worst.change.n,
      text:
        worst.change.value > 0
          ? `a ${names[victim]} takes ${told(worst.change)} longer when it is sent together with a ${names[worst.aggressor]}${byChance(worst.change)}; of ${known.length} kinds that is the most`
          : `a ${names[victim]} takes no longer with any of ${known.length} kinds that it is sent together with; the most is ${told(worst.change)}, with a ${names[worst.aggressor]}`,
    };
  });
  return [
    {
      id: 'impact',
      value: cells.filter(({ change }) => change && change.p < sure && change.value > 0).length,
      unit: 'cells',
      text: 'who hurts whom: by how much longer the victims (rows; streams: to the first token) take when the aggressors (columns) are sent together with them, ms, medians; corrected for the number of cells',
      table: {
        head: ['', ...aggressors],
        rows: victims.map((victim) => [victim, ...aggressors.map((aggressor) => shown(at(victim, aggressor)))]),
      },
    },
    ...hurt,
  ];
}

/** The groups of an aggressor's phases that had no victim, as moments: a victim may block as well. */
function momentsOf(notes: readonly GroupNote[], aggressor: string): Moment[] {
  const groups = new Map<string, { at: number; waits: number[] }>();
  for (const { phase, at, role, ok, ms } of notes) {
    if (aggressorOf(phase) !== aggressor || role !== 'bystander' || !ok) continue;
    const key = `${phase} ${at}`;
    const group = groups.get(key) ?? { at, waits: [] };
    group.waits.push(ms);
    groups.set(key, group);
  }
  for (const { phase, at, role } of notes) if (role === 'victim') groups.delete(`${phase} ${at}`);
  return [...groups.values()];
}

function blocks(notes: readonly GroupNote[]): Finding[] {
  const without = momentsOf(notes, quiet);
  return aggressors.map((aggressor): Finding => {
    const change = blockOf(momentsOf(notes, aggressor), without);
    const base = { id: `block-${aggressor}`, unit: 'ms' };
    if (!change)
      return { ...base, value: null, text: `${names[aggressor]}: too few samples to say how long it blocks` };
    const shows = change.interval[0] > 0 && change.p < sure;
    const blocking = shows && change.interval[0] > ownWork(aggressor);
    return {
      ...base,
      value: change.value,
      interval: change.interval,
      n: change.n,
      text: blocking
        ? `each ${names[aggressor]} blocks the event loop (or the only core) for ${told(change)}: what is sent in the same moment and needs nothing but the process waits for so long${standstill(notes, aggressor)}; ${adviceFor(aggressor)}`
        : shows
          ? `a ${names[aggressor]} keeps the process for ${told(change)}: the work of a request takes ${change.value > ownWork(aggressor) ? 'nearly ' : ''}as long, so nothing is said to block`
          : change.interval[1] > ownWork(aggressor)
            ? `whether a ${names[aggressor]} keeps waiting what needs the process alone is not known: ${told(change)}`
            : `a ${names[aggressor]} keeps nothing waiting that needs the process alone: ${told(change)}`,
    };
  });
}

/** What streams under way show of it. */
function standstill(notes: readonly GroupNote[], aggressor: Aggressor): string {
  const gaps = (of: string) =>
    notes
      .filter((each) => isVictim(each) && each.kind === 'stream' && each.gap >= 0 && aggressorOf(each.phase) === of)
      .map(({ gap }) => gap);
  const { change } = matrixOf([{ victim: 'gap', aggressor, now: gaps(aggressor), before: gaps(quiet) }])[0]!;
  return change && change.p < sure && change.value > 0
    ? `, and streams under way stand still (longest gap ${told(change)})`
    : '';
}

function adviceFor(aggressor: Aggressor): string {
  switch (aggressor) {
    case 'embedding':
    case 'batch':
      return 'a call that waits for the provider must not be a blocking one: make it asynchronous, or give it a thread';
    case 'refused':
    case 'list':
      return 'what it looks up or writes must not be a blocking call';
    default:
      return 'make what each call needs once (a client, a session), and give blocking work a thread or a worker of its own';
  }
}

function failed(notes: readonly GroupNote[]): Finding {
  const all = notes.filter(isVictim);
  const bad = all.filter(({ ok }) => !ok).length;
  return {
    id: 'victims-failed',
    value: all.length > 0 ? bad / all.length : null,
    unit: 'share',
    n: all.length,
    text: `${bad} of ${all.length} victims' requests failed`,
  };
}

/** Where a smaller share of the moments has nobody before it, the others are all that there is to see. */
const fewestApart = 0.2;

function stalls(notes: readonly GroupNote[]): Finding {
  const starts = notes.filter(({ phase }) => aggressorOf(phase) === quiet).map(({ at }) => at);
  const all = momentsOf(notes, quiet);
  const apart = apartFromEarlier(all, starts);
  const base = { id: 'common-stalls', unit: 'ms' };
  if (apart.length < fewestApart * all.length)
    return {
      ...base,
      value: null,
      text: `whether anything stands still by itself cannot be said: at ${all.length - apart.length} of ${all.length} moments the requests of those before were still waiting`,
    };
  const found = stallsIn(apart);
  if (!found) return { ...base, value: 0, text: 'without an aggressor nothing stands still by itself' };
  return {
    ...base,
    value: found.length,
    n: found.seen,
    text: `everything stands still about every ${(found.every / 1000).toFixed(1)} s (${found.between.map((ms) => (ms / 1000).toFixed(1)).join(' to ')}) for about ${found.length.toFixed(0)} ms, with no request at fault (${found.seen} moments fell into it): a garbage collection, a background task, or a container that is throttled`,
  };
}
