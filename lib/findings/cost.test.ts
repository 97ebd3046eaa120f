import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { RequestDetail, RequestNote, TruthRecord } from '../truth';
import { costFindings } from './cost';

let next = 0;

/** A request of a size and the provider calls that it made. */
function made(
  size: string,
  change: Partial<RequestNote> = {},
  detail: Partial<RequestDetail> = {},
  calls: Partial<TruthRecord>[] = [{}],
): { note: RequestNote; truth: TruthRecord[] } {
  const index = next++;
  const id = `r-${index}`;
  const full: RequestDetail = {
    kind: size === 'batch' || size === 'single' ? 'embedding' : 'chat',
    size,
    key: 1,
    sentAt: 1000e6,
    ttfb: 4,
    firstChunk: 4,
    offsets: [45, 65],
    served: -1,
    sentTokens: 20,
    promptTokens: 30,
    completionTokens: 7,
    texts: size === 'batch' ? 16 : 0,
    maxTokens: size === 'capped' ? 32 : 0,
    retryAfter: '',
    ...detail,
  };
  const note: RequestNote = {
    id,
    index,
    phase: 'load',
    model: 'm',
    sent: 0,
    ttft: 45,
    e2e: 85,
    end: 100,
    outcome: 'ok',
    status: 200,
    chunks: 2,
    words: 7,
    gap: 20,
    gapMax: 20,
    detail: full,
    ...change,
  };
  const truth = calls.map(
    (call, i): TruthRecord => ({
      seq: 100 * index + i,
      id,
      model: 'm',
      wire: 'openai',
      region: '-',
      received_ns: 1002e6 + i,
      first_byte_ns: 1003e6,
      content_ns: [1042e6, 1062e6, 1150e6, 1200e6],
      end_ns: 1210e6,
      status: 200,
      fault: null,
      prompt_tokens: 30,
      directive_tokens: 10,
      completion_tokens: 7,
      client_gone_ns: null,
      outcome: 'ok',
      ...call,
    }),
  );
  return { note, truth };
}

function text(id: string, ...requests: ReturnType<typeof made>[]): string {
  const found = costFindings({
    phases: [],
    timeline: [],
    requests: requests.map(({ note }) => note),
    truth: requests.flatMap(({ truth }) => truth),
  }).find((each) => each.id === id);
  return found!.text;
}

test('prompt tokens: the directive is taken off, a few that differ are not lost in a median', () => {
  assert.match(text('prompt-tokens-added', made('stream')), /exactly the tokens that were sent/);
  assert.match(text('prompt-tokens-added', made('stream', {}, {}, [{ prompt_tokens: 154 }])), /adds 124 tokens/);
  const one = costFindings({
    phases: [],
    timeline: [],
    ...split([made('stream'), made('stream'), made('stream', {}, {}, [{ prompt_tokens: 33 }])]),
  })[0]!;
  assert.equal(one.value, 1);
});

test('AddsZeroTokens: a gateway that sends a few requests with the prompt of another was told to add 0 tokens to each, and to retry inside', () => {
  const mixed = [
    ...Array.from({ length: 9 }, () => made('stream')),
    made('stream', {}, {}, [{}, { prompt_tokens: 11 }]),
    made('stream', {}, {}, []),
  ];
  assert.equal(
    text('prompt-tokens-added', ...mixed),
    'the provider received 1 of 10 prompts with other tokens than were sent (from -19 to 0 more), and most with exactly those',
  );
  assert.match(
    text('provider-calls-per-request', ...mixed),
    /makes 1\.10 calls .*; 1 others were answered without one/,
  );
  const failing = (calls: number) =>
    made('failing', { outcome: 'http_5xx', status: 503 }, {}, Array<object>(calls).fill({ status: 503 }));
  const id = 'provider-calls-per-failing-request';
  assert.doesNotMatch(text(id, failing(2), ...Array.from({ length: 9 }, () => failing(1))), /retries inside/);
  assert.match(text(id, failing(2), failing(2), failing(1)), /retries inside, .* multiplied by 2/);
  assert.match(
    text('prompt-tokens-added', made('stream', {}, {}, [{ prompt_tokens: 24 }])),
    /prompts with 6 tokens less than were sent/,
  );
});

test('an error that is told inside the stream was counted as an answer with nothing in it', () => {
  const failing = (outcome: RequestNote['outcome']) => made('failing', { outcome, status: 200 }, {}, [{ status: 503 }]);
  const id = 'failures-hidden-as-200';
  assert.match(
    text(id, failing('stream_error')),
    /^none of 1 .*; 1 began with status 200 and told the error in the stream/,
  );
  assert.match(text(id, failing('empty'), failing('stream_error')), /^1 of 2 requests .* does not try again; 1 began/);
});

function split(requests: ReturnType<typeof made>[]) {
  return { requests: requests.map(({ note }) => note), truth: requests.flatMap(({ truth }) => truth) };
}

test('usage: right, missing, doubled', () => {
  const id = 'usage-that-is-wrong-or-missing';
  assert.match(
    text(id, made('stream'), made('single', {}, { completionTokens: -1 })),
    /streams: as the provider counted in all 1; embeddings: as the provider counted in all 1/,
  );
  assert.match(
    text(id, made('plain', {}, { promptTokens: -1, completionTokens: -1 })),
    /plain answers: no usage in 1 of 1/,
  );
  assert.match(
    text(id, made('stream', {}, { promptTokens: 60, completionTokens: 14 })),
    /streams: usage in 1 of 1 is 2\.00 times/,
  );
});

test('usage of a batch that is taken apart is that of all its calls together, and of one that is asked for twice that of one', () => {
  const id = 'usage-that-is-wrong-or-missing';
  const usage = (calls: Partial<TruthRecord>[], promptTokens: number) =>
    text(id, made('batch', {}, { promptTokens, completionTokens: -1 }, calls));
  const parts = [{ prompt_tokens: 10 }, { prompt_tokens: 12 }, { prompt_tokens: 8 }];
  assert.match(usage(parts, 30), /as the provider counted in all 1/);
  assert.match(usage(parts, 60), /usage in 1 of 1 is 2\.00 times/);
  assert.match(usage([{}, {}], 30), /as the provider counted in all 1/);
});

test('a call that did not serve is counted with the tokens that it was billed', () => {
  const retried = made('stream', {}, { served: 1 }, [{ completion_tokens: 3 }, {}]);
  retried.note.detail!.served = retried.truth[1]!.seq;
  assert.match(
    text('provider-calls-per-request', retried),
    /makes 2\.00 calls to the provider; those that were not used for the answer were billed 33 tokens/,
  );
});

test('a hang-up: chunks after it are wasted, and a call that runs on is a miss', () => {
  const id = 'provider-stopped-after-a-hang-up';
  // The client left at 1100 ms; two of four chunks were written after that.
  assert.match(
    text(id, made('cancelled', { outcome: 'cancelled' }, {}, [{ client_gone_ns: 1205e6, completion_tokens: 8 }])),
    /^105\.0 ms after its client has hung up, .*; 4 tokens \(50 % of/,
  );
  assert.match(
    text(id, made('cancelled', { outcome: 'cancelled' }, {}, [{ completion_tokens: 8 }])),
    /goes on when the client hangs up: 1 of 1 ran to their end, and 4 tokens/,
  );
});

test('ItHadEndedBefore: a call that was over before its client left cannot have been stopped, and is not counted as one that went on', () => {
  const over = made('cancelled', { outcome: 'cancelled' }, {}, [{ end_ns: 1190e6, completion_tokens: 8 }]);
  assert.match(
    text('provider-stopped-after-a-hang-up', over),
    /^no call of a cancelled request .* before its client left$/,
  );
});

test('OneOf18WasLeftOut: a call that ran to its end stands beside the median of those that were stopped', () => {
  const stopped = Array.from({ length: 17 }, () =>
    made('cancelled', { outcome: 'cancelled' }, {}, [{ client_gone_ns: 1205e6, completion_tokens: 8 }]),
  );
  const ranOn = made('cancelled', { outcome: 'cancelled' }, {}, [{ completion_tokens: 8 }]);
  assert.match(
    text('provider-stopped-after-a-hang-up', ...stopped, ranOn),
    /a provider's call is stopped \(median of 17; 1 of 18 calls were not stopped and ran to their end\)/,
  );
});

test('a batch that is taken apart is told', () => {
  assert.match(
    text('provider-calls-per-batch', made('batch', {}, {}, [{}, {}, {}, {}])),
    /a batch of 16 texts makes 4\.0 calls/,
  );
});

test('nothing to go by is said in words, without a number', () => {
  for (const { value, text: words } of costFindings({ phases: [], timeline: [], requests: [], truth: [] }))
    assert.ok(value === null && words !== '');
});
