import type { ClockOffset, PartReport, RunRecord } from '../summary';
import { instrumentDoubts } from '../verdict';
import { segmentDoubts } from './segments';

/** A run that is a part of a load. */
export type PartRecord = RunRecord & { part: PartReport };

/** Runners may start so far apart, ms: less than a slot of the timeline shifts no finding. */
const startsWithin = 2000;

/** A runner in words. */
const name = ({ part, environment }: PartRecord) => `the runner of segment ${part.segment} on ${environment.hostname}`;

/**
 * Why the parts do not make one sound run, each as a sentence that names the runner: one is missing, was late, had another
 * commit, parameters or clock, or could not keep up itself.
 */
export function partDoubts(parts: readonly PartRecord[]): string[] {
  const doubts = segmentDoubts(
    parts.map(({ part }) => part.segment),
    parts[0]!.part.sequence,
  );
  for (const each of parts) doubts.push(...own(each), ...differences(each, parts[0]!));
  return doubts;
}

/** What a runner's own record says against it. */
function own(record: PartRecord): string[] {
  const { part } = record;
  if (part.refused) return [`${name(record)} refused to start: ${part.refused}`];
  if (part.snapshot.startedAt === 0) return [`${name(record)} sent nothing`];
  return [...instrumentDoubts(part.snapshot), ...(part.doubts ?? [])].map((doubt) => `${name(record)}: ${doubt}`);
}

/** What a runner did otherwise than the first. */
function differences(record: PartRecord, first: PartRecord): string[] {
  const found: string[] = [];
  const differ = (what: string, mine: unknown, theirs: unknown) => {
    if (JSON.stringify(mine) !== JSON.stringify(theirs))
      found.push(
        `${name(record)} had another ${what} (${JSON.stringify(mine)}) than the first (${JSON.stringify(theirs)})`,
      );
  };
  differ('script', record.script, first.script);
  differ('commit', record.environment.commit, first.environment.commit);
  differ('k6', record.environment.k6, first.environment.k6);
  differ('target', record.environment.target, first.environment.target);
  differ('clock', record.instrument.clock, first.instrument.clock);
  differ('division of the load', record.part.sequence, first.part.sequence);
  for (const parameter of parametersOf(record, first))
    differ(`parameter ${parameter}`, record.environment.parameters[parameter], first.environment.parameters[parameter]);
  if (found.length === 0) differ('load', record.profile, first.profile);
  // A load that decides itself when it goes on (stress) decides in each runner.
  for (const { phase, end } of record.part.snapshot.phases) {
    const theirs = first.part.snapshot.phases.find((row) => row.phase === phase)?.end ?? -1;
    if (Math.abs(end - theirs) > startsWithin)
      found.push(
        `${name(record)} ended phase ${phase} at ${(end / 1000).toFixed(1)} s, the first at ${(theirs / 1000).toFixed(1)} s: runners cannot decide together when the load goes on`,
      );
  }
  found.push(...clockDoubts(record, first));
  return found;
}

/** Where results go, and how exact they are, may differ; `apiKeys` is only their number. */
const mayDiffer = new Set(['out', 'calibration']);

const parametersOf = (a: RunRecord, b: RunRecord) =>
  [...new Set([...Object.keys(a.environment.parameters), ...Object.keys(b.environment.parameters)])].filter(
    (parameter) => !mayDiffer.has(parameter),
  );

const inSeconds = (ms: number) => `${(ms / 1000).toFixed(1)} s`;

/** Was a runner late, or is its clock another than the first's? */
function clockDoubts(record: PartRecord, first: PartRecord): string[] {
  const after = startAfter(record, first);
  const apart = clocksApart(record, first);
  const wrong = apart && Math.abs(apart.offset) - apart.bound > startsWithin ? apart : null;
  const clock =
    wrong &&
    `its clock is ${inSeconds(Math.abs(wrong.offset))} ${wrong.offset > 0 ? 'behind' : 'ahead of'} that of the first`;
  if (after && after.offset - after.bound > startsWithin) {
    const known = `known to within ${inSeconds(after.bound)}; at most ${startsWithin / 1000} s may be`;
    return [
      `${name(record)} was late: it started ${inSeconds(after.offset)} after the first of all (${known})${clock ? `, and ${clock}` : ''}`,
    ];
  }
  if (clock)
    return [
      `${name(record)} had another clock: ${clock} (known to within ${inSeconds(wrong!.bound)}): set the clocks of all machines (NTP)`,
    ];
  const raw = rawStart(record) - rawStart(first);
  if (after || Math.abs(raw) <= startsWithin || rawStart(record) === 0 || rawStart(first) === 0) return [];
  return [
    `${name(record)} started ${inSeconds(Math.abs(raw))} ${raw > 0 ? 'after' : 'before'} the first by their own clocks, and the target told no time (no Date header) to say whether it was late or its clock is wrong`,
  ];
}

const rawStart = ({ part }: PartRecord) => part.snapshot.startedAt;

/** How far a runner's clock is behind another's, ms, both compared with the target's; null where one knows no such time. */
function clocksApart(record: PartRecord, first: PartRecord): ClockOffset | null {
  const [mine, theirs] = [record.part.clock, first.part.clock];
  return mine && theirs && { offset: mine.offset - theirs.offset, bound: mine.bound + theirs.bound };
}

/**
 * One machine has one clock. Machines may have one name (localhost) and several clocks: then the target's tells them apart.
 */
function oneClock(record: PartRecord, first: PartRecord): boolean {
  const apart = clocksApart(record, first);
  return record.environment.hostname === first.environment.hostname && !(apart && Math.abs(apart.offset) > apart.bound);
}

/**
 * When a runner started after another, ms, by the target's clock where both know it, and by their own on one machine;
 * null where neither can be said.
 */
export function startAfter(record: PartRecord, first: PartRecord): ClockOffset | null {
  if (rawStart(record) === 0 || rawStart(first) === 0) return null;
  const raw = rawStart(record) - rawStart(first);
  if (oneClock(record, first)) return { offset: raw, bound: 0 };
  const apart = clocksApart(record, first);
  return apart && { offset: raw + apart.offset, bound: apart.bound };
}
