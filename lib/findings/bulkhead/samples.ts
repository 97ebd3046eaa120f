import { alignment, attemptsOf, type RequestNote } from '../../truth';
import type { Observed } from '../observed';

/** What one phase says of the healthy model's requests. Times in ms. */
export interface Sample {
  requests: RequestNote[];
  /** To the first token, of the streams; of those that got none, how long the client waited for it. */
  ttft: number[];
  /** The longest gap of each stream that ended well. */
  stall: number[];
  /**
   * Sent by the client -> received by its provider, of the streams; where the provider was not asked, until the client
   * gave up. Without a truth none.
   */
  wait: number[];
  failed: number;
  /** The same of all of them (y), by their place among all requests of the run (x). */
  waits: readonly { x: number; y: number }[];
  /** `gaveUp`: those that their client waited for in vain. */
  streams: { requests: number; ok: number; gaveUp: number };
  plain: {
    requests: number;
    /** As `wait`; without a truth the whole time to the answer. */
    wait: number[];
    ok: number;
    gaveUp: number;
  };
}

const gaveUp = ({ outcome }: RequestNote) => outcome.startsWith('timeout');

/** The requests of a model in a phase, without the first third of it. */
export function sampleOf({ requests, truth }: Observed, phase: string, model: string): Sample {
  const all = requests.filter((request) => request.phase === phase);
  const start = Math.min(...all.map((request) => request.sent));
  const end = Math.max(...all.map((request) => request.sent));
  // The trouble takes its time to fill what is shared; without its beginning the figure is that of the state it leads
  // to.
  const own = all.filter((request) => request.model === model && request.sent >= start + (end - start) / 3);
  const ok = own.filter((request) => request.outcome === 'ok');
  const offset = truth && alignment(requests, truth);
  const calls =
    truth && offset !== undefined ? attemptsOf(own, truth, offset) : new Map<string, { received: number }[]>();
  // Who looks at those alone that were asked for looks at survivors: the others have waited longest.
  const wait = (request: RequestNote) => {
    if (!truth) return [];
    const first = calls.get(request.id)?.[0];
    return [first ? first.received - request.sent : request.end];
  };
  const plain = own.filter((request) => request.plain);
  const streams = own.filter((request) => !request.plain);
  const places = new Map(
    [...requests].sort((a, b) => a.sent - b.sent).map(({ id }, place): [string, number] => [id, place]),
  );
  return {
    requests: own,
    ttft: streams.flatMap((request) =>
      request.outcome === 'ok' ? request.ttft : request.outcome === 'timeout_first' ? request.end : [],
    ),
    stall: ok.filter((request) => request.gapMax >= 0).map((request) => request.gapMax),
    wait: streams.flatMap(wait),
    failed: own.length - ok.length,
    waits: own.flatMap((request) => wait(request).map((y) => ({ x: places.get(request.id)!, y }))),
    streams: {
      requests: streams.length,
      ok: ok.filter((request) => !request.plain).length,
      gaveUp: streams.filter(gaveUp).length,
    },
    plain: {
      requests: plain.length,
      wait: plain.flatMap((request) =>
        truth
          ? wait(request)
          : request.outcome === 'ok'
            ? request.e2e
            : request.outcome === 'timeout_first'
              ? request.end
              : [],
      ),
      ok: plain.filter((request) => request.outcome === 'ok').length,
      gaveUp: plain.filter(gaveUp).length,
    },
  };
}

/** Most requests of a model in flight at one moment of a phase. */
export function heldAtOnce(requests: readonly RequestNote[], phase: string, model: string): number {
  const moments = requests
    .filter((request) => request.phase === phase && request.model === model && request.sent >= 0)
    .flatMap(({ sent, end }) => [[sent, 1] as const, [sent + Math.max(0, end), -1] as const])
    .sort(([a, one], [b, other]) => a - b || one - other);
  let [now, most] = [0, 0];
  for (const [, change] of moments) most = Math.max(most, (now += change));
  return most;
}
