import type { Finding } from '../measurements';
import { ascending, differenceNeeds, medianDifference, medianOf, quantileOf } from '../statistics';
import { join, type Joined } from '../truth';
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

/** Everything that the script `providers` finds. The first by name is what the others are held against. */
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
    text: `${all.length} models, the same prompts to each, in random order (ms):`,
    table: { head, rows },
  };
}

function differences(first: Group, other: Group): Finding[] {
  const compare = (
    id: string,
    of: (group: Group) => number[],
    what: string,
    [more, less]: [string, string],
  ): Finding => {
    const found = medianDifference(of(other), of(first));
    const base = { id, of: `${other.name} against ${first.name}`, unit: 'ms' };
    if (!found)
      return {
        ...base,
        value: null,
        text: `${what} of ${other.name} and ${first.name}: fewer than ${differenceNeeds} good streams each, too few to compare`,
      };
    const { value, interval } = found;
    const range = `[${ms(interval[0])}, ${ms(interval[1])}]`;
    const shown = interval[0] > 0 || interval[1] < 0;
    const text = shown
      ? `${other.name}'s ${what} is ${ms(Math.abs(value))} ms ${value > 0 ? more : less} than ${first.name}'s, difference ${range} (medians, 95 %)`
      : `no difference shown in ${what} between ${other.name} and ${first.name}: ${ms(value)} ms ${range}`;
    return { ...base, value, interval, n: Math.min(first.good.length, other.good.length), text };
  };
  return [
    compare('ttft-difference', ttfts, 'time to first token', ['longer', 'shorter']),
    // A gap of each stream: gaps of one stream are no independent samples.
    compare(
      'gap-difference',
      (group) => group.good.flatMap(({ note }) => (note.gap >= 0 ? [note.gap] : [])),
      'mean gap between chunks',
      ['longer', 'shorter'],
    ),
  ];
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
      `${group.name}: its first event comes ${ms(lead)} ms before its first token and says nothing (role only)${by}; a tool that stamps the first event reports a time to first token of ${ms(medianOf(group.good.map(({ detail }) => detail.firstChunk)))} ms instead of ${ms(medianOf(ttfts(group)))} ms`,
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
    inside > 0 ? `; ${inside} more were throttled by the provider and got through by the gateway's retries` : '';
  if (throttled.length === 0) return { ...base, text: `none of ${every.length} requests was throttled${caught}` };
  const told = all.flatMap((group) => {
    const some = group.all.filter(isThrottled);
    if (some.length === 0) return [];
    const hidden = some.filter(({ note }) => note.status !== 429).length;
    const first = some[0]!.note;
    const last = some[some.length - 1]!.note;
    const back = group.good.find(({ note }) => note.sent > last.sent);
    const shown =
      hidden > 0
        ? `; ${hidden} of them did not come as 429 but as ${some.find(({ note }) => note.status !== 429)!.note.outcome} (status ${some.find(({ note }) => note.status !== 429)!.note.status}): a client cannot know to wait`
        : '';
    const recovered = back
      ? `well again ${((back.note.sent - first.sent) / 1000).toFixed(1)} s after the first`
      : 'not well again before the end';
    return [
      `${group.name}: ${some.length} of ${group.all.length} throttled (429)${shown}; ${recovered}; ${retryAfter(group, some)}`,
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
  if (given.length === 0) return 'no Retry-After says when to come back';
  // It keeps its word when what is sent after the first one's time is answered.
  const after = group.all.filter(({ note }) => note.sent > given[0]!.until);
  const kept = after.filter(({ note }) => note.outcome === 'ok').length;
  const word =
    after.length === 0
      ? 'nothing was sent so much later'
      : `${kept} of ${after.length} requests sent after that were answered`;
  return `Retry-After ${given[0]!.seconds} s on ${given.length} of ${throttled.length}: ${word}`;
}
