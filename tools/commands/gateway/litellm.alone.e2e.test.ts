import assert from 'node:assert/strict';
import { afterEach, test, type TestContext } from 'node:test';
import type { RunRecord } from '../../../lib/summary';
import { FAULTS, type FaultName } from '../../../simulator/faults/faults';
import { sound, undisturbed, why } from '../../testing/k6';
import { tell } from '../../testing/outcomes';
import { limitPerMinute, models } from './litellm-config';
import { directive, expected, wires } from './litellm-faults.fixture';
import { runLiteLLM } from './running.fixture';
import { clearTruth, readTruth } from './truth.fixture';

/*
 * A gateway that nobody here wrote, between k6 and the simulated providers. Where this machine's Python cannot run it,
 * every test says so and is skipped.
 */
const lite = runLiteLLM();
afterEach(async () => {
  if (!lite.cannot) await lite.simulator.reset();
});

function withLiteLLM(name: string, body: (t: TestContext) => Promise<void>): void {
  test(name, { timeout: 120_000 }, async (t) => (lite.cannot ? t.skip(lite.cannot) : body(t)));
}

/** First tokens of 50 ms: how much LiteLLM adds on this machine at this moment is not what is tested. */
const quick = { provider: { models: { '*': { ttft_ms: [50, 60] } } } };
const run = async (script: string, env: Record<string, string>): Promise<RunRecord> =>
  sound(
    await undisturbed(`dist/${script}.js`, {
      env: { BASE_URL: lite.gateway.base, API_KEY: lite.gateway.key, PROVIDER_URL: lite.simulator.provider, ...env },
    }),
  );
const said = (record: RunRecord) => record.findings.map((finding) => finding.text).join('\n');
const value = (record: RunRecord, id: string) => record.findings.find((finding) => finding.id === id)?.value;
const everyWire = Object.values(models.chat).join(',');
const smoke = { RATE: '30', DURATION: '5s' };

withLiteLLM(
  "Messages and Responses, before each provider: the answer and its tokens are read as on the chat's wire",
  async () => {
    const cases = ['chat', 'messages', 'responses'].flatMap((wire) =>
      Object.entries(models.chat).flatMap(([provider, model]) =>
        [false, true].map((plain) => ({
          name: `${wire}, ${provider}, ${plain ? 'plain' : 'stream'}`,
          base: lite.gateway.base,
          key: lite.gateway.key,
          model,
          plain,
          patience: 20_000,
          prompt: 'Hello. [[sim tokens=8 ttft=60 rate=50 jitter=0 chunk=1]]',
          env: { WIRE: wire, AUTH: 'bearer', MAX_TOKENS: '50' },
        })),
      ),
    );
    const told = await tell(cases);
    for (const { name, plain } of cases) {
      const answer = told.answers.find((each) => each.name === name);
      assert.equal(told.counted.find((each) => each.name === name)?.outcome, 'ok', `${name}: ${answer?.error}`);
      const value = (metric: string, of = name) =>
        told.measured.find((row) => row.name === of && row.metric === metric)?.value;
      assert.equal(value('llm_completion_tokens'), 8, name);
      const chat = name.replace(/^\w+/, 'chat');
      assert.equal(value('llm_prompt_tokens'), value('llm_prompt_tokens', chat), name);
      if (!plain) assert.ok(value('llm_ttft')! >= 60 && value('llm_tokens_per_chunk') === 1, name);
    }
  },
);

withLiteLLM("smoke, the three wires in turn: PASS, and on each the token counts are the provider's", async () => {
  await lite.simulator.configure(quick);
  await clearTruth(lite.simulator.provider);
  const record = await run('smoke', { ...smoke, MODELS: everyWire, EMBEDDING_MODEL: models.embedding.vertex });
  assert.equal(record.verdict, 'PASS', why(record));
  assert.deepEqual([...new Set(record.outcomes.map((row) => row.outcome))], ['ok']);
  const truth = (await readTruth(lite.simulator.provider)).filter((row) => row.stream);
  for (const [wire, model] of Object.entries(models.chat)) {
    // The first stream on each wire is the preflight's, which is no part of the load.
    const [, ...calls] = truth.filter((row) => row.wire === wire);
    assert.ok(calls.length > 20, `${calls.length} on ${wire}`);
    const rows = (metric: 'llm_prompt_tokens' | 'llm_completion_tokens') =>
      record.metrics[metric]!.filter(
        ({ tags }) => tags.model === model && tags.kind === 'chat' && tags.size !== undefined,
      );
    const sum = (metric: 'llm_prompt_tokens' | 'llm_completion_tokens') =>
      rows(metric).reduce((total, row) => total + row.sum, 0);
    assert.equal(
      sum('llm_prompt_tokens'),
      calls.reduce((total, row) => total + row.prompt_tokens, 0),
      wire,
    );
    assert.equal(
      sum('llm_completion_tokens'),
      calls.reduce((total, row) => total + row.completion_tokens, 0),
      wire,
    );
  }
});

withLiteLLM(
  "every fault of a provider on every wire ends in an outcome: LiteLLM's errors are told, its silence is timed out",
  async () => {
    const cases = wires.flatMap((wire) => {
      const one = (fault: FaultName, name: string, patience: number, outcome: string) => ({
        name: `${wire} ${name}`,
        base: lite.gateway.base,
        key: lite.gateway.key,
        model: models.chat[wire],
        prompt: directive(fault),
        patience,
        outcome,
      });
      const all = FAULTS.map((fault) => one(fault, fault, 4000, expected(fault, wire)));
      // Who waits longer than LiteLLM sees its time-outs of 5 s: a 408, and an error event in mid-stream. On Vertex
      // AI's wire it does not keep them.
      const [early, mid] =
        wire === 'vertex' ? (['timeout_first', 'timeout_idle'] as const) : (['http_4xx', 'stream_error'] as const);
      return [
        ...all,
        one('hang_before', 'hang_before, patient', 12_000, early),
        one('hang_mid', 'hang_mid, patient', 12_000, mid),
      ];
    });
    const told = await tell(cases);
    const seen = Object.fromEntries(told.counted.map(({ name, outcome, count }) => [name, `${outcome} ${count}`]));
    assert.deepEqual(seen, Object.fromEntries(cases.map(({ name, outcome }) => [name, `${outcome} 1`])));
    assert.deepEqual([told.started, told.interrupted, told.unfinished, told.lost], [cases.length, 0, 0, 0]);
    for (const wire of wires) {
      const tokens = told.measured.find(
        (row) => row.name === `${wire} coalesced` && row.metric === 'llm_completion_tokens',
      );
      assert.equal(tokens?.value, 40, `usage was asked for, and read from its chunk, on ${wire}`);
    }
  },
);

withLiteLLM(
  "overhead on every wire: each stream is paired with its provider's record, and LiteLLM's own time is above 0 and below a second",
  async () => {
    await lite.simulator.configure(quick);
    const record = await run('overhead', { MODELS: everyWire, RATE: '16', DURATION: '9s' });
    // How fast LiteLLM is on this machine is not asked here: its figure may lie close to the plan's limit.
    assert.deepEqual(
      record.reasons.filter(({ about }) => about === 'instrument'),
      [],
    );
    assert.equal(value(record, 'streams-paired'), 1, said(record));
    for (const model of Object.values(models.chat)) {
      for (const metric of ['llm_overhead_ttft', 'llm_overhead_chunk'] as const) {
        const p50 = record.metrics[metric]?.find(({ tags }) => tags.model === model)?.p50;
        assert.ok(p50! > 0 && p50! < 1000, `${metric} p50 of ${model} ${p50}`);
      }
    }
    const rows = record.findings.find(({ id }) => id === 'by-model')?.table?.rows.map(([name]) => name);
    assert.deepEqual(rows, wires.map((wire) => `${models.chat[wire]} (${wire})`).sort());
  },
);

withLiteLLM(
  'failover from Bedrock to Vertex AI: the fallback answers what failed before its first token; what breaks in mid-stream stays broken',
  async () => {
    await lite.simulator.configure(quick);
    const record = await run('failover', { MODEL: models.fallback, FAULTS: '503,cut', RATE: '10', DURATION: '11s' });
    assert.equal(record.verdict, 'FAIL', why(record));
    assert.equal(value(record, 'failover'), 1, said(record));
    assert.match(
      said(record),
      /failover from bedrock\/us-east-1\/anthropic\.claude-3-5-sonnet-20240620-v1:0 to vertex\/europe-west4\/gemini-2\.0-flash: (\d+) of \1 requests/,
    );
    assert.ok(value(record, 'streams-broken')! > 0, said(record));
    assert.ok(value(record, 'calls-upstream')! > 1.5, said(record));
    // A single deployment of a name is never left out.
    assert.match(why(record), /time to detect: not detected/);
  },
);

withLiteLLM("bulkhead: Bedrock's hang, as seen by Vertex AI's requests", async () => {
  await lite.simulator.configure(quick);
  const record = await run('bulkhead', { RATE: '40', DURATION: '12s' });
  assert.match(said(record), /while claude_3_haiku hangs, 0 of \d\d requests for gemini-2\.0-flash failed/);
  // So short a run has too few of them for an interval (scripts/bulkhead.alone.e2e.test.ts has one): that they are answered
  // is what counts here.
  const streams = record.findings.find(({ id }) => id === 'ttft-hung')?.n;
  assert.ok(streams! > 4, said(record));
  assert.equal(value(record, 'failed-hung'), 0);
});

withLiteLLM(
  'cost on both wires: tokens and calls as the provider has booked them, hang-ups passed on, and whose usage LiteLLM makes up',
  async () => {
    await lite.simulator.configure(quick);
    const record = await run('cost', {
      MODELS: `${models.chat.bedrock},${models.chat.vertex}`,
      RATE: '14',
      DURATION: '8s',
    });
    assert.equal(value(record, 'prompt-tokens-added'), 0, said(record));
    assert.equal(value(record, 'provider-calls-per-request'), 1, said(record));
    assert.ok(value(record, 'provider-stopped-after-a-hang-up')! < 5000, said(record));
    // Bedrock tells an embedding's tokens in a header only; what LiteLLM tells is near it, and not the same.
    assert.match(
      said(record),
      /usage: streams: as the provider counted in all \d+; plain answers: as the provider counted in all \d+; embeddings: usage in \d+ of \d+ is \d\.\d\d times/,
    );
  },
);

withLiteLLM('providers: Bedrock and Vertex AI side by side, each by its region', async () => {
  await lite.simulator.configure(quick);
  const record = await run('providers', { RATE: '20', DURATION: '6s' });
  const rows = record.findings.find(({ id }) => id === 'side-by-side')?.table?.rows.map(([name]) => name);
  assert.deepEqual(rows, ['claude_3_haiku us-east-1', 'gemini-2.0-flash us-central1']);
  assert.match(said(record), /gap between chunks/);
  assert.ok(record.outcomes.every((row) => row.outcome === 'ok'));
});

withLiteLLM('a reranker behind LiteLLM: every answer has all documents, and its tokens are told', async () => {
  const env = { KINDS: 'embedding', EMBEDDING_WIRE: 'rerank', EMBEDDING_MODEL: models.rerank.cohere };
  const record = await run('mixed', { ...env, PROVIDER_URL: 'none', RATE: '15', DURATION: '3s' });
  assert.deepEqual([...new Set(record.outcomes.map(({ outcome }) => outcome))], ['ok'], why(record));
  assert.ok(record.metrics.llm_prompt_tokens!.some(({ min }) => min! > 5));
});

withLiteLLM('an unknown model, a refused key (both are 400): INVALID, in words, before the load', async () => {
  const [unknown, refused] = await Promise.all([
    run('smoke', { ...smoke, MODEL: 'no-such-model' }),
    run('smoke', { ...smoke, API_KEY: 'sk-wrong' }),
  ]);
  assert.equal(unknown.verdict, 'INVALID');
  assert.match(
    why(unknown),
    /does not take MODEL=no-such-model: 400 \(.*Invalid model name.*it offers .*claude_3_haiku/,
  );
  assert.equal(refused.verdict, 'INVALID');
  assert.match(why(refused), /refused the key with 400 .*check API_KEY/);
});

const chat = (model: string, more: object = {}) =>
  fetch(`${lite.gateway.base}/chat/completions`, {
    method: 'POST',
    headers: { authorization: `Bearer ${lite.gateway.key}`, 'content-type': 'application/json' },
    body: JSON.stringify({
      model,
      messages: [{ role: 'user', content: 'hello [[sim ttft=20 tokens=5]]' }],
      stream: true,
      ...more,
    }),
  });

withLiteLLM('usage comes only when stream_options.include_usage asks for it, as our requests do', async () => {
  for (const model of Object.values(models.chat)) {
    assert.doesNotMatch(await (await chat(model)).text(), /"usage"/);
    assert.match(
      await (await chat(model, { stream_options: { include_usage: true } })).text(),
      /"usage":\{"completion_tokens":5,/,
    );
  }
});

withLiteLLM('its own rate limit: 429, with the time to wait', async () => {
  const statuses: number[] = [];
  let wait: string | null = null;
  for (let i = 0; i < 2 * limitPerMinute + 1; i++) {
    const answer = await chat(models.limited);
    await answer.text();
    statuses.push(answer.status);
    wait ??= answer.headers.get('llm_provider-retry-after');
  }
  // Windows are minutes of the clock: one may end in between.
  assert.ok(statuses.includes(200) && statuses.includes(429), statuses.join());
  assert.ok(Number(wait) > 0, `retry after ${wait}`);
});

withLiteLLM('a failing deployment: the fallback answers, and the header and the truth tell it', async () => {
  await lite.simulator.configure({
    provider: {
      deployments: {
        'bedrock/us-east-1/anthropic.claude-3-5-sonnet-20240620-v1:0': { failure_share: 1, failure: '503' },
      },
    },
  });
  await clearTruth(lite.simulator.provider);
  const answer = await chat(models.fallback);
  assert.match(await answer.text(), /\[DONE\]/);
  assert.equal(answer.headers.get('x-litellm-attempted-fallbacks'), '1');
  assert.deepEqual(
    (await readTruth(lite.simulator.provider)).map((row) => [row.wire, row.region, row.status]),
    [
      ['bedrock', 'us-east-1', 503],
      ['vertex', 'europe-west4', 200],
    ],
  );
});
