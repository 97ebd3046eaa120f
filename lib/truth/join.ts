import type { RequestDetail } from './detail';
import type { RequestNote } from './note';
import type { TruthRecord } from './record';

/** A client's request and the provider calls that it caused. */
export interface Joined {
  note: RequestNote;
  detail: RequestDetail;
  /** In the order in which the provider received them. */
  calls: TruthRecord[];
  /** The call whose answer the client got: the one that its first token names, else the last that was answered. */
  served?: TruthRecord;
}

/** Lays the client's requests (those noted with details) beside the truth, by the id that each prompt carried. */
export function join(requests: readonly RequestNote[], truth: readonly TruthRecord[]): Joined[] {
  const calls = new Map<string, TruthRecord[]>();
  for (const record of truth) {
    if (record.id === null) continue;
    const known = calls.get(record.id);
    if (known) known.push(record);
    else calls.set(record.id, [record]);
  }
  return requests.flatMap((note) => {
    if (!note.detail) return [];
    const own = (calls.get(note.id) ?? []).sort((a, b) => a.received_ns - b.received_ns);
    const { served } = note.detail;
    const answered = own.filter((record) => record.status === 200);
    return [
      {
        note,
        detail: note.detail,
        calls: own,
        served: own.find((record) => record.seq === served) ?? answered[answered.length - 1],
      },
    ];
  });
}

/** When the client hung up, ns since 1970; undefined where the moment of sending is not known (off Linux). */
export const hangUpAt = ({ note, detail }: Pick<Joined, 'note' | 'detail'>): number | undefined =>
  detail.sentAt < 0 ? undefined : detail.sentAt + note.end * 1e6;

/** The way of a hang-up through the gateway to the provider takes no longer, ns. */
const onTheWay = 100e6;

/**
 * Whether a provider's call had ended by itself before a client's hanging up could stop it: then it says nothing of whether
 * hang-ups are passed on.
 */
export const endedBefore = ({ end_ns: end, client_gone_ns: gone }: TruthRecord, hangUp: number | undefined): boolean =>
  gone === null && end !== null && hangUp !== undefined && end < hangUp + onTheWay;

/** What the gateway added to one streamed answer, ms. */
export interface Overhead {
  /** The client's time to first token minus the provider's own: `before` + `after`. */
  ttft: number;
  /** Sent by the client to received by the provider; with retries, by the call that served. Undefined off Linux. */
  before?: number;
  /** First content written by the provider to its arrival at the client. Undefined off Linux. */
  after?: number;
  /** Each chunk's way from the provider's write to the client; empty where chunks out are not chunks in. */
  chunks: number[];
  /** Content chunks that the provider wrote, and content events that the client got. */
  chunksIn: number;
  chunksOut: number;
  /** Moments at which the client got content: fewer than chunks where several came in one piece. */
  arrivals: number;
}

/** The gateway's part in a request that ended well; undefined where the truth has no content for it. */
export function overhead({ note, detail, served }: Joined): Overhead | undefined {
  const first = served?.content_ns[0];
  if (note.outcome !== 'ok' || served === undefined || first === undefined || detail.offsets.length === 0)
    return undefined;
  const { offsets, sentAt } = detail;
  const arrival = (i: number) => (sentAt - served.content_ns[i]!) / 1e6 + offsets[i]!;
  const exact = sentAt >= 0;
  return {
    ttft: note.ttft - (first - served.received_ns) / 1e6,
    before: exact ? (served.received_ns - sentAt) / 1e6 : undefined,
    after: exact ? arrival(0) : undefined,
    chunks: exact && offsets.length === served.content_ns.length ? offsets.map((_, i) => arrival(i)) : [],
    chunksIn: served.content_ns.length,
    chunksOut: offsets.length,
    arrivals: offsets.filter((offset, i) => i === 0 || offset > offsets[i - 1]!).length,
  };
}
