import type { ClockOffset, PartReport, RunRecord } from '../summary';
import { instrumentDoubts } from '../verdict';
import { segmentDoubts } from './segments';

/** A run that is a part of a load. */
export type PartRecord = RunRecord & { part: PartReport };

/** Runners may start so far apart, ms: less than a slot of the timeline shifts no finding. */
export const startsWithin = 2000;

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
  return instrumentDoubts(part.snapshot).map((doubt) => `${name(record)}: ${doubt}`);
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
  const after = startAfter(record, first);
  if (after && after.offset - after.bound > startsWithin)
    found.push(
      `${name(record)} was late: it started ${(after.offset / 1000).toFixed(1)} s after the first of all (known to within ${(after.bound / 1000).toFixed(1)} s; at most ${startsWithin / 1000} s may be)`,
    );
  return found;
}

/** Where results go, and how exact they are, may differ; `apiKeys` is only their number. */
const mayDiffer = new Set(['out', 'calibration']);

const parametersOf = (a: RunRecord, b: RunRecord) =>
  [...new Set([...Object.keys(a.environment.parameters), ...Object.keys(b.environment.parameters)])].filter(
    (parameter) => !mayDiffer.has(parameter),
  );

/**
 * When a runner started after another, ms, by the target's clock where both know it, and by their own on one machine;
 * null where neither can be said.
 */
export function startAfter(record: PartRecord, first: PartRecord): ClockOffset | null {
  const raw = record.part.snapshot.startedAt - first.part.snapshot.startedAt;
  if (record.part.snapshot.startedAt === 0 || first.part.snapshot.startedAt === 0) return null;
  if (record.environment.hostname === first.environment.hostname) return { offset: raw, bound: 0 };
  const [mine, theirs] = [record.part.clock, first.part.clock];
  if (!mine || !theirs) return null;
  return { offset: raw + mine.offset - theirs.offset, bound: mine.bound + theirs.bound };
}
