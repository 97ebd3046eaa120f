import type { Arrival } from 'k6/x/sse';
import { ParameterError, type Parameters } from '../../config';
import { phases, totalSeconds, type Load } from '../../load';

/** Time to first token of the slow provider at the load's full length, and at the least, ms. */
const slowest = 2000;
const slowAtLeast = 400;

/**
 * Time to first token of the slow provider, ms. It shrinks with the load's length as the clients' patience does
 * (givingUpAfter): a provider as slow as they are patient would not be slow, but failed.
 */
export function slowMs({ timeScale, duration }: Pick<Parameters, 'timeScale' | 'duration'>): number {
  const stretch = duration === undefined ? timeScale : duration / totalSeconds(load);
  return Math.round(Math.max(slowAtLeast, slowest * Math.min(1, stretch)));
}

/**
 * The healthy model gets 5 requests/s throughout. While the other hangs it gets 15/s, and each call of its is held for
 * the clients' patience of 10 s: 150 in flight, more than the pools of 100 that HTTP clients have (httpx).
 */
const load = phases({
  alone: { rate: 5, for: '60s' },
  beside: { rate: 10, for: '60s' },
  slow: { rate: 10, for: '60s' },
  between: { rate: 10, for: '30s' },
  hung: { rate: 20, for: '60s' },
  after: { rate: 10, for: '60s' },
});

/**
 * The healthy model gets 5 requests/s throughout; from the second phase on the other one gets as many: first well too,
 * then slow, then hung. MODELS names both: the one that gets sick first.
 */
export function sickLoad({ models }: Parameters): Load {
  if (models.length !== 2 || models[0] === models[1])
    throw new ParameterError(
      `MODELS=${models.join(',')} is wrong: two models of different providers are wanted, the one that gets slow and hangs first`,
    );
  return load;
}

/** The model that an arrival asks for: the healthy one alone, in turn, or one in four. */
export function sickAndWell({ phase, index }: Arrival, models: readonly string[]): string {
  const well = phase === 'alone' || (phase === 'hung' ? index % 4 === 3 : index % 2 === 1);
  return models[well ? 1 : 0]!;
}
