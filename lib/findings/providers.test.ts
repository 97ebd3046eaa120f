import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { RequestDetail, RequestNote, TruthRecord } from '../truth';
import { providerFindings } from './providers';

const detail: RequestDetail = {
  kind: 'chat',
  size: 'small',
  key: 1,
  sentAt: 1000e6,
  ttfb: 5,
  firstChunk: 200,
  offsets: [200, 220],
  served: -1,
  sentTokens: 0,
  promptTokens: 9,
  completionTokens: 4,
  texts: 0,
  maxTokens: 0,
  retryAfter: '',
};

/** `count` requests to a model, one each 100 ms. */
function requests(
  model: string,
  count: number,
  change: (i: number) => { note?: Partial<RequestNote>; detail?: Partial<RequestDetail> } = () => ({}),
): RequestNote[] {
  return Array.from({ length: count }, (_, i) => {
    const given = change(i);
    return {
      id: `${model}-${i}`,
      index: i,
      phase: 'load',
      model,
      sent: 100 * i,
      ttft: 200 + (i % 7),
      e2e: 220,
      end: 221,
      outcome: 'ok',
      status: 200,
      chunks: 2,
      words: 4,
      gap: 20,
      gapMax: 20,
      ...given.note,
      detail: { ...detail, ...given.detail },
    };
  });
}
const find = (requests: RequestNote[], id: string, truth?: TruthRecord[]) =>
  providerFindings({ phases: [], timeline: [], requests, truth }).find((each) => each.id === id)!;

test('equal models show no difference, and 40 ms are shown', () => {
  assert.match(
    find([...requests('a', 50), ...requests('b', 50)], 'ttft-difference').text,
    /^no difference of the time to first token is shown between b and a/,
  );
  assert.match(
    find([...requests('a', 50), ...requests('b', 50, (i) => ({ note: { ttft: 240 + (i % 7) } }))], 'ttft-difference')
      .text,
    /^b's time to first token is 40\.0 ms longer than a's/,
  );
  assert.match(
    find([...requests('a', 50), ...requests('b', 3)], 'ttft-difference').text,
    /cannot be compared: it takes 12 good streams of each/,
  );
});

/** A call whose first token the provider writes `own` ms after it has the request, and the next `gap` ms later. */
const callOf = ({ id }: RequestNote, own: number, gap: number, seq: number): TruthRecord => ({
  seq,
  id,
  model: 'm',
  wire: 'openai',
  region: '-',
  received_ns: 1000e6,
  first_byte_ns: 1001e6,
  content_ns: [(1000 + own) * 1e6, (1000 + own + gap) * 1e6],
  end_ns: 2000e6,
  status: 200,
  fault: null,
  prompt_tokens: 1,
  completion_tokens: 1,
  client_gone_ns: null,
  outcome: 'ok',
});

test('TheAdapterWasCalledTheProvider: of 79 ms the providers differ by 4, and what the gateway adds by 75', () => {
  const [a, b] = [requests('a', 50), requests('b', 50, (i) => ({ note: { ttft: 279 + (i % 7) } }))];
  const truth = [
    ...a.map((note, i) => callOf(note, 180 + (i % 7), 20, i)),
    ...b.map((note, i) => callOf(note, 184 + (i % 7), 20, i)),
  ];
  const { text } = find([...a, ...b], 'ttft-difference', truth);
  assert.match(text, /^b's time to first token is 79\.0 ms longer than a's/);
  assert.match(
    text,
    /The providers themselves differ by \+4\.0 ms \[2\.\d, 5\.\d\]; what the gateway adds differs by \+75\.0 ms \[75\.0, 75\.0\]/,
  );
  // Without the record nobody knows, and nobody is named.
  assert.match(find([...a, ...b], 'ttft-difference').text, /the provider or the gateway makes it is not known without/);
});

test('a throttled model: the time until it is well again, and whether Retry-After keeps its word', () => {
  const throttled = requests('a', 40, (i) =>
    i >= 10 && i < 20 ? { note: { outcome: 'http_429', status: 429, end: 2 }, detail: { retryAfter: '1' } } : {},
  );
  const found = find(throttled, 'throttled');
  assert.equal(found.value, 0.25);
  // The first at 1000 ms, the last at 1900, the next good one at 2000; after 1002 + 1000 ms there are 19 (2100 ms to
  // 3900 ms).
  assert.match(
    found.text,
    /a: 10 of 40 requests were throttled \(429\); 1\.0 s after the first of them, requests were answered again; a Retry-After of 1 s came with 10 of these 10 answers, and 19 of the 19 requests that were sent after that time were answered/,
  );
});

test('without the truth models stand alone, with it each of their regions does', () => {
  const all = requests('a', 4);
  assert.deepEqual(
    find(all, 'side-by-side').table!.rows.map(([name]) => name),
    ['a'],
  );
  const truth = all.map(
    ({ id }, i): TruthRecord => ({
      seq: i,
      id,
      model: 'm',
      wire: 'bedrock',
      region: i < 2 ? 'us-east-1' : 'us-west-2',
      received_ns: 0,
      first_byte_ns: 1,
      content_ns: [2],
      end_ns: 3,
      status: 200,
      fault: null,
      prompt_tokens: 1,
      completion_tokens: 1,
      client_gone_ns: null,
      outcome: 'ok',
    }),
  );
  assert.deepEqual(
    find(all, 'side-by-side', truth).table!.rows.map(([name, n]) => [name, n]),
    [
      ['a us-east-1', '2'],
      ['a us-west-2', '2'],
    ],
  );
});

test('a throttling that the gateway retries away is told as such', () => {
  const all = requests('a', 2);
  const call = (status: number, seq: number): TruthRecord => ({
    seq,
    id: 'a-0',
    model: 'm',
    wire: 'openai',
    region: '-',
    received_ns: seq,
    first_byte_ns: 1,
    content_ns: status === 200 ? [2] : [],
    end_ns: 3,
    status,
    fault: null,
    prompt_tokens: 1,
    completion_tokens: 1,
    client_gone_ns: null,
    outcome: 'ok',
  });
  assert.match(
    find(all, 'throttled', [call(429, 1), call(200, 2)]).text,
    /none of the 2 requests was throttled; 1 more were throttled by the provider, and were answered because the gateway tried again/,
  );
});
