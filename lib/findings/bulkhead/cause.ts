import type { Difference } from '../../statistics';
import type { InFlight } from './in-flight';

/*
 * What the two models share, as far as a phase shows it, in sentences that say what to do.
 */

/** A change counts when its interval is beyond this, ms: less is no head-of-line blocking that a user would feel. */
export const felt = 10;

/** Whether a change is beyond doubt longer than what a user would feel. */
export const counts = (change: Difference | undefined) => change !== undefined && change.interval[0] > felt;

/** What a phase shows. */
export interface Symptoms {
  phase: string;
  /** The most calls to the sick model that were in flight at once. */
  held: number;
  /** Streams stand still between their chunks. */
  stands: boolean;
  /** Streams come to their provider later, or not at all. */
  streamsWait: boolean;
  plainWaits: boolean;
  /** Undefined where it is not known. */
  inFlight?: InFlight;
}

/** `loop`: an event loop or a CPU; `plain`: held by plain calls; `shared`: by all calls. */
export type Cause = 'loop' | 'plain' | 'shared';

/** The kind of cause of what a phase shows; undefined where nothing counts. */
export function causeOf({
  stands,
  streamsWait,
  plainWaits,
  inFlight,
}: Omit<Symptoms, 'phase' | 'held'>): Cause | undefined {
  if (stands) return 'loop';
  const { plain, total, oneByOne = false } = inFlight ?? {};
  // Where streams hold places too, so many calls of both kinds are in flight; else plain calls alone, once they fill it.
  const heldByPlain = !oneByOne && plain !== undefined && (total === undefined || total <= plain);
  if (plainWaits && (!streamsWait || heldByPlain)) return 'plain';
  return streamsWait || plainWaits ? 'shared' : undefined;
}

/**
 * A phase with far more calls to the sick model in flight than where calls waited, in which nothing waits any longer: they do
 * not wait for anything that its calls hold.
 */
export function refutedBy(all: readonly Symptoms[]): Symptoms | undefined {
  const waits = ({ streamsWait, plainWaits }: Symptoms) => streamsWait || plainWaits;
  const held = Math.max(0, ...all.filter(waits).map((each) => each.held));
  if (held === 0) return undefined;
  const free = all.filter((each) => !waits(each) && !each.stands && each.held > 3 * held);
  return free.sort((a, b) => b.held - a.held)[0];
}

/** The cause in sentences that say what to do. `all` are the symptoms of the phases that show it. */
export function causeText(cause: Cause, all: readonly Symptoms[], sick: string): string {
  const known = all.flatMap(({ inFlight }) => inFlight ?? []);
  switch (cause) {
    case 'loop':
      return `streams that are under way stand still: both models are served by one event loop (or one CPU) that calls to ${sick} block. Give these calls a thread or a worker of their own`;
    case 'plain': {
      const held = known.find(({ plain }) => plain !== undefined);
      const size = held
        ? `. While calls waited, ${held.plain} plain calls were in flight at the providers, and no more${held.streams > 0 ? `; of streams there were up to ${held.streams}` : ''}`
        : '';
      const also = all.some(({ streamsWait }) => streamsWait)
        ? '. Streams wait too: each seems to need such a place for a moment, as for the check of its key'
        : '. Streams do not wait';
      return `something is held for as long as a plain call lasts, such as a database session or a worker slot, and calls to ${sick} hold all there is of it${size}${also}. Let it go before the provider is called`;
    }
    case 'shared': {
      if (known.length > 0 && known.every(({ oneByOne }) => oneByOne))
        return 'calls wait for something that both share. While they waited, no more than one call was in flight at the providers: one comes after the other, as where each needs the same lock or a single connection. Give each provider its own, or each key';
      const limit = known.find(({ total }) => total !== undefined)?.total;
      if (limit !== undefined)
        return `calls wait for something that both share. While they waited, ${limit} calls were in flight at the providers, and no more: so it is one pool of ${limit} connections for all providers, or a limit of so many calls. Give each provider its own`;
      const varied =
        known.length > 0
          ? known.some(({ flows }) => flows === true)
            ? 'While they waited, the number of calls in flight at the providers was no fixed one, and streams under way went on, so it is neither a pool that calls fill nor a process without time: look for what calls hold one after the other, before they ask the provider or after it has ended (a lock, a record that is written)'
            : 'While they waited, the number of calls in flight at the providers was no fixed one, so it may be an event loop or a CPU that has no time left, rather than a pool'
          : 'It may be a pool of connections, worker slots, a limit of calls in flight, or an event loop that has no time left';
      return `calls wait for something that both share. ${varied}. Give each provider its own`;
    }
  }
}
