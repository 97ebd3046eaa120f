import { ConfigError } from './check';
import type { Config, DeploymentSettings, ProviderModel } from './types';
import { mergePatch } from './merge';
import type { Wire } from './wire';

/** The region of a call that names none. */
export const NO_REGION = '-';

/** `bedrock/us-east-1/<model>`: the model's id may itself have slashes. */
interface Pattern {
  readonly wire: string;
  readonly region: string;
  readonly model: string;
}

function patternOf(key: string): Pattern | null {
  const [, wire, region, model] = /^([^/]+)\/([^/]+)\/(.+)$/.exec(key) ?? [];
  return wire === undefined || region === undefined || model === undefined ? null : { wire, region, model };
}

/** `*` stands for any characters, also for none. */
function fits(pattern: string, text: string): boolean {
  if (!pattern.includes('*')) return pattern === text;
  const parts = pattern.split('*').map((part) => part.replace(/[.+?^${}()|[\]\\]/g, '\\$&'));
  return new RegExp(`^${parts.join('.*')}$`).test(text);
}

/**
 * The settings laid over a model's own for one deployment, the most general first, so that the one with the fewest `*`
 * has the last word.
 */
function layersOf(
  deployments: Config['provider']['deployments'],
  wire: Wire,
  region: string,
  model: string,
): DeploymentSettings[] {
  const stars = (key: string): number => key.split('*').length;
  return Object.entries(deployments)
    .filter(([key]) => {
      const pattern = patternOf(key);
      return pattern !== null && fits(pattern.wire, wire) && fits(pattern.region, region) && fits(pattern.model, model);
    })
    .sort(([one], [other]) => stars(other) - stars(one))
    .map(([, settings]) => settings);
}

/** What holds for a model when it is asked for on this wire in this region; undefined: there is no such model. */
export function settingsOf({ provider }: Config, wire: Wire, region: string, id: string): ProviderModel | undefined {
  const model = Object.hasOwn(provider.models, id) ? provider.models[id] : undefined;
  if (model === undefined) return undefined;
  return layersOf(provider.deployments, wire, region, id).reduce<ProviderModel>(
    (under, over) => mergePatch(under, over) as ProviderModel,
    model,
  );
}

/**
 * Refuses a deployment that can never be asked for, on none of the wires or of no model: it would be without effect,
 * and nobody would know. Throws a ConfigError.
 */
export function checkDeployments(config: Config, wires: readonly Wire[]): Config {
  for (const key of Object.keys(config.provider.deployments)) {
    const pattern = patternOf(key);
    const place = `provider.deployments.${key}`;
    if (pattern === null)
      throw new ConfigError(
        `${place} must be named <wire>/<region>/<model>, as openai/${NO_REGION}/claude_3_haiku; * stands for any characters.`,
      );
    if (!wires.some((wire) => fits(pattern.wire, wire)))
      throw new ConfigError(`${place}: "${pattern.wire}" is not a wire; the wires are ${wires.join(', ')}, or *.`);
    const models = Object.keys(config.provider.models);
    if (!models.some((model) => fits(pattern.model, model)))
      throw new ConfigError(`${place}: no model in provider.models is called "${pattern.model}".`);
  }
  return config;
}
