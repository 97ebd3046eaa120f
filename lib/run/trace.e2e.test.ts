import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { k6 } from '../../tools/programs/k6';
import { scratch } from '../../tools/programs/scratch';
import { sound, undisturbed, why } from '../../tools/testing/k6';
import { strictGateway, type Asked } from '../../tools/testing/strict';

/*
 * A trace in place of the load: what reaches the gateway, and when.
 */

function trace(lines: string[], name = 'trace.csv'): string {
  const path = join(scratch(), name);
  writeFileSync(path, `${lines.join('\n')}\n`);
  return path;
}

/** In bursts: five at once, each half second. */
const azure = [
  'TIMESTAMP,ContextTokens,GeneratedTokens',
  ...Array.from({ length: 25 }, (_, i) => {
    const second = Math.floor(i / 5) * 5;
    return `2023-11-16 18:15:${String(10 + second).padStart(2, '0')}.${String(i % 5)}000000,${50 + 100 * i},${i + 1}`;
  }),
];

interface Body {
  messages: { content: string }[];
  max_tokens?: number;
}

test('a trace in Azure’s layout, ten times as fast: its times, its prompts’ lengths, its max_tokens, its lateness told', async () => {
  const came: { at: number; asked: Asked }[] = [];
  const gateway = await strictGateway({
    rule: (asked) => void came.push({ at: Date.now(), asked }),
  });
  try {
    const env = {
      ...{ MODEL: 'one', API_KEY: 'none', BASE_URL: gateway.base, TIME_SCALE: '0.1' },
      ARRIVALS: `trace:${trace(azure)}`,
    };
    const run = sound(await undisturbed('dist/ttft.js', { env }));
    assert.equal(run.counts.started, 25, why(run));
    assert.equal(run.counts.finished, 25, why(run));
    assert.match(
      run.notes.join('\n'),
      /the trace .* was replayed: 25 of its 25 requests were sent, .* later than it says/,
    );
    // Of the last run, where one was disturbed; in the trace's order, since requests 10 ms apart may overtake each other.
    const bound = ({ asked }: (typeof came)[0]) => (asked.body as unknown as Body).max_tokens;
    const load = came
      .filter((each) => bound(each) !== undefined)
      .slice(-25)
      .sort((a, b) => bound(a)! - bound(b)!);
    assert.deepEqual(
      load.map(({ asked }) => (asked.body as unknown as Body).max_tokens),
      Array.from({ length: 25 }, (_, i) => i + 1),
    );
    // Four to five characters a token of English; the 20th prompt has 1,950 tokens, the first 50.
    const length = (i: number) => (load[i]!.asked.body as unknown as Body).messages[0]!.content.length;
    assert.ok(length(19) > 4 * 1950 * 0.7 && length(19) < 4 * 1950 * 1.8, String(length(19)));
    assert.ok(length(0) > 4 * 50 * 0.5 && length(0) < 4 * 50 * 2, String(length(0)));
    // 0.5 s between bursts, 10 ms within them.
    const between = load[5]!.at - load[4]!.at;
    assert.ok(between > 300 && between < 700, `${between} ms between two bursts`);
  } finally {
    gateway.close();
  }
});

test('a wrong line of a trace is told with its number before anything is sent', async () => {
  const path = trace(['time,input_tokens,output_tokens,session', '0,1,2,a', 'later,1,2,a']);
  const { stdout, stderr, run } = await k6('dist/ttft.js', { env: { ARRIVALS: `trace:${path}` } });
  assert.equal(run, undefined);
  assert.match(stdout + stderr, /ARRIVALS=trace:.* is wrong: line 3 is wrong: time is "later"; a number is wanted/);
});

test('a script whose phases are what it looks for takes no trace', async () => {
  const path = trace(['time,input_tokens,output_tokens,session', '0,1,2,a', '1,1,2,a']);
  const { stdout, stderr } = await k6('dist/spike.js', { env: { ARRIVALS: `trace:${path}` } });
  assert.match(stdout + stderr, /ARRIVALS=trace cannot be used with spike: its load has several phases/);
});

test('bursts and a day keep the load’s mean rate, and the users are enough for their peak', async () => {
  const gateway = await strictGateway({ rule: () => undefined });
  try {
    for (const ARRIVALS of ['markov:4:300ms:0.2', 'daily:1,3,1,0']) {
      const env = { MODEL: 'one', API_KEY: 'none', BASE_URL: gateway.base, RATE: '40', DURATION: '3s', ARRIVALS };
      const run = sound(await undisturbed('dist/ttft.js', { env }));
      assert.equal(run.counts.finished, run.counts.started, why(run));
      assert.ok(run.counts.started > 50 && run.counts.started < 260, `${ARRIVALS}: ${run.counts.started}`);
      assert.match(run.notes.join('\n'), /at the peak of the arrivals/);
    }
  } finally {
    gateway.close();
  }
});
