import { ParameterError, simulatorKey, simulatorKeys, simulatorUrl } from '../config';
import { random } from '../statistics';
import type { Feature } from './test';

/**
 * In this phase the first key sends such a share of the requests, and the others send the rest in turn. All phases use the
 * keys alike otherwise, whatever weights they have. Two keys at least are needed; those of the simulator are known.
 */
export function withHeavyKey({ phase, share }: { phase: string; share: number }): Feature {
  return {
    parameters(p, { script }) {
      // A key that was given is kept: what answers at the simulator's address may be another gateway.
      if (p.baseUrl === simulatorUrl && p.apiKeys.join() === simulatorKey) p.apiKeys = [...simulatorKeys];
      if (p.apiKeys.length < 2)
        throw new ParameterError(
          `API_KEYS_FILE is missing: ${script} compares agencies, each of which has a key; give a file with two keys or more, one a line`,
        );
      delete p.keyWeights;
    },
    choose(choice, { p }) {
      const { arrival } = choice;
      if (arrival.phase !== phase) return;
      const isHeavy = random(p.seed ^ 0x2f6b1d, arrival.index).next() < share;
      // The keys are taken by the turn's remainder.
      const others = p.apiKeys.length - 1;
      choice.turn = arrival.index * p.apiKeys.length + (isHeavy ? 0 : 1 + (arrival.index % others));
    },
  };
}
