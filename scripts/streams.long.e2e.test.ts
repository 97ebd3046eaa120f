import assert from 'node:assert/strict';
import { test } from 'node:test';
import { flawedRun } from '../tools/testing/flawed-run';
import { why } from '../tools/testing/k6';

/*
 * streams with 2 to 40 at once instead of 100 to 2,000: what it says of each flaw, and that it passes without one.
 */
const provider = { claude_3_haiku: { ttft_ms: 60, tokens_per_second: 400, jitter: 0 } };
const env = { SCALE: '0.02', TIME_SCALE: '0.03' };

test('a gateway in order passes: all streams are served, keep their pace, get their own answer, and leave nothing', async (t) => {
  const { record, text } = await flawedRun(t, 'streams', { provider, env, pages: true });
  assert.equal(record.verdict, 'PASS', why(record));
  assert.match(
    text('streams-refused'),
    /^20 streams at once are all served: none of \d+ failed; more than 40 were not/,
  );
  assert.match(text('streams-ceiling'), /^no ceiling shows/);
  assert.match(text('answers-mixed-up'), /belongs to its own request$/);
  assert.match(text('hang-ups-go-on'), /were ended$/);
});

test('a limit of streams is named with its number; other requests are let in', async (t) => {
  const { record, text } = await flawedRun(t, 'streams', {
    flaws: { limit_concurrency: { size: 14, streams_only: true, status: 503 } },
    provider,
    env,
  });
  assert.equal(record.verdict, 'FAIL', why(record));
  assert.match(
    text('streams-refused'),
    /^of 20 streams at once \d+\.\d % fail \(http_5xx, status 503\); up to 10 at once are served/,
  );
});

test('a bandwidth that all streams share is found as what they carry together, and the process is not blamed', async (t) => {
  const { record, text } = await flawedRun(t, 'streams', {
    flaws: { bandwidth_kb_per_s: 300 },
    provider,
    // Rungs so long that what is under way at their ends is little of what they carry.
    env: { ...env, TIME_SCALE: '0.1' },
    evenDisturbed: true,
  });
  assert.match(
    text('streams-ceiling'),
    /^from \d+ streams at once on, all together carry [\d,.e+]+ chunks\/s \(0\.(2[0-9]?|3\d?) MB\/s\) and not more, whatever their number/,
    why(record),
  );
  assert.doesNotMatch(text('streams-ceiling'), /process itself is busy/);
  assert.match(text('streams-gaps'), /^gaps between chunks grow from \d+\.\d ms to \d+\.\d ms \(p95\) as streams go/);
});

test('a load too short for its streams says that it cannot tell what all of them carry, and how much longer one can', async (t) => {
  const { text } = await flawedRun(t, 'streams', {
    flaws: { bandwidth_kb_per_s: 60 },
    provider,
    env: { SCALE: '0.02', TIME_SCALE: '0.02' },
    evenDisturbed: true,
  });
  assert.match(
    text('streams-ceiling'),
    /each is slower than one of few \([\d.]+ s against [\d.]+ s\), and what all carry together is not told: so many were held for 1\.2 s alone\. \d+ times the TIME_SCALE tells it$/,
  );
});

test('chunks that cost the event loop time are found as a ceiling of a busy process', async (t) => {
  const { record, text } = await flawedRun(t, 'streams', { flaws: { chunk: { cpu_us: 1500 } }, provider, env });
  assert.equal(record.verdict, 'FAIL', why(record));
  assert.match(text('streams-ceiling'), /so the process itself is busy with chunks \([\d.e+]+ µs of it for each\)/);
});

test('answers of another request, calls that go on after a hang-up, and memory that hang-ups keep are counted', async (t) => {
  const { record, text } = await flawedRun(t, 'streams', {
    flaws: { crosstalk_share: 0.05, keep_provider_call_after_hangup: true, leak_mb_per_hangup: 0.5 },
    provider,
    env,
    pages: true,
  });
  assert.equal(record.verdict, 'FAIL', why(record));
  assert.match(text('answers-mixed-up'), /^\d+ of about \d+ streams got the answer to another request/);
  assert.match(text('hang-ups-go-on'), /^\d+ of \d+ provider calls ran to their end although the client had hung up/);
  assert.match(
    text('kept-after-hang-ups'),
    /^[3-6]\d\d kB stay in memory for each of \d+ streams that its client left/,
  );
});
