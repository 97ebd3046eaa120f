import assert from 'node:assert/strict';
import { after, before, beforeEach, test } from 'node:test';
import { ConfigError } from './check';
import { defaultConfig, patchConfig } from './config';
import { settingsOf } from './deployments';
import { WIRES } from '../providers/provider';
import { startSimulator, type Simulator } from '../start';
import { call, chatBody, configure, resetConfig, truthOf } from '../client.fixture';

let simulator: Simulator;
let base: string;
before(async () => {
  simulator = await startSimulator({ only: 'provider' });
  base = simulator.providerUrl ?? '';
});
beforeEach(() => resetConfig(base));
after(() => simulator.close());

const at = (region: string) => new URL(`/openai/${region}/v1/chat/completions`, base).href;
const QUICK = 'ttft=1 rate=1000 tokens=1';

test('one deployment fails while the other and the plain address go on', async () => {
  await configure(base, {
    provider: { deployments: { 'openai/eu/claude_3_haiku': { failure_share: 1, failure: '503' } } },
  });
  const status = async (url: string, model = 'claude_3_haiku') => (await call(url, chatBody(QUICK, { model }))).status;
  assert.deepEqual(
    await Promise.all([
      status(at('eu')),
      status(at('us')),
      status(`${base}/chat/completions`),
      status(at('eu'), 'llama3211b'),
    ]),
    [503, 200, 200, 200],
  );
  await configure(base, { provider: { deployments: { 'openai/eu/claude_3_haiku': null } } });
  assert.equal(await status(at('eu')), 200);
  await call(at('eu'), chatBody(`id=where ${QUICK}`));
  const { wire, region, model } = await truthOf(base, 'where');
  assert.deepEqual({ wire, region, model }, { wire: 'openai', region: 'eu', model: 'claude_3_haiku' });
});

test('each deployment has a quota of its own', async () => {
  await configure(base, { provider: { deployments: { 'openai/*/*': { quota: { requests_per_minute: 1 } } } } });
  const statuses = [];
  for (const region of ['eu', 'eu', 'us', 'us']) statuses.push((await call(at(region), chatBody(QUICK))).status);
  assert.deepEqual(statuses, [200, 429, 200, 429]);
});

test('the name with the fewest * has the last word, whatever the order', () => {
  const config = patchConfig(
    defaultConfig(),
    {
      provider: {
        deployments: {
          'openai/eu/claude_3_haiku': { ttft_ms: 3 },
          'openai/eu/*': { ttft_ms: 2, jitter: 0 },
          '*/*/*': { ttft_ms: 1, jitter: 1, context_limit: 9 },
        },
      },
    },
    WIRES,
  );
  const settings = (region: string, model: string) => {
    const { ttft_ms, jitter, context_limit, capability } = settingsOf(config, 'openai', region, model) ?? {};
    return [ttft_ms, jitter, context_limit, capability];
  };
  assert.deepEqual(settings('eu', 'claude_3_haiku'), [3, 0, 9, 'chat']);
  assert.deepEqual(settings('eu', 'llama3211b'), [2, 0, 9, 'chat']);
  assert.deepEqual(settings('us', 'claude_3_haiku'), [1, 1, 9, 'chat']);
  assert.equal(settingsOf(config, 'openai', 'eu', 'nobody'), undefined);
});

const wrong: [string, unknown, RegExp][] = [
  ['claude_3_haiku', {}, /deployments\.claude_3_haiku must be named <wire>\/<region>\/<model>/],
  ['azure/eu/claude_3_haiku', {}, /"azure" is not a wire; the wires are openai/],
  ['openai/eu/nobody', {}, /no model in provider\.models is called "nobody"/],
  ['openai/eu/claude_3_haiku', { ttft: 1 }, /claude_3_haiku\.ttft is not a field; the fields here are ttft_ms/],
  ['openai/eu/claude_3_haiku', { failure: 'boom' }, /claude_3_haiku\.failure is "boom", but must be one of/],
  ['openai/eu/claude_3_haiku', { quota: { requests: 1 } }, /quota\.requests is not a field/],
  ['openai/eu/claude_3_haiku', 3, /claude_3_haiku is 3, but must be an object/],
];
for (const [name, settings, sentence] of wrong) {
  test(`refuses the deployment ${name} ${JSON.stringify(settings)}`, () => {
    const patch = { provider: { deployments: { [name]: settings } } };
    assert.throws(
      () => patchConfig(defaultConfig(), patch, WIRES),
      (error: Error) => error instanceof ConfigError && sentence.test(error.message),
    );
  });
}
