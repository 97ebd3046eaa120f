import { integer, oneOf, range, shape } from '../settings/check';
import type { Range } from '../settings/types';

/**
 * What the events of a stream are like. `constant`: the same byte for byte; `before` and `after`: a field before or after
 * the content changes with each; `escapes`: the content has escapes and letters beyond ASCII; `tools`: arguments of a
 * tool call; `reasoning`: thoughts; `usage`: each event tells the usage; `choices`: three choices in each.
 */
export const shapes = ['constant', 'before', 'after', 'escapes', 'tools', 'reasoning', 'usage', 'choices'] as const;
export type EventShape = (typeof shapes)[number];

export interface NullSettings {
  /** Request read to first content event, ms: `[low, high]` is drawn from uniformly, for each stream anew. */
  readonly ttft: Range;
  /** Content events a stream. */
  readonly events: number;
  /** Between two content events, ms. */
  readonly gap: Range;
  /** So many content events come in one write. */
  readonly together: number;
  readonly shape: EventShape;
  readonly seed: number;
  /** Numbers in a vector of an embedding. */
  readonly dimensions: number;
}

export const nullDefaults: NullSettings = {
  ttft: [200, 221],
  events: 100,
  gap: 20,
  together: 1,
  shape: 'constant',
  seed: 1,
  dimensions: 16,
};

/** Throws a ConfigError in words. */
export const checked = shape<NullSettings>({
  ttft: range(0, 600_000),
  events: integer(1, 100_000),
  gap: range(0, 600_000),
  together: integer(1, 10_000),
  shape: oneOf(shapes),
  seed: integer(0, 0xffff_ffff),
  dimensions: integer(1, 8192),
});
