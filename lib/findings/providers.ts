import type { Finding } from '../measurements';
import { ascending, differenceNeeds, medianDifference, medianOf, quantileOf, type Difference } from '../statistics';
import { join, overhead, type Joined } from '../truth';
import { findings, type Observed } from './observed';

/*
 * Providers side by side: the same prompts to each model, interleaved, so that what the gateway and the network did
 * meanwhile fell on all of them.
 */

interface Group {
  /** The model, and its region where the truth tells one. */
  name: string;
  all: Joined[];
  good: Joined[];
}

const ms = (value: number | undefined) =>
  value === undefined ? '-' : value >= 100 || value <= -100 ? value.toFixed(0) : value.toFixed(1);

const signed = (value: number) => `${value >= 0 ? '+' : ''}${ms(value)}`;

function groups({ requests, truth }: Observed): Group[] {
  const found = new Map<string, Joined[]>();
  for (const joined of join(requests, truth ?? [])) {
    if (joined.detail.kind !== 'chat') continue;
    const region = (joined.served ?? joined.calls[0])?.region;
    const name = joined.note.model + (region && region !== '-' ? ` ${region}` : '');
    found.set(name, [...(found.get(name) ?? []), joined]);
  }
  const names = [...found].sort(([one], [other]) => (one < other ? -1 : 1));
  return names.map(([name, all]) => ({ name, all, good: all.filter(({ note }) => note.outcome === 'ok') }));
}

/** Everything that the script `providers` finds. The first by name is what the others are compared with. */
export const providerFindings = findings(
  ['side-by-side', 'ttft-difference', 'gap-difference', 'first-event-before-the-first-token', 'throttled'],
  (observed) => {
    const all = groups(observed);
    if (all.length === 0) return [];
    const [first, ...others] = all;
    const pairs = others.flatMap((other) => differences(first!, other));
    return [sideBySide(all), ...pairs, earlyChunk(all), throttling(all)];
  },
);

const ttfts = (group: Group) => group.good.map(({ note }) => note.ttft);
const gaps = (group: Group) =>
  group.good.flatMap(({ detail: { offsets } }) => offsets.slice(1).map((offset, i) => offset - offsets[i]!));
/** Tokens by the usage where it is told, over the events that brought them. */
const tokensPerChunk = (group: Group) =>
  group.good.flatMap(({ note, detail }) =>
    detail.completionTokens > 0 && note.chunks > 0 ? [detail.completionTokens / note.chunks] : [],
  );

function sideBySide(all: readonly Group[]): Finding {
  const rows = all.map((group) => {
    const median = (values: readonly number[]) => ms(medianOf(values));
    const sorted = ascending(ttfts(group));
    return [
      group.name,
      String(group.all.length),
      `${((100 * (group.all.length - group.good.length)) / group.all.length).toFixed(1)} %`,
      median(group.good.map(({ detail }) => detail.ttfb)),
      median(group.good.map(({ detail }) => detail.firstChunk)),
      ms(quantileOf(sorted, 0.5)),
      ms(quantileOf(sorted, 0.95)),
      ms(quantileOf(ascending(gaps(group)), 0.5)),
      median(tokensPerChunk(group)),
    ];
  });
  const head = ['model', 'requests', 'failed', 'TTFB p50', 'first chunk', 'TTFT p50', 'p95', 'gap p50', 'tokens/chunk'];
  return {
    id: 'side-by-side',
    value: all.length,
    unit: 'models',
    text: `${all.length === 1 ? 'one model' : `${all.length} models`}; each was asked the same prompts, in random order (times in ms)`,
    table: { head, rows },
  };
}

/** What is compared of two models: a value of each request, and the provider's own part and the gateway's part of it. */
interface Compared {
  id: string;
  what: string;
  of: (request: Joined) => number | undefined;
  provider: (request: Joined) => number | undefined;
  gateway: (request: Joined) => number | undefined;
}

/** Mean gap between chunks, ms; of a stream's own gaps none is independent of the others. */
const meanGap = (times: readonly number[]) =>
  times.length > 1 ? (times[times.length - 1]! - times[0]!) / (times.length - 1) : undefined;
const ofProvider = ({ served }: Joined) => served?.content_ns.map((ns) => ns / 1e6) ?? [];
const providerTtft = ({ served }: Joined) =>
  served?.content_ns[0] === undefined ? undefined : (served.content_ns[0] - served.received_ns) / 1e6;
const ofClient = ({ note }: Joined) => (note.gap >= 0 ? note.gap : undefined);

const compared: readonly Compared[] = [
  {
    id: 'ttft-difference',
    what: 'time to first token',
    of: ({ note }) => note.ttft,
    provider: providerTtft,
    gateway: (request) => overhead(request)?.ttft,
  },
  {
    id: 'gap-difference',
    what: 'mean gap between chunks',
    of: ofClient,
    provider: (request) => meanGap(ofProvider(request)),
    gateway: (request) => {
      const [all, own] = [ofClient(request), meanGap(ofProvider(request))];
      return all === undefined || own === undefined ? undefined : all - own;
    },
  },
];

function differences(first: Group, other: Group): Finding[] {
  const differ = (of: (request: Joined) => number | undefined) =>
    medianDifference(
      other.good.flatMap((request) => of(request) ?? []),
      first.good.flatMap((request) => of(request) ?? []),
    );
  return compared.map(({ id, what, of, provider, gateway }): Finding => {
    const found = differ(of);
    const base = { id, of: `${other.name} against ${first.name}`, unit: 'ms' };
    if (!found)
      return {
        ...base,
        value: null,
        text: `the ${what} of ${other.name} and ${first.name} cannot be compared: it takes ${differenceNeeds} good streams of each`,
      };
    const { value, interval } = found;
    const text = isShown(found)
      ? `${other.name}'s ${what} is ${ms(Math.abs(value))} ms ${value > 0 ? 'longer' : 'shorter'} than ${first.name}'s (difference of the medians ${range(found)})${partsText(differ(provider), differ(gateway))}`
      : `no difference of the ${what} is shown between ${other.name} and ${first.name}: ${ms(value)} ms ${range(found)}`;
    return { ...base, value, interval, n: Math.min(first.good.length, other.good.length), text };
  });
}

const isShown = ({ interval }: Difference) => interval[0] > 0 || interval[1] < 0;
const range = ({ interval }: Difference) => `[${ms(interval[0])}, ${ms(interval[1])}]`;

/** Whose part a difference is: only the provider's record tells the two apart. */
function partsText(provider: Difference | undefined, gateway: Difference | undefined): string {
  if (!provider || !gateway)
    return '. Whether the provider or the gateway makes it is not known without the record of the provider (PROVIDER_URL)';
  const part = (difference: Difference) =>
    `${signed(difference.value)} ms ${range(difference)}${isShown(difference) ? '' : ', so none is shown'}`;
  return `. The providers themselves differ by ${part(provider)}; what the gateway adds differs by ${part(gateway)}`;
}

/** A first event that comes so much before the first token is none of the model's, ms. */
const earlyBy = 20;

/** First events that carry no token: what stamps them reports them as time to first token. */
function earlyChunk(all: readonly Group[]): Finding {
  const id = 'first-event-before-the-first-token';
  const told: string[] = [];
  let worst = 0;
  for (const group of all) {
    const lead = medianOf(
      group.good.flatMap(({ note, detail }) => (detail.firstChunk >= 0 ? [note.ttft - detail.firstChunk] : [])),
    );
    if (lead === undefined || lead < earlyBy) continue;
    worst = Math.max(worst, lead);
    const own = group.good.filter(
      ({ detail, served }) =>
        detail.sentAt >= 0 &&
        served?.first_byte_ns != null &&
        detail.sentAt + detail.firstChunk * 1e6 < served.first_byte_ns,
    ).length;
    const by =
      own > group.good.length / 2 ? ', sent by the gateway itself before the provider has answered at all' : '';
    told.push(
      `${group.name}: its first event comes ${ms(lead)} ms before its first token and holds no text (only the role)${by}. A tool that takes the time of the first event reports a time to first token of ${ms(medianOf(group.good.map(({ detail }) => detail.firstChunk)))} ms instead of ${ms(medianOf(ttfts(group)))} ms`,
    );
  }
  return {
    id,
    value: worst,
    unit: 'ms',
    text:
      told.length > 0 ? told.join('. ') : `no model's first event comes more than ${earlyBy} ms before its first token`,
  };
}

/**
 * Quotas: how many requests were throttled, whether the gateway shows it, Retry-After, and the time until all is well
 * again.
 */
function throttling(all: readonly Group[]): Finding {
  const id = 'throttled';
  const every = all.flatMap((group) => group.all);
  const isThrottled = ({ note, calls }: Joined) =>
    note.status === 429 || (note.outcome !== 'ok' && calls.some((call) => call.status === 429));
  const throttled = every.filter(isThrottled);
  const base = { id, value: throttled.length / every.length, unit: 'share', n: every.length };
  const inside = every.filter(
    ({ note, calls }) => note.outcome === 'ok' && calls.some((call) => call.status === 429),
  ).length;
  const caught =
    inside > 0
      ? `; ${inside} more were throttled by the provider, and were answered because the gateway tried again`
      : '';
  if (throttled.length === 0) return { ...base, text: `none of the ${every.length} requests was throttled${caught}` };
  const told = all.flatMap((group) => {
    const some = group.all.filter(isThrottled);
    if (some.length === 0) return [];
    const hidden = some.filter(({ note }) => note.status !== 429).length;
    const first = some[0]!.note;
    const last = some[some.length - 1]!.note;
    const back = group.good.find(({ note }) => note.sent > last.sent);
    const shown =
      hidden > 0
        ? `; the client got ${hidden} of them not as 429 but as ${some.find(({ note }) => note.status !== 429)!.note.outcome} (status ${some.find(({ note }) => note.status !== 429)!.note.status}), so it cannot know that it should wait`
        : '';
    const recovered = back
      ? `${((back.note.sent - first.sent) / 1000).toFixed(1)} s after the first of them, requests were answered again`
      : 'until the end of the run no request was answered again';
    return [
      `${group.name}: ${some.length} of ${group.all.length} requests were throttled (429)${shown}; ${recovered}; ${retryAfter(group, some)}`,
    ];
  });
  return { ...base, text: told.join('. ') + caught };
}

function retryAfter(group: Group, throttled: readonly Joined[]): string {
  const given = throttled.flatMap(({ note, detail }) => {
    const seconds = Number(detail.retryAfter);
    return detail.retryAfter !== '' && Number.isFinite(seconds)
      ? [{ seconds, until: note.sent + note.end + seconds * 1000 }]
      : [];
  });
  if (given.length === 0) return 'no Retry-After header says when to try again';
  // It is right when what is sent after the first one's time is answered.
  const after = group.all.filter(({ note }) => note.sent > given[0]!.until);
  const kept = after.filter(({ note }) => note.outcome === 'ok').length;
  const word =
    after.length === 0
      ? 'nothing was sent after that time'
      : `${kept} of the ${after.length} requests that were sent after that time were answered`;
  return `a Retry-After of ${given[0]!.seconds} s came with ${given.length} of these ${throttled.length} answers, and ${word}`;
}
