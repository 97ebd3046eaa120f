import { createHash } from 'node:crypto';
import { isFields } from '../settings/merge';
import type { ProviderModel } from '../settings/types';
import type { TruthRecord } from '../truth/truth';

/** Characters of a block: about 100 tokens of English. A prompt is kept block by block, as providers keep theirs. */
const CHARACTERS = 400;
/** Blocks that a deployment keeps before it forgets the oldest. */
const MOST = 200_000;

/** What a deployment's cache does with one prompt. Tokens; null: the prompt is too short to be kept, or nothing is. */
export interface CacheUse {
  /** Read from the cache. */
  readonly read: number;
  /** Written to it. */
  readonly written: number;
  /**
   * Those that any deployment of the model has kept: they would have been read there. null: the prompt marks nothing that
   * is to be kept, so whether it was sent before is not known.
   */
  readonly anywhere: number | null;
}

/** The beginnings of prompts that each deployment has kept: a beginning that it knows need not be worked through again. */
export class PromptCache {
  /** Deployment, then block -> when it is forgotten, ms. A block's name depends on all before it. */
  readonly #kept = new Map<string, Map<string, number>>();

  /**
   * Looks up how much of a prompt the deployment (`<wire>/<region>/<model>`) knows, and keeps it. `upTo`: of the
   * contents, only so many from the first on are to be read and kept; undefined: all.
   */
  take(
    deployment: string,
    contents: readonly string[],
    tokens: number,
    { prompt_cache: { least_tokens: least, ttl_s: ttl } }: ProviderModel,
    upTo?: number,
    now = Date.now(),
  ): CacheUse | null {
    if (least === 0 || tokens < least) return null;
    const whole = contents.join('\n');
    const part = upTo === undefined ? whole : contents.slice(0, upTo).join('\n');
    const blocks = blocksOf(part);
    const of = (known: number): number => {
      const read = Math.floor((tokens * Math.min(whole.length, known * CHARACTERS)) / Math.max(1, whole.length));
      return read < least ? 0 : read;
    };
    const own = this.#of(deployment);
    const read = of(knownIn(own, blocks, now));
    const model = /^[^/]*\/[^/]*(\/.*)$/.exec(deployment)?.[1] ?? deployment;
    const others = [...this.#kept].filter(([name]) => name.endsWith(model));
    const anywhere = of(Math.max(...others.map(([, kept]) => knownIn(kept, blocks, now))));
    for (const block of blocks) {
      own.delete(block); // so that the oldest stand first
      own.set(block, now + ttl * 1000);
    }
    for (const oldest of own.keys()) {
      if (own.size <= MOST) break;
      own.delete(oldest);
    }
    return { read, written: Math.max(0, of(blocks.length) - read), anywhere: upTo === 0 ? null : anywhere };
  }

  #of(deployment: string): Map<string, number> {
    let kept = this.#kept.get(deployment);
    if (kept === undefined) this.#kept.set(deployment, (kept = new Map()));
    return kept;
  }
}

/** How many blocks from the beginning are known. */
function knownIn(kept: ReadonlyMap<string, number>, blocks: readonly string[], now: number): number {
  const first = blocks.findIndex((block) => (kept.get(block) ?? 0) <= now);
  return first < 0 ? blocks.length : first;
}

/** Whole blocks alone: what comes behind the last one is worked through anew. */
function blocksOf(text: string): string[] {
  let before = '';
  return Array.from({ length: Math.floor(text.length / CHARACTERS) }, (_, i) => {
    const block = text.slice(i * CHARACTERS, (i + 1) * CHARACTERS);
    return (before = createHash('sha1').update(before).update(block).digest('base64'));
  });
}

/** A part of a prompt that is marked as Anthropic's API has it: up to there all is to be cached. */
export const isMarked = (part: unknown): boolean => isFields(part) && isFields(part.cache_control);

/** How many contents are to be cached, where their parts say so: up to the last one that has a mark. */
export function markedIn(contents: readonly unknown[], marked: (part: unknown) => boolean): number {
  const marks = contents.map((content) => Array.isArray(content) && content.some(marked));
  return marks.lastIndexOf(true) + 1;
}

/** The usage of a call as far as its prompt tells it. */
export function promptUsage({ prompt_tokens, cached_tokens: read, cache_written_tokens: written }: TruthRecord) {
  const prompt = prompt_tokens ?? 0;
  return read === null ? { prompt } : { prompt, cache: { read, written: written ?? 0 } };
}
