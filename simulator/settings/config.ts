import * as fs from 'node:fs';
import {
  ConfigError,
  filled,
  flag,
  integer,
  listOf,
  mapOf,
  number,
  oneOf,
  part,
  range,
  shape,
  text,
  type Check,
} from './check';
import { checkDeployments } from './deployments';
import { FAULTS } from '../faults/faults';
import { checkFlaws } from '../gateway/flaws';
import { isFields, mergePatch } from './merge';
import { DEFAULTS, newDeployment, newGatewayModel, newKey, newProviderModel } from './defaults';
import {
  SCOPES,
  type Config,
  type Deployment,
  type DeploymentSettings,
  type Failover,
  type GatewayKey,
  type GatewayModel,
  type ProviderModel,
  type Quota,
} from './types';
import type { Wire } from './wire';

const MAX_MS = 3_600_000;
const capability = oneOf(['chat', 'embedding'] as const);

const quota = { requests_per_minute: integer(0, 1e9), tokens_per_minute: integer(0, 1e12) };
const ownOfDeployment = {
  ttft_ms: range(0, MAX_MS),
  ttft_per_1k_prompt_tokens_ms: number(0, MAX_MS),
  tokens_per_second: number(0.01, 100_000),
  tokens_per_chunk: integer(1, 10_000),
  jitter: number(0, 1),
  output_tokens: range(1, 1_000_000),
  context_limit: integer(1, 1_000_000_000),
  near_limit: shape<ProviderModel['near_limit']>({ from: number(0, 1), failure_share: number(0, 1) }),
  cached_prefix_ttft_ms: number(0, MAX_MS),
  prompt_cache: shape<ProviderModel['prompt_cache']>({ least_tokens: integer(0, 1e9), ttl_s: number(0, 86_400) }),
  stall: shape<ProviderModel['stall']>({ share: number(0, 1), ms: number(0, MAX_MS) }),
  usage_in_each_chunk: flag,
  dimensions: integer(1, 16_384),
  failure_share: number(0, 1),
  failure: oneOf(FAULTS),
};
const providerModel = shape<ProviderModel>({ capability, ...ownOfDeployment, quota: shape<Quota>(quota) });
const deployment: Check<DeploymentSettings> = part<Required<DeploymentSettings>>({
  ...ownOfDeployment,
  quota: part<Quota>(quota),
});

const failover = shape<Failover>({
  on: flag,
  first_byte_ms: number(1, MAX_MS),
  idle_ms: number(1, MAX_MS),
  plain_ms: number(1, MAX_MS),
  breaker: shape<Failover['breaker']>({ failures: integer(0, 1e6), probe_ms: number(0, MAX_MS) }),
  resume: flag,
  fails_back: flag,
  herd: flag,
  decision_ms: number(0, MAX_MS),
  loses_context: flag,
});
const gatewayDeployment = filled(
  shape<Deployment>({ provider_model: text, region: text, weight: number(0, 1e6) }),
  newDeployment(),
);

const whole: Check<Config> = shape<Config>({
  seed: integer(0, 0xffffffff),
  truth_limit: integer(1, 10_000_000),
  provider: shape<Config['provider']>({
    models: mapOf(providerModel, newProviderModel),
    deployments: mapOf(deployment, () => ({})),
  }),
  gateway: shape<Config['gateway']>({
    models: mapOf(
      shape<GatewayModel>({
        name: text,
        capability,
        kind: oneOf(['bedrock', 'vertex'] as const),
        provider_model: text,
        deployments: listOf(gatewayDeployment),
        native_id: text,
      }),
      newGatewayModel,
    ),
    keys: mapOf(
      shape<GatewayKey>({ scopes: listOf(oneOf(SCOPES)), state: oneOf(['active', 'inactive', 'expired'] as const) }),
      newKey,
    ),
    failover,
    flaws: checkFlaws,
  }),
});

/** The config with a patch on top. Throws a ConfigError with a sentence; the old config stays as it was. */
export function patchConfig(current: Config, patch: unknown, wires: readonly Wire[]): Config {
  if (!isFields(patch)) throw new ConfigError('The configuration must be a JSON object.');
  return checkDeployments(whole(mergePatch(current, patch), ''), wires);
}

/** The settings of a simulator that was given none. */
export function defaultConfig(): Config {
  return whole(DEFAULTS, '');
}

/** Reads a JSON file that is laid over the defaults. Throws a ConfigError that names the file. */
export function readConfig(file: string, wires: readonly Wire[]): Config {
  let patch: unknown;
  try {
    patch = JSON.parse(fs.readFileSync(file, 'utf8'));
  } catch (error) {
    throw new ConfigError(`The configuration file ${file} cannot be read: ${(error as Error).message}`);
  }
  try {
    return patchConfig(defaultConfig(), patch, wires);
  } catch (error) {
    throw error instanceof ConfigError ? new ConfigError(`In ${file}: ${error.message}`) : error;
  }
}
