import { ceilingOf, failuresByOutcome, heldAfter, limitsOf, rateOf, type Ladder, type Limit } from '../../ladder';
import type { Finding } from '../../measurements';
import { sumOf } from '../../statistics';
import { findings, type Observed } from '../observed';
import { outcomesOf } from '../outcomes';
import { besideHung } from './beside-hung';
import { againOf, ladderKinds, oneKey, type LadderKind } from './kinds';
import { brokenByHangUps } from './hang-ups';
import { ladderOf, rungIn, statsOf } from './view';
import { ceilingText, enough, names, shown } from './words';

/*
 * What `contention` finds. A kind's room is the share of the plan's peak that it has: of 500 users in flight where
 * something is held or limited by number, of 250 requests a second where it is limited by rate (both of SCALE).
 */

/** The plan's peak (7.4.3), and the ladder's top that stands for it. */
const peak = { users: 500, rate: 250, top: 512 };
const kinds: readonly LadderKind[] = [...ladderKinds, oneKey];

export const contentionFindings = findings(
  [
    'ceilings',
    ...kinds.map((kind) => `room-${kind}`),
    'held-after',
    'as-before',
    'lost-places',
    'broken-by-hang-ups',
    'beside-hung',
    'refused-otherwise',
  ],
  (observed) => {
    const ladders = kinds.map((kind) => ladderOf(observed, kind));
    const alone = bystanderAlone(ladders);
    const ceilings = ladders.flatMap((ladder) => ceilingOf(ladder, alone) ?? []);
    const limits = limitsOf(ceilings, { kind: oneKey, as: 'plain' }).map((limit, _, all) =>
      isSlowerByNow(limit, all) ? { ...limit, nature: 'slower' as const } : limit,
    );
    // Nothing was answered at all: that is told of each kind.
    if (limits.length === 0) return kinds.flatMap((kind) => roomOf(kind, limits, observed));
    return [
      table(limits),
      ...kinds.flatMap((kind) => roomOf(kind, limits, observed)),
      ...held(limits),
      ...asBefore(observed),
      ...lostPlaces(observed, limits),
      ...brokenByHangUps(observed),
      ...besideHung(observed, limits),
    ];
  },
);

/** What a bystander takes where it is quickest, ms; undefined where there was none. */
function bystanderAlone(ladders: readonly Ladder[]): number | undefined {
  const taken = ladders
    .flatMap(({ rungs }) => rungs.map(({ bystander }) => bystander))
    .filter((ms) => !Number.isNaN(ms));
  return taken.length > 0 ? Math.min(...taken) : undefined;
}

/**
 * Whether a model list or a refused key takes by itself, in a later ladder, what a wrong path waited beside this one: the
 * target has become slower with time, and its rungs do not differ by what is in flight alone.
 */
function isSlowerByNow({ nature, bystanderWait, bystanderAlone, wait }: Limit, all: readonly Limit[]): boolean {
  if (nature !== 'busy' && nature !== 'collapse') return false;
  const needLittle = all.filter(({ kind, beyond }) => (kind === 'list' || kind === 'refused') && beyond === 'no limit');
  const least = Math.min(...needLittle.map(({ service }) => service));
  return Number.isFinite(least) && least - bystanderAlone > 0.5 * Math.max(bystanderWait, wait);
}

function table(limits: readonly Limit[]): Finding {
  const knee = ({ law }: Limit) => (law && Number.isFinite(law.knee) ? shown(law.knee) : '-');
  return {
    id: 'ceilings',
    value: limits.filter(({ nature }) => nature !== 'none' && nature !== 'slower').length,
    unit: 'kinds',
    text: 'kinds of request that have a ceiling (time: of one alone, ms; at once: served at once at most; contention, coherency and knee: of the universal scalability law)',
    table: {
      head: ['kind', 'time', 'offered', 'at once', 'per second', 'nature', 'contention', 'coherency', 'knee'],
      rows: limits.map((limit) => [
        names[limit.kind as LadderKind],
        shown(limit.service),
        String(limit.offered),
        shown(limit.served),
        shown(limit.rate),
        limit.nature,
        limit.law?.sigma.toPrecision(2) ?? '-',
        limit.law?.kappa.toPrecision(2) ?? '-',
        knee(limit),
      ]),
    },
  };
}

/** The most in flight that the run was to offer, also where a ladder went no further than its limit. */
function topOf({ phases }: Observed): number {
  const numbers = phases.flatMap(({ phase }) => (/-(\d+)$/.exec(phase) ?? []).slice(1).map(Number));
  return Math.max(1, ...numbers);
}

/** The share of the plan's peak that a kind has room for; missed where no rung was answered at all. */
function roomOf(kind: LadderKind, limits: readonly Limit[], observed: Observed): Finding[] {
  const limit = limits.find((each) => each.kind === kind);
  const base = { id: `room-${kind}`, unit: 'share of the peak' };
  if (!limit) {
    const { rungs } = ladderOf(observed, kind);
    if (rungs.length === 0) return [];
    const failed = failuresByOutcome(rungs);
    const n = sumOf(Object.values(failed));
    if (n === 0)
      return [
        {
          ...base,
          value: null,
          missed: true,
          text: `no answer came to any of the ${names[kind]} before the run ended`,
        },
      ];
    const outcomes = Object.entries(failed).map(([outcome, count]) => `${outcome} ${count}`);
    if (kind === 'refused' && outcomes.length === 1 && failed.http_4xx)
      return [
        {
          id: 'refused-otherwise',
          value: n,
          unit: 'requests',
          text: `${names[kind]} are refused, but by another status than 401 and 403 (see the target's own words), so where they have their ceiling is not told`,
        },
      ];
    return [
      { ...base, value: null, missed: true, text: `none of ${n} ${names[kind]} ended well: ${outcomes.join(', ')}` },
    ];
  }
  const top = topOf(observed);
  const scale = top / peak.top;
  const byNumber = limit.nature === 'held' || limit.nature === 'limit';
  const has = byNumber ? limit.served / (peak.users * scale) : limit.rate / (peak.rate * scale);
  return [
    {
      ...base,
      value:
        limit.nature === 'slower' ? null : limit.nature === 'none' ? roomWithoutLimit(limit, top) : Math.min(1, has),
      n: limit.offered,
      text: ceilingText(limit, limits, top),
    },
  ];
}

/** Where no limit showed there is room for all that was tried, and nothing is known of more. */
const roomWithoutLimit = ({ offered, answered }: Limit, top: number): number | null =>
  offered >= top || answered > enough ? 1 : null;

function held(limits: readonly Limit[]): Finding[] {
  const found = heldAfter(limits);
  if (!found) return [];
  return [
    {
      id: 'held-after',
      value: found.after,
      unit: 'ms',
      text: `a place is held ${shown(found.after)} ms longer than its request, by what the kinds have in common: about ${shown(found.places)} places; give it back at once`,
    },
  ];
}

/** The lowest rung again, when the highest is over. */
function asBefore(observed: Observed): Finding[] {
  const changes = (['stream', 'plain'] as const).flatMap((kind) => {
    const [first] = ladderOf(observed, kind).rungs;
    const again = rungIn(observed, againOf(kind), kind, 1, 1);
    return first && again.ok > 0 && first.ok > 0 ? [{ kind, first, again, by: again.mean / first.mean }] : [];
  });
  const worst = changes.sort((a, b) => b.by - a.by)[0];
  if (!worst) return [];
  const { kind, first, again, by } = worst;
  return [
    {
      id: 'as-before',
      value: by,
      unit: 'times',
      n: again.ok,
      text: `after the most in flight one of the ${names[kind]} alone takes ${shown(again.mean)} ms, before it took ${shown(first.mean)} ms`,
    },
  ];
}

/**
 * Where there are places that can be lost. A busy process, and a line in which one comes after the other, are for a while
 * still at work on what hung up, and nothing is lost.
 */
const showsPlaces: readonly Limit['nature'][] = ['none', 'held', 'limit'];

/**
 * By how much longer every kind takes when few are under way once more, after the hang-ups: a target that becomes slower with
 * time has lost no places. 0 where one kind is as quick as it was; ms.
 */
function slowerAfterwards(observed: Observed, limits: readonly Limit[]): number {
  const later = [
    ['plain', { size: 'held' }],
    ['stream', { size: 'beside', kind: 'chat' }],
    ['list', { size: 'beside', kind: 'models' }],
  ] as const;
  const by = later.flatMap(([kind, tags]) => {
    const limit = limits.find((each) => each.kind === kind);
    const now = statsOf(observed, 'llm_e2e', { phase: 'before', ...tags })?.mean;
    const own = ladderOf(observed, kind).rungs.find(({ ok }) => ok > 0)?.mean;
    if (!limit || typeof now !== 'number' || own === undefined) return [];
    // The ladder of lists comes late, when all may be slower already: a wrong path needs as little, and was sent before.
    const first = kind === 'list' && limit.bystanderAlone < own ? limit.bystanderAlone : own;
    return [now - first];
  });
  return by.length > 0 ? Math.max(0, Math.min(...by)) : 0;
}

/** What plain calls came to after clients had hung up, against the same number in flight before. */
function lostPlaces(observed: Observed, limits: readonly Limit[]): Finding[] {
  const phase = observed.phases.find((each) => each.phase === 'after-hang-ups');
  const hangUps = Object.values(outcomesOf(observed, { phase: 'hang-ups', size: 'hang-up' })).reduce(
    (a, b) => a + b,
    0,
  );
  const limit = limits.find(({ kind }) => kind === 'plain');
  if (!phase || !limit || !showsPlaces.includes(limit.nature) || hangUps === 0) return [];
  const inFlight = phase.max_in_flight;
  const after = rungIn(observed, 'after-hang-ups', 'plain', inFlight, phase.end_s - phase.start_s);
  const before = ladderOf(observed, 'plain').rungs;
  // The rung of the same number, or the highest that was climbed: beyond a ceiling all rungs have its rate.
  const same = before.filter((rung) => rung.inFlight <= inFlight).pop();
  if (!same || rateOf(same) === 0) return [];
  // As many would be answered if each were as quick as before.
  const kept =
    (rateOf(after) / rateOf(same)) * (after.mean / Math.max(1, after.mean - slowerAfterwards(observed, limits)));
  const lost = Math.max(0, 1 - kept);
  const places =
    limit.nature === 'held' ? `: of ${shown(limit.served)} places about ${shown(limit.served * lost)} are gone` : '';
  return [
    {
      id: 'lost-places',
      value: lost,
      unit: 'share',
      n: after.ok,
      text: `after ${hangUps} clients had hung up, plain calls ran at ${shown(rateOf(after))}/s, before at ${shown(rateOf(same))}/s${places}${lost > 0.15 ? '; what such a request holds is not given back when its client leaves' : ''}`,
    },
  ];
}
