import type { Arrival } from 'k6/x/sse';
import { ParameterError, type Parameters } from '../../config';
import { phases, type Load } from '../../load';

/** Time to first token of the slow provider, ms. */
export const slowMs = 2000;

/**
 * The healthy model gets 5 requests/s throughout; from the second phase on the other one gets as many: first well too,
 * then slow, then hung. MODELS names both: the one that gets sick first.
 */
export function sickLoad({ models }: Parameters): Load {
  if (models.length !== 2 || models[0] === models[1])
    throw new ParameterError(
      `MODELS=${models.join(',')} is wrong: two models of different providers are wanted, the one that gets slow and hangs first`,
    );
  return phases({
    alone: { rate: 5, for: '60s' },
    beside: { rate: 10, for: '60s' },
    slow: { rate: 10, for: '60s' },
    between: { rate: 10, for: '30s' },
    hung: { rate: 10, for: '60s' },
    after: { rate: 10, for: '60s' },
  });
}

/** The model that an arrival asks for: in turn, or the healthy one alone. */
export function sickAndWell({ phase, index }: Arrival, models: readonly string[]): string {
  return phase === 'alone' || index % 2 === 1 ? models[1]! : models[0]!;
}
