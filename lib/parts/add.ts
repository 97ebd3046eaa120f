import type { Histogram, Instrument, OutcomeRow, PhaseRow, Row, Slot, Snapshot, Told } from 'k6/x/sse';
import { merge, mergeBatches } from '../statistics';
import { addFailures } from './failures';
import { grouped, tagKey } from './grouped';

/** What one runner counted, and on which machine: runners of one machine share its CPU. */
export interface Counted {
  hostname: string;
  snapshot: Snapshot;
}

/**
 * What several runners counted, as one would have: counters, histograms, outcomes and the timeline are added exactly.
 * Of the instrument the worst stands, since one runner that could not keep up spoils the whole. What cannot be added (a
 * signal, what a script threw) is left out: it is told of each runner by itself.
 */
export function add(parts: readonly Counted[]): Snapshot {
  const all = parts.map(({ snapshot }) => snapshot);
  const total = (of: (snapshot: Snapshot) => number) => all.reduce((sum, snapshot) => sum + of(snapshot), 0);
  const begun = all.map(({ startedAt }) => startedAt).filter((at) => at > 0);
  return {
    startedAt: begun.length > 0 ? Math.min(...begun) : 0,
    elapsed: Math.max(...all.map(({ elapsed }) => elapsed)),
    started: total((s) => s.started),
    finished: total((s) => s.finished),
    failed: total((s) => s.failed),
    interrupted: total((s) => s.interrupted),
    open: total((s) => s.open),
    lost: total((s) => s.lost),
    scriptErrors: 0,
    firstScriptErrors: [],
    refusedValues: total((s) => s.refusedValues),
    signal: '',
    remarks: addRemarks(all.flatMap(({ remarks }) => remarks)),
    failures: addFailures(all.map(({ failures }) => failures)),
    rows: addRows(all.flatMap(({ rows }) => rows)),
    outcomes: addOutcomes(all.flatMap(({ outcomes }) => outcomes)),
    phases: addPhases(all.map(({ phases }) => phases)),
    timeline: addSlots(all.flatMap(({ timeline }) => timeline)),
    instrument: addInstruments(parts),
  };
}

function addRows(rows: readonly Row[]): Row[] {
  return grouped(rows, ({ metric, tags }) => metric + tagKey(tags)).map((group) => {
    const histogram = merge(group.map((row) => row.histogram));
    const batches = mergeBatches(group.flatMap((row) => row.batches ?? []));
    return { metric: group[0]!.metric, tags: group[0]!.tags, histogram, ...(batches ? { batches } : {}) };
  });
}

function addOutcomes(rows: readonly OutcomeRow[]): OutcomeRow[] {
  return grouped(rows, ({ outcome, tags }) => outcome + tagKey(tags)).map((group) => ({
    ...group[0]!,
    count: group.reduce((sum, { count }) => sum + count, 0),
  }));
}

function addRemarks(told: readonly Told[]): Told[] {
  return grouped(told, ({ remark }) => remark).map((group) => ({
    ...group[0]!,
    count: group.reduce((sum, { count }) => sum + count, 0),
  }));
}

function addPhases(parts: readonly PhaseRow[][]): PhaseRow[] {
  return grouped(parts.flat(), ({ phase }) => phase).map((group) => {
    const begun = group.filter(({ start }) => start >= 0);
    const total = (of: (row: PhaseRow) => number) => group.reduce((sum, row) => sum + of(row), 0);
    return {
      phase: group[0]!.phase,
      start: begun.length > 0 ? Math.min(...begun.map(({ start }) => start)) : -1,
      end: Math.max(...group.map(({ end }) => end)),
      due: total((row) => row.due),
      dispatched: total((row) => row.dispatched),
      dropped: total((row) => row.dropped),
      waited: total((row) => row.waited),
      // At most: the runners' highest need not have come at one time.
      maxInFlight: total((row) => row.maxInFlight),
    };
  });
}

function addSlots(slots: readonly Slot[]): Slot[] {
  const added = grouped(slots, ({ slot }) => String(slot)).map((group) => {
    const outcomes: Record<string, number> = {};
    const histograms: Record<string, Histogram[]> = {};
    for (const each of group) {
      for (const [outcome, count] of Object.entries(each.outcomes))
        outcomes[outcome] = (outcomes[outcome] ?? 0) + count;
      for (const [metric, histogram] of Object.entries(each.metrics)) {
        histograms[metric] ??= [];
        histograms[metric].push(histogram);
      }
    }
    return {
      ...group[0]!,
      started: group.reduce((sum, { started }) => sum + started, 0),
      inFlight: group.reduce((sum, { inFlight }) => sum + inFlight, 0),
      outcomes,
      metrics: Object.fromEntries(Object.entries(histograms).map(([metric, parts]) => [metric, merge(parts)])),
    };
  });
  return added.sort((a, b) => a.slot - b.slot);
}

const busy = ({ cpuSeconds, wallSeconds, cpus }: Instrument) => cpuSeconds / Math.max(wallSeconds * cpus, 1e-9);

/** Runners of one machine use its CPU together; of several machines the busiest stands. */
function addInstruments(parts: readonly Counted[]): Instrument {
  const all = parts.map(({ snapshot }) => snapshot.instrument);
  const total = (of: (i: Instrument) => number) => all.reduce((sum, i) => sum + of(i), 0);
  const machines = grouped(parts, ({ hostname }) => hostname).map((group) => {
    const own = group.map(({ snapshot }) => snapshot.instrument);
    return { ...own[0]!, cpuSeconds: own.reduce((sum, i) => sum + i.cpuSeconds, 0) };
  });
  const busiest = machines.reduce((a, b) => (busy(b) > busy(a) ? b : a));
  const byRead = all.find(({ clock }) => clock !== 'kernel');
  return {
    ...busiest,
    ...(byRead ? { clock: byRead.clock, clockReason: byRead.clockReason } : {}),
    readClock: {
      http2: total((i) => i.readClock.http2),
      gzip: total((i) => i.readClock.gzip),
      unix: total((i) => i.readClock.unix ?? 0),
    },
    lateness: merge(all.map(({ lateness }) => lateness)),
    readDelay: merge(all.map(({ readDelay }) => readDelay)),
    contentEvents: total((i) => i.contentEvents),
    contentReads: total((i) => i.contentReads),
    lateShared: total((i) => i.lateShared),
    cpuPeak: Math.max(...all.map(({ cpuPeak }) => cpuPeak)),
    maxRssBytes: Math.max(...all.map(({ maxRssBytes }) => maxRssBytes)),
    goroutines: total((i) => i.goroutines),
  };
}
