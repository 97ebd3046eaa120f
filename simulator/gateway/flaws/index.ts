import { shape, type Check } from '../../settings/check';
import { chunks, type ChunkFlaws } from './chunks';
import { delivery, type DeliveryFlaws } from './delivery';
import { edge, type EdgeFlaws } from './edge';
import type { Family, Flaw } from './family';
import { kept, type KeptFlaws } from './kept';
import { lifecycle, type LifecycleFlaws } from './lifecycle';
import { instances, type InstanceFlaws } from './instances';
import { lookups, type LookupFlaws } from './lookups';
import { loop, type LoopFlaws } from './loop';
import { memory, type MemoryFlaws } from './memory';
import { payload, type PayloadFlaws } from './payload';
import { pool, type PoolFlaws } from './pool';
import { prompt, type PromptFlaws } from './prompt';
import { told, type ToldFlaws } from './told';
import { upstream, type UpstreamFlaws } from './upstream';
import { vectors, type VectorFlaws } from './vectors';
import { watched, type WatchedFlaws } from './watched';

/**
 * Weaknesses to switch on. Each is named after what an operator would say; README.md tells what a client sees. A family
 * has one file: its settings, and what they do. A new family is added here, to both lists.
 */
export type Flaws = UpstreamFlaws &
  LoopFlaws &
  PoolFlaws &
  EdgeFlaws &
  DeliveryFlaws &
  MemoryFlaws &
  ToldFlaws &
  PromptFlaws &
  PayloadFlaws &
  ChunkFlaws &
  VectorFlaws &
  InstanceFlaws &
  LookupFlaws &
  KeptFlaws &
  LifecycleFlaws &
  WatchedFlaws;

const families: Family<Flaws> = {
  ...upstream,
  ...loop,
  ...pool,
  ...edge,
  ...delivery,
  ...memory,
  ...told,
  ...prompt,
  ...payload,
  ...chunks,
  ...vectors,
  ...instances,
  ...lookups,
  ...kept,
  ...lifecycle,
  ...watched,
};

const each = <T>(value: (flaw: Flaw<unknown>) => T) =>
  Object.fromEntries(Object.entries<Flaw<unknown>>(families).map(([name, flaw]) => [name, value(flaw)]));

/** What the flaws are where nobody switches one on. Not all are off: the gateway is as GSAi's. */
export const noFlaws: unknown = each(({ off }) => off);

export const checkFlaws = shape<Flaws>(each(({ check }) => check) as { [K in keyof Flaws]: Check<Flaws[K]> });
