import { defaultConfig, patchConfig } from './config';
import type { Wire } from './wire';
import type { Config } from './types';

/**
 * The settings in force. Handlers read `current` anew for each request, so a change holds from the next request on.
 * `passOn` tells the twin in the other thread, when there is one, and is done when that one has it too.
 */
export class ConfigStore {
  passOn: (config: Config) => Promise<void> = () => Promise.resolve();
  current: Config;
  readonly #start: Config;
  readonly #listeners: (() => void)[] = [];

  /** `config`: the defaults when undefined. `wires`: those that deployments may name. */
  constructor(
    config: Config | undefined,
    readonly wires: readonly Wire[],
  ) {
    this.current = config ?? defaultConfig();
    this.#start = this.current;
  }

  onChange(listener: () => void): void {
    this.#listeners.push(listener);
  }

  /** Takes over settings that have been checked. */
  adopt(config: Config): void {
    this.current = config;
    for (const listener of this.#listeners) listener();
  }

  /** Throws a ConfigError with a sentence, and changes nothing, when the patch is wrong. */
  async patch(patch: unknown): Promise<void> {
    this.adopt(patchConfig(this.current, patch, this.wires));
    await this.passOn(this.current);
  }

  /** Back to the settings that the simulator was started with. */
  async reset(): Promise<void> {
    this.adopt(this.#start);
    await this.passOn(this.current);
  }
}
