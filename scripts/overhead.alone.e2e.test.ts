import assert from 'node:assert/strict';
import { test } from 'node:test';
import { knownDelays } from '../lib/findings/overhead-delays.fixture';
import { random } from '../lib/statistics';
import { undisturbed, why } from '../tools/testing/k6';
import type { K6Run } from '../tools/programs/k6';
import { bundleFixture } from '../tools/testing/fixture-script';
import { sharedSimulator } from '../tools/testing/shared-simulator';

/*
 * The gateway's own time: right where it is known, and each of its flaws named.
 */
const simulator = sharedSimulator();

async function run(script: string, env: Record<string, string>): Promise<NonNullable<K6Run['run']>> {
  const {
    run: record,
    stdout,
    stderr,
  } = await undisturbed(script, {
    env: { BASE_URL: simulator().gateway, PROVIDER_URL: simulator().provider, API_KEY: 'gsai-sim-key', ...env },
  });
  assert.ok(record, stdout + stderr);
  return record;
}

const finding = (record: NonNullable<K6Run['run']>, id: string) => {
  const found = record.findings.find((each) => each.id === id);
  assert.ok(found, `${id}: ${record.findings.map((each) => each.text).join('\n')}`);
  return found;
};

/** Nearest rank, as the report's. */
function quantiles(values: number[]): { p50: number; p95: number } {
  values.sort((a, b) => a - b);
  const at = (q: number) => values[Math.ceil(q * values.length) - 1]!;
  return { p50: at(0.5), p95: at(0.95) };
}

/** Quantiles of a metric for the requests with one delay, ms. */
function measured(
  record: NonNullable<K6Run['run']>,
  metric: 'llm_overhead_ttft' | 'llm_overhead_chunk',
  size: string,
): { p50: number; p95: number } {
  const row = record.metrics[metric]?.find((each) => each.tags.size === size && each.histogram);
  assert.ok(row, `${metric} of ${size}`);
  return { p50: row.p50!, p95: row.p95! };
}

interface Book {
  requests: { id: string | null; received_ns: number; provider_call_ns: number | null; content_ns: number[] }[];
}

/**
 * What the gateway really added, by its own book: received to provider call, and each chunk from the provider's write
 * to its own.
 */
async function booked(): Promise<(name: string) => { p50: number; p95: number }> {
  const book = async (address: string) =>
    ((await (await fetch(new URL('/truth', address))).json()) as Book).requests.filter(
      ({ id }) => /-\d+$/.test(id ?? '') && !id!.startsWith('gateway'),
    );
  const provider = new Map((await book(simulator().provider)).map((request) => [request.id, request]));
  const added = new Map<string, number[]>();
  for (const { id, received_ns, provider_call_ns, content_ns } of await book(simulator().gateway)) {
    const name = knownDelays[random(1, Number(id!.split('-')[1])).below(knownDelays.length)]!;
    const values = name.startsWith('overhead_chunk')
      ? content_ns.map((at, i) => at - provider.get(id)!.content_ns[i]!)
      : [provider_call_ns! - received_ns];
    added.set(name, [...(added.get(name) ?? []), ...values.map((ns) => ns / 1e6)]);
  }
  return (name) => quantiles(added.get(name)!);
}

test('a known delay is measured right: within 0.5 ms at p50 and 2 ms at p95, on a slow machine within 2 and 4 ms', async () => {
  const outfile = await bundleFixture('lib/findings/overhead.fixture.ts');
  // Held against what the gateway has booked: on a busy machine its timers are late, and it adds more than it was told.
  // Others on the machine disturb the measuring too: what was off is measured again, and a fault of ours is off each time.
  const right = new Set<string>();
  for (let attempt = 1; ; attempt++) {
    for (const port of [simulator().gateway, simulator().provider])
      await fetch(new URL('/truth', port), { method: 'DELETE' });
    const record = await run(outfile, {});
    assert.equal(record.verdict, 'PASS', why(record));
    const really = await booked();
    const rows = (
      [
        ['llm_overhead_ttft', 'overhead', [5, 50]],
        ['llm_overhead_chunk', 'overhead_chunk', [1, 5]],
      ] as const
    ).flatMap(([metric, name, delays]) =>
      delays.map((delay) => {
        const difference = (of: (name: string) => { p50: number; p95: number }, key: 'p50' | 'p95') =>
          of(`${name}=${delay}`)[key] - of(`${name}=0`)[key];
        const said = (key: 'p50' | 'p95') => difference((size) => measured(record, metric, size), key);
        // What the gateway does beside what it books takes milliseconds on a slow machine, not the same in each size.
        const unbooked = measured(record, metric, `${name}=0`).p50 - really(`${name}=0`).p50;
        return {
          what: `${name}=${delay}`,
          said: said('p50'),
          p50: said('p50') - difference(really, 'p50'),
          p95: said('p95') - difference(really, 'p95'),
          within: Math.min(2, Math.max(0.5, unbooked / 2)),
        };
      }),
    );
    const told = rows
      .map(
        ({ what, said, p50, p95 }) =>
          `${what}: measured ${said.toFixed(2)} ms, off by ${p50.toFixed(2)} at p50, ${p95.toFixed(2)} at p95`,
      )
      .join('; ');
    process.stdout.write(`${told}\n`);
    for (const { what, p50, p95, within } of rows)
      if (Math.abs(p50) <= within && Math.abs(p95) <= Math.max(2, 2 * within)) right.add(what);
    if (right.size === rows.length) return;
    assert.ok(attempt < 3, told);
  }
});

const load = { RATE: '25', DURATION: '6s', PROMPT_TOKENS: '50' };

test('a gateway in order passes, with small figures and chunks as they came', async () => {
  const record = await run('dist/overhead.js', load);
  assert.equal(record.verdict, 'PASS', why(record));
  const toFirst = finding(record, 'overhead-to-first-token');
  assert.ok(toFirst.value! > 0 && toFirst.value! < 20, toFirst.text);
  assert.match(
    toFirst.text,
    /the gateway adds [\d.]+ ms to the time to first token \(p95 [\d.]+, p99 [\d.]+\), which is [\d.]+ % of it: [\d.]+ ms of this pass before the provider has the request/,
  );
  assert.match(finding(record, 'chunks-per-arrival').text, /^chunks come to the client one by one/);
  assert.equal(finding(record, 'streams-paired').value, 1);
});

const flaws: [name: string, flaw: object, missed: RegExp, id: string, words: RegExp][] = [
  [
    'an overhead of 80 ms',
    { overhead_ms: 80 },
    /added to the first token, p95: measured \d+/,
    'overhead-to-first-token',
    /the gateway adds 8\d(\.\d)? ms to the time to first token .* 8\d(\.\d)? ms of this pass before the provider has the request/,
  ],
  [
    'coalescing',
    { coalesce: 4 },
    /chunks to an arrival/,
    'chunks-per-arrival',
    /^coalescing: [34]\.\d of the provider's chunks come in one arrival/,
  ],
  [
    'an event loop that each call blocks',
    { event_loop_block_ms: { bedrock: 28, vertex: 0 } },
    /added to (the first token|each chunk), p95/,
    'overhead-per-chunk',
    /of these moments another call begins .*: streams stand still while another call starts/,
  ],
  [
    'a buffer to the end',
    { buffering: { to_end: true } },
    /added to the first token, p95/,
    'chunks-per-arrival',
    /^buffering: \d+ of \d+ streams arrived in one piece, \d+ ms after the provider's first token/,
  ],
];
for (const [name, flaw, missed, id, words] of flaws) {
  test(`${name} is found and named`, async () => {
    await simulator().configure({ gateway: { flaws: flaw } });
    const record = await run('dist/overhead.js', load);
    assert.equal(record.verdict, 'FAIL', why(record));
    assert.match(why(record), missed);
    assert.match(finding(record, id).text, words);
  });
}
