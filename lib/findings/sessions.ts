import { counted } from '../growth-law';
import type { Finding } from '../measurements';
import { caseDifference, type Reading } from '../pairs';
import { ascending, medianOf, quantileOf, sumOf, wilson } from '../statistics';
import { deploymentOf, type TruthRecord, type TurnNote } from '../truth';
import { findings, type Observed } from './observed';
import { one, percent } from './words';

/*
 * Conversations, and what becomes of the cache that a provider keeps of their beginnings: each turn sends again all that
 * the turn before has sent.
 */

/** A turn with the one before it, and the provider's record of both where there is one. */
interface Step {
  turn: TurnNote;
  before: TurnNote;
  served?: TruthRecord;
  servedBefore?: TruthRecord;
}

/** Everything that the script `sessions` finds. */
export const sessionFindings = findings(
  [
    ...['turns', 'prefix-cached', 'cache-hit-saves', 'prefix-changed', 'session-scattered', 'cached-tokens-told'],
    'turns-from-cache',
  ],
  ({ turns = [], truth = [] }: Observed) => {
    const good = turns.filter(({ ok }) => ok);
    if (good.length === 0) return [];
    // What a cache of the gateway's answered says nothing of the provider and its cache.
    const asked = good.filter(({ cached }) => !cached);
    const steps = stepsOf(asked, truth);
    const warm = steps.filter(({ turn }) => !turn.cold);
    const changed = truth.length > 0 ? [prefixChanged(warm)] : [];
    return [
      byTurn(good),
      prefixCached(
        warm,
        changed.some(({ value }) => value !== null && value > 0),
      ),
      hitSaves(asked),
      ...changed,
      scattered(warm),
      ...(truth.length > 0 ? [told(asked, recordsOf(truth))] : []),
      ...fromGatewayCache(good),
    ];
  },
);

const whole = (value: number) => counted(Math.round(value));

/** By id, the call whose answer the client got: the last that was answered. */
function recordsOf(truth: readonly TruthRecord[]): Map<string, TruthRecord> {
  const served = new Map<string, TruthRecord>();
  for (const record of truth)
    if (record.id !== null && record.status === 200 && (served.get(record.id)?.seq ?? -1) < record.seq)
      served.set(record.id, record);
  return served;
}

function stepsOf(turns: readonly TurnNote[], truth: readonly TruthRecord[]): Step[] {
  const served = recordsOf(truth);
  const key = (session: string, turn: number) => `${session} ${turn}`;
  const known = new Map(turns.map((turn) => [key(turn.session, turn.turn), turn]));
  return turns.flatMap((turn) => {
    const before = known.get(key(turn.session, turn.turn - 1));
    return before ? [{ turn, before, served: served.get(turn.id), servedBefore: served.get(before.id) }] : [];
  });
}

/** What each turn took and sent. */
function byTurn(turns: readonly TurnNote[]): Finding {
  const numbers = [...new Set(turns.map(({ turn }) => turn))].sort((a, b) => a - b).slice(0, 12);
  const rows = numbers.map((number) => {
    const of = turns.filter(({ turn, cold }) => turn === number && !cold);
    const ttft = ascending(of.map((turn) => turn.ttft));
    const prompt = of.filter(({ promptTokens }) => promptTokens >= 0);
    const telling = prompt.filter(({ cachedTokens }) => cachedTokens >= 0);
    const cached = sumOf(telling.map(({ cachedTokens }) => cachedTokens)) / sumOf(telling.map((t) => t.promptTokens));
    return [
      String(number),
      String(of.length),
      ttft.length > 0 ? `${one(quantileOf(ttft, 0.5)!)} ms` : '-',
      ttft.length > 0 ? `${one(quantileOf(ttft, 0.95)!)} ms` : '-',
      prompt.length > 0 ? whole(medianOf(prompt.map(({ promptTokens }) => promptTokens))!) : '-',
      telling.length > 0 ? percent(cached) : '-',
    ];
  });
  const sessions = new Set(turns.map(({ session }) => session)).size;
  return {
    id: 'turns',
    value: turns.length,
    unit: 'turns',
    n: turns.length,
    text: `${sessions} conversations, turn by turn (those whose beginning was changed on purpose are left out):`,
    table: { head: ['turn', 'requests', 'TTFT p50', 'TTFT p95', 'prompt tokens', 'from a cache'], rows },
  };
}

/**
 * Of what a session sent before, how much the usage says came from a cache; where it says nothing, how much did by the
 * provider's record. `changed`: beginnings reach the provider as others, which is then why none is cached.
 */
function prefixCached(steps: readonly Step[], changed: boolean): Finding {
  const id = 'prefix-cached';
  const telling = steps.filter(({ turn, before }) => turn.cachedTokens >= 0 && before.promptTokens > 0);
  if (telling.length === 0) return cachedByRecord(steps, id);
  const sent = sumOf(telling.map(({ before }) => before.promptTokens));
  const cached = sumOf(telling.map(({ turn, before }) => Math.min(turn.cachedTokens, before.promptTokens)));
  const share = cached / sent;
  const marks = changed ? '' : '; some providers keep only what is marked, and CACHE_MARKS=true marks it';
  const text =
    share === 0
      ? `no prompt came from a cache: the conversations sent ${whole(sent)} tokens again that they had sent before, and the usage says that each was worked through anew${marks}`
      : `of the ${whole(sent)} tokens that the conversations sent again, ${percent(share)} came from a cache, by the usage`;
  return { id, value: share, unit: 'share', n: telling.length, text };
}

function cachedByRecord(steps: readonly Step[], id: string): Finding {
  const known = cacheable(steps).filter(({ servedBefore }) => (servedBefore.prompt_tokens ?? 0) > 0);
  const unit = 'share';
  if (known.length === 0)
    return {
      id,
      value: null,
      unit,
      text: 'whether the beginnings of prompts are cached cannot be said: the usage tells nothing of a cache, or no conversation had a second turn',
    };
  const sent = sumOf(known.map(({ servedBefore }) => servedBefore.prompt_tokens ?? 0));
  const cached = sumOf(
    known.map(({ served, servedBefore }) => Math.min(served.cached_tokens ?? 0, servedBefore.prompt_tokens ?? 0)),
  );
  return {
    id,
    value: cached / sent,
    unit,
    n: known.length,
    text: `of the ${whole(sent)} tokens that the conversations sent again, ${percent(cached / sent)} came from a cache, by the provider's record: the usage tells nothing of it`,
  };
}

/** Turns that a cache of the gateway's answered, by the header of their answers (CACHE_HEADER). */
function fromGatewayCache(turns: readonly TurnNote[]): Finding[] {
  const telling = turns.filter(({ cached }) => cached !== undefined);
  if (telling.length === 0) return [];
  const hits = telling.filter(({ cached }) => cached);
  const cold = hits.filter((turn) => turn.cold).length;
  const [n, rest] = [telling.length, telling.filter(({ cached }) => !cached)];
  const ttft = (of: readonly TurnNote[]) => medianOf(of.map((turn) => turn.ttft)) ?? 0;
  const text =
    hits.length === 0
      ? `no turn was answered by a cache of the gateway's, by the header of the ${n} answers`
      : `${hits.length} of ${n} turns were answered by a cache of the gateway's and by no model, by the header of the answers${rest.length > 0 ? `: their first token came after ${one(ttft(hits))} ms, that of the others after ${one(ttft(rest))} ms` : ''}. They are left out of what is said of the provider's cache${cold > 0 ? `. ${cold} of them have a beginning that is new with each turn: the cache goes by likeness, and such an answer was given to another question` : ''}`;
  const interval = wilson(hits.length, n);
  return [{ id: 'turns-from-cache', value: hits.length / n, unit: 'share', n, interval, text }];
}

/** A difference below this is no cache's, ms. */
const least = 1;

/**
 * What a hit saves: the same turns of conversations whose beginning changes each time have none. Each of those is held
 * against the same turn just before and just after it, by the line between the two: what grows with time is not saved.
 */
function hitSaves(turns: readonly TurnNote[]): Finding {
  const id = 'cache-hit-saves';
  const readings: Reading[] = [];
  const all = turns.map((turn, at) => ({ ...turn, at })).filter(({ turn, ttft }) => turn > 1 && ttft >= 0);
  const warm = new Map<number, typeof all>();
  for (const each of all) {
    if (each.cold) continue;
    const same = warm.get(each.turn);
    if (same) same.push(each);
    else warm.set(each.turn, [each]);
  }
  for (const cold of all.filter((each) => each.cold)) {
    const same = warm.get(cold.turn) ?? [];
    const next = same.findIndex(({ at }) => at > cold.at);
    const [earlier, later] = [same[next - 1], same[next]];
    if (!earlier || !later) continue;
    const between = (cold.at - earlier.at) / (later.at - earlier.at);
    readings.push({ round: cold.at, case: 'cold', value: cold.ttft });
    readings.push({ round: cold.at, case: 'warm', value: earlier.ttft + between * (later.ttft - earlier.ttft) });
  }
  const found = caseDifference(readings, 'warm', 'cold');
  if (!found)
    return {
      id,
      value: null,
      unit: 'ms',
      text: 'what a cache saves cannot be said: too few conversations with a beginning that stays, or with one that changes (COLD_SHARE)',
    };
  const { value, interval, n, medians } = found;
  const range = `[${one(-interval[1])}, ${one(-interval[0])}]`;
  const text =
    interval[1] < -least
      ? `a turn whose beginning was sent before gets its first token ${one(-value)} ms ${range} sooner than one whose beginning is new, ${((100 * -value) / medians[1]).toFixed(0)} %`
      : `a turn whose beginning was sent before gets its first token no sooner than one whose beginning is new (${one(-value)} ms ${range})`;
  return { id, value: -value, unit: 'ms', n, interval: [-interval[1], -interval[0]], text };
}

/** Steps of which the provider's cache could have known what was sent before. */
const cacheable = (steps: readonly Step[]) =>
  steps.filter(
    (step): step is Required<Step> =>
      typeof step.served?.cached_tokens === 'number' && typeof step.servedBefore?.cached_tokens === 'number',
  );

/** Turns that reach the provider with a beginning that it has never seen, although the client sent the same again. */
function prefixChanged(steps: readonly Step[]): Finding {
  const id = 'prefix-changed';
  // null: nothing of the prompt was marked as to be kept, so the provider knows none of it, changed or not.
  const all = cacheable(steps).filter(({ served }) => served.cached_anywhere_tokens !== null);
  if (all.length === 0)
    return {
      id,
      value: null,
      unit: 'share',
      text: 'whether the beginnings of prompts reach the provider unchanged cannot be said: it keeps no prompts as short as these, or only what is marked (CACHE_MARKS=true marks it), or no conversation had a second turn',
    };
  const changed = all.filter(
    ({ served, servedBefore }) =>
      (served.cached_anywhere_tokens ?? 0) < 0.5 * Math.min(served.prompt_tokens ?? 0, servedBefore.prompt_tokens ?? 0),
  );
  const added = medianOf(changed.map(({ served, turn }) => (served.prompt_tokens ?? 0) - turn.promptTokens)) ?? 0;
  const text =
    changed.length === 0
      ? `the beginnings of prompts reach the provider as they were sent: in all ${all.length} turns after the first it knew what the conversation had sent before`
      : `the gateway destroys the provider's cache: in ${changed.length} of ${all.length} turns after the first, the prompt reaches the provider with a beginning that it has never seen, although the client sent the same beginning again. Something before or in it changes with each request (a time, a number of the request): it belongs at the end of the prompt, or nowhere${added > 0 ? `; the usage leaves ${added} tokens of it out` : ''}`;
  return { id, value: changed.length / all.length, unit: 'share', n: all.length, text };
}

/** Turns that went to another place than the one before, by the provider's record or by the header of the answers. */
function scattered(steps: readonly Step[]): Finding {
  const id = 'session-scattered';
  const byRecord = steps.filter((step): step is Required<Step> => !!step.served && !!step.servedBefore);
  const byHeader = steps.filter(({ turn, before }) => turn.instance !== '' && before.instance !== '');
  const all = byRecord.length > 0 ? byRecord : byHeader;
  if (all.length === 0)
    return {
      id,
      value: null,
      unit: 'share',
      text: 'whether a conversation stays in one place cannot be said: the answers name no instance (INSTANCE_HEADER), and there is no record of the provider',
    };
  const moved =
    byRecord.length > 0
      ? byRecord.filter(({ served, servedBefore }) => deploymentOf(served) !== deploymentOf(servedBefore))
      : byHeader.filter(({ turn, before }) => turn.instance !== before.instance);
  const places = new Set(
    byRecord.length > 0
      ? byRecord.map(({ served }) => deploymentOf(served))
      : byHeader.map(({ turn: { instance } }) => instance),
  ).size;
  const lost = sumOf(
    byRecord.map(({ served }) => Math.max(0, (served.cached_anywhere_tokens ?? 0) - (served.cached_tokens ?? 0))),
  );
  const where = byRecord.length > 0 ? 'deployment of the provider' : 'instance';
  const text =
    moved.length === 0
      ? `each conversation stays at one ${where}: ${all.length} turns after the first went where the one before went (${places} in all)`
      : `the gateway sends a conversation from one ${where} to another: ${moved.length} of ${all.length} turns after the first went to another one than the turn before, of ${places}${lost > 0 ? `. ${whole(lost)} tokens were worked through anew that another deployment had in its cache: keep a session where it began` : ''}`;
  return { id, value: moved.length / all.length, unit: 'share', n: all.length, text };
}

/** Answers whose usage tells other tokens from the cache than the provider counted: that is what a client is billed by. */
function told(turns: readonly TurnNote[], served: ReadonlyMap<string, TruthRecord>): Finding {
  const id = 'cached-tokens-told';
  const hits = turns.flatMap((turn) => {
    const cached = served.get(turn.id)?.cached_tokens ?? 0;
    return cached > 0 && turn.promptTokens >= 0 ? [{ cached, told: Math.max(0, turn.cachedTokens) }] : [];
  });
  const untold = turns.some(({ id: turn }) => (served.get(turn)?.cached_tokens ?? 0) > 0);
  if (hits.length === 0)
    return {
      id,
      value: null,
      unit: 'share',
      text: untold
        ? "the answers have no usage, so nobody is told how many tokens came from the provider's cache"
        : "no prompt came from the provider's cache, so none could be told",
    };
  const wrong = hits.filter((hit) => hit.told !== hit.cached);
  const [real, said] = [sumOf(hits.map(({ cached }) => cached)), sumOf(hits.map((hit) => hit.told))];
  const text =
    wrong.length === 0
      ? `the usage tells the ${whole(real)} tokens that came from the provider's cache as the provider counted them`
      : said < real
        ? `cached tokens are billed in full: the provider read ${whole(real)} tokens from its cache in ${hits.length} turns, and the usage tells ${said === 0 ? 'none' : whole(said)} of them, so a client pays the full price for ${whole(real - said)} tokens`
        : `the usage tells ${whole(said)} tokens from a cache, and the provider read ${whole(real)}: a client is billed too little`;
  return { id, value: wrong.length / hits.length, unit: 'share', n: hits.length, text };
}
