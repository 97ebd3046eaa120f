import { NS_PER_MS } from '../time/clock';
import type { ProviderModel } from '../settings/types';
import type { Directive } from './directive';
import { DEFAULT_AFTER, DEFAULT_DELAY_MS, type Fault } from '../faults/faults';
import { draw, type Random } from './random';
import { words } from './text';
import { tokensAtOnce } from './tokens';

/**
 * What a simulated model is going to say, and when: chunk j carries sizes[j] tokens and is due `dues[j]` ns after the
 * request came in.
 */
export interface Generation {
  readonly tokens: number;
  readonly finish_reason: 'stop' | 'length';
  readonly sizes: readonly number[];
  readonly dues: readonly number[];
  readonly fault: Fault | null;
  /** What the first chunk begins with; its tokens are in sizes[0]. */
  readonly echo: string;
  /** The tool that it calls; its words are the argument. */
  readonly tool?: string;
}

/**
 * Plans an answer. Token i is due at ttft + i / rate; a chunk is due with its last token, and the first chunk carries
 * one token. So (tokens - 1) / (last - first) is the set rate exactly, whatever the chunk size. Jitter moves single
 * chunks, never the first. With an `echo` the first chunk carries its tokens too, within what the answer may have, and
 * at the first token's time: the rate counts the others.
 */
export function planGeneration(
  model: ProviderModel,
  directive: Directive,
  promptTokens: number,
  maxTokens: number | null,
  random: Random,
  echo = '',
): Generation {
  const ttft =
    directive.ttft_ms ?? draw(model.ttft_ms, random) + (promptTokens / 1000) * model.ttft_per_1k_prompt_tokens_ms;
  const step = directive.tokens_per_chunk ?? model.tokens_per_chunk;
  const rate = directive.tokens_per_second ?? model.tokens_per_second;
  const jitter = directive.jitter ?? model.jitter;
  const wanted = directive.tokens ?? outputTokens(model, step, random);
  const echoed = echo === '' ? 0 : tokensAtOnce(`${echo}${words(0, 1, true)}`) - 1;
  // An echo is never cut: it would name no call.
  const tokens = Math.max(1 + echoed, maxTokens === null ? wanted : Math.min(wanted, maxTokens));

  const sizes = [1 + echoed];
  const dues = [ttft * NS_PER_MS];
  for (let sent = 1 + echoed; sent < tokens; ) {
    const size = Math.min(step, tokens - sent);
    sent += size;
    const swing = (random() - 0.5) * jitter * size;
    sizes.push(size);
    dues.push((ttft + ((sent - 1 - echoed + swing) / rate) * 1000) * NS_PER_MS);
  }
  stallIn(dues, model, random);
  return {
    tokens,
    finish_reason: tokens < wanted ? 'length' : 'stop',
    sizes,
    dues,
    fault: chooseFault(model, directive, random),
    echo,
    tool: directive.tool,
  };
}

/** A share of the answers stands still once: what comes after their middle is later by so much. */
function stallIn(dues: number[], { stall }: ProviderModel, random: Random): void {
  // Without the flaw nothing is drawn, so that all other draws stay what they were.
  if (stall.share === 0 || random() >= stall.share) return;
  for (let i = Math.ceil(dues.length / 2); i < dues.length; i++) dues[i] = (dues[i] ?? 0) + stall.ms * NS_PER_MS;
}

/** What the answer begins with where the directive asks for it: the id and the provider's record number. */
export function echoOf(directive: Directive, seq: number): string {
  return directive.echo && directive.id !== undefined ? `${directive.id}.${seq} ` : '';
}

/**
 * The text of `size` tokens that begins at token `sent` of the answer. `from` is its place in the endless round of
 * words.
 */
export function textFrom(plan: Generation, from: number, sent: number, size: number): string {
  const echoed = plan.echo === '' ? 0 : (plan.sizes[0] ?? 1) - 1;
  return sent === 0 ? plan.echo + words(from, size - echoed, true) : words(from + sent - echoed, size, false);
}

/** A draw is rounded to whole chunks: a last chunk of one token would have a gap far below all others. */
function outputTokens(model: ProviderModel, step: number, random: Random): number {
  if (typeof model.output_tokens === 'number') return Math.max(1, Math.round(model.output_tokens));
  return 1 + step * Math.round((draw(model.output_tokens, random) - 1) / step);
}

/** The directive's fault, unless it is meant for the gateway; else the model's own, by its share. */
export function chooseFault(model: ProviderModel, directive: Directive, random: Random): Fault | null {
  const bad = random() < model.failure_share;
  if (directive.fault !== undefined) return directive.at === 'provider' ? directive.fault : null;
  return bad ? { name: model.failure, after: DEFAULT_AFTER, delay_ms: DEFAULT_DELAY_MS } : null;
}
