import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { sound, undisturbed, why } from '../tools/testing/k6';
import { startSimulator, type Simulator } from '../tools/programs/simulator';

/*
 * The capacity that stress finds of one gateway, again and again. The gateway serves so many requests at once and refuses
 * the others, so what it carries is known: by Erlang's loss formula, from the time that a request takes.
 */
let simulator: Simulator;
before(async () => {
  simulator = await startSimulator();
});
after(() => simulator.stop());

const places = 16;
const quick = { ttft_ms: 150, tokens_per_second: 400, jitter: 0, output_tokens: 21 };

/** stress with plain chats alone, all of which take the same time. */
async function stress(flaws: object, DURATION = '300s') {
  await simulator.configure({
    provider: { models: { claude_3_haiku: quick } },
    gateway: { flaws: { empty_200_on_failure: false, ...flaws } },
  });
  return sound(
    await undisturbed('dist/stress.js', {
      env: {
        BASE_URL: simulator.gateway,
        API_KEY: 'gsai-sim-key',
        KINDS: 'chat',
        PLAIN_SHARE: '1',
        RATE: '120',
        DURATION,
      },
    }),
  );
}

const finding = (record: Awaited<ReturnType<typeof stress>>, id: string) =>
  record.findings.find((each) => each.id === id)!;

/** The offered load of which the share `lost` finds all places taken (Erlang B, by its recursion), in places. */
function offered(lost: number): number {
  const loss = (load: number) =>
    Array.from({ length: places }).reduce<number>((b, _, i) => (load * b) / (i + 1 + load * b), 1);
  let [low, high] = [0, 10 * places];
  for (let i = 0; i < 60; i++) {
    const middle = (low + high) / 2;
    if (loss(middle) > lost) high = middle;
    else low = middle;
  }
  return low;
}

test('stress climbs to the end on a gateway that holds', async () => {
  await simulator.reset();
  const record = sound(
    await undisturbed('dist/stress.js', {
      env: { BASE_URL: simulator.gateway, API_KEY: 'gsai-sim-key', RATE: '60', MAX_RATE: '60', DURATION: '70s' },
    }),
  );
  assert.equal(record.verdict, 'PASS', why(record));
  assert.match(record.findings[0]!.text, /did not break: up to (59|60)\.\d requests\/s/);
  assert.match(finding(record, 'capacity').text, /the capacity is above 60\.0\/s, the highest rate that was tried/);
  const begun = record.phases.filter(({ start_s }) => start_s >= 0).map(({ phase }) => phase);
  for (const phase of ['before', 'step-1', 'step-6', 'recovery', 'last']) assert.ok(begun.includes(phase), phase);
});

test('repeated, the capacities of one gateway agree within 5 %, in 5 of 5', async () => {
  const found: number[] = [];
  for (let i = 0; i < 5; i++) {
    const record = await stress({ limit_concurrency: { size: places, status: 503 } });
    const { value, text } = finding(record, 'capacity');
    assert.ok(value !== null, `${text}\n${why(record)}`);
    assert.equal(finding(record, 'refusals-in-order').value, 1, finding(record, 'refusals-in-order').text);
    assert.equal(finding(record, 'holds-again').value, 1, finding(record, 'holds-again').text);
    process.stdout.write(`${text}\n`);
    found.push(value);
  }
  const [least, most] = [Math.min(...found), Math.max(...found)];
  assert.ok(most / least <= 1.05, `${found}`);
  const expected = offered(0.05) / 0.2;
  process.stdout.write(`with Poisson arrivals and 0.2 s a request ${expected.toFixed(1)}/s would be carried\n`);
});

test('a gateway that fails otherwise than by refusing is told', async () => {
  const record = await stress({ limit_concurrency: { size: places, status: 500 } }, '200s');
  assert.equal(record.verdict, 'FAIL', why(record));
  assert.match(
    why(record),
    /target: refusals in order: .*: 0 % of what failed beyond the capacity was refused in order/,
  );
});

test('each provider has a limit of its own: of two models, the one that takes half the time carries about twice the load, and the climb shows where each breaks', async () => {
  const capacityOf = async (MODEL: string) => {
    await simulator.configure({
      provider: {
        models: {
          claude_3_haiku: { ...quick, ttft_ms: 150 },
          'gemini-2.0-flash': { ...quick, ttft_ms: 50 },
        },
      },
      gateway: { flaws: { empty_200_on_failure: false, limit_concurrency: { size: 12, status: 503 } } },
    });
    const env = { KINDS: 'chat', PLAIN_SHARE: '1', RATE: '60', DURATION: '110s' };
    const record = sound(
      await undisturbed('dist/stress.js', {
        env: { BASE_URL: simulator.gateway, API_KEY: 'gsai-sim-key', MODEL, ...env },
      }),
    );
    const { value, text } = finding(record, 'capacity');
    assert.ok(value !== null, `${text}\n${why(record)}`);
    return value;
  };
  const slower = await capacityOf('claude_3_haiku');
  const faster = await capacityOf('gemini-2.0-flash');
  assert.ok(faster / slower > 1.5 && faster / slower < 2.7, `${slower} and ${faster} requests/s`);
});
