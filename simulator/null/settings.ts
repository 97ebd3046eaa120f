import { integer, range, shape } from '../settings/check';
import type { Range } from '../settings/types';

export interface NullSettings {
  /** Request read to first content event, ms: `[low, high]` is drawn from uniformly, for each stream anew. */
  readonly ttft: Range;
  /** Content events a stream. */
  readonly events: number;
  /** Between two content events, ms. */
  readonly gap: Range;
  readonly seed: number;
  /** Numbers in a vector of an embedding. */
  readonly dimensions: number;
}

export const nullDefaults: NullSettings = { ttft: [200, 221], events: 100, gap: 20, seed: 1, dimensions: 16 };

/** Throws a ConfigError in words. */
export const checked = shape<NullSettings>({
  ttft: range(0, 600_000),
  events: integer(1, 100_000),
  gap: range(0, 600_000),
  seed: integer(0, 0xffff_ffff),
  dimensions: integer(1, 8192),
});
