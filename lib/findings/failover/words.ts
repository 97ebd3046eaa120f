import { sumOf } from '../../statistics';
import type { FaultEffect } from './effects';

/*
 * How the findings of `failover` are put into words.
 */

/** Of milliseconds; `-` where there is none. */
export const ms = (value: number | null | undefined) => (value == null ? '-' : `${value.toFixed(0)} ms`);
/** Of milliseconds. */
export const seconds = (value: number | null | undefined) => (value == null ? '-' : `${(value / 1000).toFixed(2)} s`);

/** A share as whole per cent. */
export const percent = (share: number) => `${(100 * share).toFixed(0)} %`;

/** A number with its noun, in the plural where it is not 1. */
export const count = (n: number, noun: string) => `${n} ${noun}${n === 1 ? '' : 's'}`;

/** A figure of all faults together. */
export const total = (effects: readonly FaultEffect[], of: (effect: FaultEffect) => number) => sumOf(effects.map(of));

/** `503 7, cut 2`: the faults that have any. */
export const byFault = (effects: readonly FaultEffect[], of: (effect: FaultEffect) => number) =>
  effects
    .filter((effect) => of(effect) > 0)
    .map((effect) => `${effect.fault} ${of(effect)}`)
    .join(', ');

/** The greatest of what is known; undefined when nothing is. */
export function worst(
  effects: readonly FaultEffect[],
  of: (effect: FaultEffect) => number | null,
): { at: FaultEffect; value: number } | undefined {
  const known = effects.flatMap((at) => {
    const value = of(at);
    return value === null ? [] : [{ at, value }];
  });
  return known.sort((a, b) => b.value - a.value)[0];
}
