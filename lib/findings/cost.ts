import { ofQuantile, type Finding } from '../measurements';
import { ascending, medianOf, sumOf } from '../statistics';
import { endedBefore, hangUpAt, join, type Joined, type TruthRecord } from '../truth';
import { findings } from './observed';
import { percent } from './words';

/*
 * What a gateway makes of the tokens that its clients pay for, compared with what the provider counted. The sizes are
 * those of lib/workload/cost-cases.ts.
 */

type Served = Joined & { served: TruthRecord };
type Rule = (all: readonly Joined[]) => Finding;

const ofSize = (all: readonly Joined[], ...sizes: string[]) => all.filter(({ detail }) => sizes.includes(detail.size));
const good = (all: readonly Joined[]) =>
  all.filter((joined): joined is Served => joined.note.outcome === 'ok' && joined.served !== undefined);

/**
 * Prompt tokens that the provider counted and the client did not send: exact, by o200k_base and the rule for what a
 * template adds.
 */
const promptTokensAdded: Rule = (all) => {
  const id = 'prompt-tokens-added';
  const added = good(all).flatMap(({ detail, served }) =>
    detail.sentTokens > 0 && served.prompt_tokens !== null && typeof served.directive_tokens === 'number'
      ? [served.prompt_tokens - served.directive_tokens - detail.sentTokens]
      : [],
  );
  const value = medianOf(added);
  if (value === undefined)
    return {
      id,
      value: null,
      unit: 'tokens',
      text: 'no prompt could be compared with what the provider received of it',
    };
  const most = Math.max(...added.map(Math.abs));
  const range = `from ${Math.min(...added)} to ${Math.max(...added)}`;
  const text =
    most === 0
      ? `the provider received the ${added.length} prompts with exactly the tokens that were sent`
      : value === 0
        ? `the provider received ${added.filter((tokens) => tokens !== 0).length} of ${added.length} prompts with other tokens than were sent (${range} more), and most with exactly those`
        : value > 0
          ? `the gateway adds ${value} tokens to a prompt (median of ${added.length}, ${range}), which the agency pays with every request`
          : `the provider received prompts with ${-value} tokens less than were sent (median of ${added.length}, ${range} more)`;
  return {
    id,
    value: most === 0 ? 0 : value === 0 ? sumOf(added) / added.length : value,
    unit: 'tokens',
    n: added.length,
    text,
  };
};

/**
 * Tokens that an answer's usage tells, as a multiple of what the provider counted: in the call that served, or in all that
 * answered together where a gateway takes a batch apart, whichever is nearer. A batch may also be asked for twice at once.
 */
function usageRatio({ detail: { promptTokens, completionTokens, texts }, served, calls }: Served): number {
  const told = promptTokens + Math.max(0, completionTokens);
  const counted = (call: TruthRecord) =>
    (call.prompt_tokens ?? 0) + (completionTokens < 0 ? 0 : call.completion_tokens);
  const [ofOne, ofAll] = [counted(served), sumOf(calls.filter(({ status }) => status === 200).map(counted))];
  const apart = texts > 1 && Math.abs(Math.log(told / ofAll)) < Math.abs(Math.log(told / ofOne));
  return told / (apart ? ofAll : ofOne);
}

/** Share of the answers whose usage is missing or is not what the provider counted. */
const usageOff: Rule = (all) => {
  const id = 'usage-that-is-wrong-or-missing';
  const kinds: [string, string[]][] = [
    ['streams', ['stream', 'capped']],
    ['plain answers', ['plain']],
    ['embeddings', ['single', 'batch']],
  ];
  const told: string[] = [];
  let [answers, off] = [0, 0];
  for (const [kind, sizes] of kinds) {
    const some = good(ofSize(all, ...sizes));
    if (some.length === 0) continue;
    const missing = some.filter(({ detail }) => detail.promptTokens < 0);
    const ratios = some.filter(({ detail }) => detail.promptTokens >= 0).map(usageRatio);
    const wrong = ratios.filter((ratio) => ratio !== 1);
    answers += some.length;
    off += missing.length + wrong.length;
    if (missing.length > 0) told.push(`${kind}: no usage in ${missing.length} of ${some.length}`);
    if (wrong.length > 0)
      told.push(
        `${kind}: usage in ${wrong.length} of ${some.length} is ${medianOf(wrong)!.toFixed(2)} times what the provider counted`,
      );
    if (missing.length + wrong.length === 0) told.push(`${kind}: as the provider counted in all ${some.length}`);
  }
  return {
    id,
    value: answers > 0 ? off / answers : null,
    unit: 'share',
    n: answers,
    text: answers > 0 ? `usage: ${told.join('; ')}` : "no answer could be compared with the provider's count",
  };
};

/** Share of the answers that are longer than the max_tokens that was sent. */
const overMaxTokens: Rule = (all) => {
  const id = 'answers-over-max-tokens';
  const capped = good(ofSize(all, 'capped'));
  if (capped.length === 0) return { id, value: null, unit: 'share', text: 'no request with max_tokens was answered' };
  const over = capped.filter(({ detail, served }) => served.completion_tokens > detail.maxTokens);
  const limit = capped[0]!.detail.maxTokens;
  const text =
    over.length === 0
      ? `max_tokens=${limit} is enforced: none of ${capped.length} answers is longer`
      : `max_tokens=${limit} is not enforced: ${over.length} of ${capped.length} answers are longer, ${medianOf(over.map(({ served }) => served.completion_tokens))} tokens in the median`;
  return { id, value: over.length / capped.length, unit: 'share', n: capped.length, text };
};

/** Provider calls for one request that nothing was wrong with. */
const callsPerRequest: Rule = (all) => {
  const id = 'provider-calls-per-request';
  const some = good(ofSize(all, 'stream', 'plain', 'capped', 'single'));
  if (some.length === 0) return { id, value: null, unit: 'calls', text: 'no request could be found at the provider' };
  const value = sumOf(some.map(({ calls }) => calls.length)) / some.length;
  const none = ofSize(all, 'stream', 'plain', 'capped', 'single').filter(
    ({ note, calls }) => note.outcome === 'ok' && calls.length === 0,
  ).length;
  const others =
    none > 0
      ? `; ${none} others were answered without one, as from a cache, or with what belongs to another request`
      : '';
  const lost = sumOf(some.flatMap(({ calls, served }) => calls.filter((call) => call !== served).map(billed)));
  const text =
    value === 1
      ? `each of the ${some.length} requests that nothing was wrong with made one call to the provider${others}`
      : `a request that nothing is wrong with makes ${value.toFixed(2)} calls to the provider; those that were not used for the answer were billed ${lost} tokens${others}`;
  return { id, value, unit: 'calls', n: some.length, text };
};

/** Tokens that a provider bills for a call: none unless it began to answer. */
function billed(call: TruthRecord): number {
  return call.status === 200 ? (call.prompt_tokens ?? 0) + call.completion_tokens : 0;
}

/** Retries: what a request costs that the provider fails each time. */
const callsWhenFailing: Rule = (all) => {
  const id = 'provider-calls-per-failing-request';
  const failing = ofSize(all, 'failing', 'broken').filter(({ calls }) => calls.length > 0);
  if (failing.length === 0)
    return { id, value: null, unit: 'calls', text: 'no request that the provider fails could be found there' };
  const of = (size: string) => failing.filter(({ detail }) => detail.size === size);
  const mean = (some: readonly Joined[]) => sumOf(some.map(({ calls }) => calls.length)) / Math.max(1, some.length);
  const [refused, broken] = [of('failing'), of('broken')];
  const tokens = medianOf(broken.map(({ calls }) => sumOf(calls.map(billed))));
  const value = Math.max(mean(refused), mean(broken));
  // A few that have several calls are no way of the gateway's: a call may bear the id of another request.
  const retried = [refused, broken].some(
    (some) => 2 * some.filter(({ calls }) => calls.length > 1).length > some.length,
  );
  const told = [
    ...(refused.length > 0 ? [`a request that gets 503 makes ${mean(refused).toFixed(1)} calls to the provider`] : []),
    ...(broken.length > 0
      ? [
          `a request whose stream breaks makes ${mean(broken).toFixed(1)}, and is billed ${tokens} tokens (median) for an answer that never came whole`,
        ]
      : []),
  ];
  return {
    id,
    value,
    unit: 'calls',
    n: failing.length,
    text: `retries: ${told.join('; ')}${retried ? `: the gateway retries inside, and its clients' own retries are multiplied by ${value.toFixed(0)}` : ''}`,
  };
};

/**
 * Requests that the provider failed and the gateway answered with status 200 and nothing in it: a client takes that for
 * an answer, does not try again, and is billed by nobody knows what.
 */
const failuresHidden: Rule = (all) => {
  const id = 'failures-hidden-as-200';
  const failing = ofSize(all, 'failing').filter(({ calls }) => calls.some((call) => (call.status ?? 0) >= 400));
  if (failing.length === 0)
    return { id, value: null, unit: 'share', text: 'no request that the provider refused could be found there' };
  const begun = failing.filter(({ note }) => note.status === 200 && note.outcome !== 'ok');
  // An error inside the stream is told as one, if late.
  const told = begun.filter(({ note }) => note.outcome === 'stream_error').length;
  const hidden = begun.length - told;
  const late =
    told > 0
      ? `; ${told} began with status 200 and told the error in the stream, where few clients try again by themselves`
      : '';
  const text =
    hidden > 0
      ? `${hidden} of ${failing.length} requests that the provider failed came back with status 200 and no answer in it: a client cannot tell that from an answer, and does not try again${late}`
      : `none of ${failing.length} requests that the provider failed came back with status 200 and no answer in it${late}`;
  return { id, value: hidden / failing.length, unit: 'share', n: failing.length, text };
};

/**
 * Early termination: the time from a client's hanging up to the end of the provider's call, and the tokens made
 * meanwhile.
 */
const stopAfterHangup: Rule = (all) => {
  const id = 'provider-stopped-after-a-hang-up';
  const left = ofSize(all, 'cancelled').flatMap(({ served, ...request }) => {
    const hangUp = hangUpAt(request);
    if (request.note.outcome !== 'cancelled' || served === undefined || hangUp === undefined) return [];
    if (endedBefore(served, hangUp)) return [];
    const late = served.content_ns.filter((at) => at > hangUp).length;
    // All chunks but the first carry the same number of tokens, so a share of the chunks is a share of the tokens.
    return [
      {
        stopped: served.client_gone_ns === null ? undefined : Math.max(0, (served.client_gone_ns - hangUp) / 1e6),
        wasted: Math.round((served.completion_tokens * late) / Math.max(1, served.content_ns.length)),
        all: served.completion_tokens,
      },
    ];
  });
  if (left.length === 0)
    return {
      id,
      value: null,
      unit: 'ms',
      text: 'no call of a cancelled request could be found at the provider that was not over before its client left',
    };
  const wasted = sumOf(left.map((each) => each.wasted));
  const share = wasted / Math.max(1, sumOf(left.map((each) => each.all)));
  const times = ascending(left.flatMap(({ stopped }) => (stopped === undefined ? [] : [stopped])));
  const told = `${wasted} tokens (${percent(share)} of those of cancelled requests) were made and billed for nobody`;
  const toEnd = left.length - times.length;
  if (times.length <= left.length / 2) {
    return {
      id,
      value: null,
      missed: true,
      unit: 'ms',
      n: left.length,
      text: `the provider's call goes on when the client hangs up: ${toEnd} of ${left.length} ran to their end, and ${told}`,
    };
  }
  return {
    id,
    value: medianOf(times)!,
    unit: 'ms',
    ...ofQuantile(times, 0.5),
    text: `${medianOf(times)!.toFixed(1)} ms after its client has hung up, a provider's call is stopped (median of ${times.length}${toEnd > 0 ? `; ${toEnd} of ${left.length} calls were not stopped and ran to their end` : ''}); ${told}`,
  };
};

/** Whether a batch of texts stays one call to the provider. */
const callsPerBatch: Rule = (all) => {
  const id = 'provider-calls-per-batch';
  const [batches, singles] = [good(ofSize(all, 'batch')), good(ofSize(all, 'single'))];
  if (batches.length === 0) return { id, value: null, unit: 'calls', text: 'no batch of embeddings was answered' };
  const value = sumOf(batches.map(({ calls }) => calls.length)) / batches.length;
  const per = (some: readonly Served[], of: (one: Served) => number) =>
    sumOf(some.map(of)) / Math.max(1, sumOf(some.map(({ detail }) => detail.texts)));
  const [one, many] = [per(singles, ({ note }) => note.e2e), per(batches, ({ note }) => note.e2e)];
  const time = singles.length > 0 ? `: ${many.toFixed(1)} ms a text against ${one.toFixed(1)} ms alone` : '';
  const text =
    value <= 1
      ? `a batch of ${batches[0]!.detail.texts} texts is one call to the provider${time}`
      : `a batch of ${batches[0]!.detail.texts} texts makes ${value.toFixed(1)} calls to the provider: batching saves nothing there${time}`;
  return { id, value, unit: 'calls', n: batches.length, text };
};

/** Everything that the script `cost` finds, in the order of its table. */
export const costFindings = findings(
  [
    'prompt-tokens-added',
    'usage-that-is-wrong-or-missing',
    'answers-over-max-tokens',
    'provider-calls-per-request',
    'provider-calls-per-failing-request',
    'failures-hidden-as-200',
    'provider-stopped-after-a-hang-up',
    'provider-calls-per-batch',
  ],
  ({ requests, truth }) => {
    const all = join(requests, truth ?? []);
    return [
      promptTokensAdded,
      usageOff,
      overMaxTokens,
      callsPerRequest,
      callsWhenFailing,
      failuresHidden,
      stopAfterHangup,
      callsPerBatch,
    ].map((rule) => rule(all));
  },
);
