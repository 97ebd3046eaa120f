import { metrics, tagText } from '../metrics';
import type { Finding } from '../measurements';
import { labelOf, type ObjectiveResult } from '../verdict';

/*
 * Figures as a reader sees them, on the terminal and in the report: rounded to what they are worth, with their unit.
 */

/**
 * A number with as many digits as its 95 % interval lets it have, and four at most; three without an interval. Without an
 * exponent: what is too small for that is 0.
 */
export function rounded(value: number, interval?: readonly [number, number] | null): string {
  if (!Number.isFinite(value)) return '-';
  const size = Math.abs(value);
  if (size < 1e-6) return '0';
  const half = interval ? (interval[1] - interval[0]) / 2 : 0;
  const leading = Math.floor(Math.log10(size));
  // One digit of half the interval's width, or three: beyond that digits are noise. Whole numbers are never cut.
  const worth = half > 0 ? Math.min(4, Math.max(2, leading - Math.floor(Math.log10(half)) + 1)) : 3;
  return plain(Number(value.toPrecision(Math.min(15, Math.max(worth, leading + 1)))));
}

/** A number without an exponent and without zeros at its end. */
function plain(value: number): string {
  const text = String(value);
  if (!text.includes('e')) return text;
  const fixed = value.toFixed(Math.min(20, 3 - Math.floor(Math.log10(Math.abs(value)))));
  return fixed.includes('.') ? fixed.replace(/\.?0+$/, '') : fixed;
}

/** The unit of an objective's figure: that of its metric, or of its finding. */
export function unitOf({ metric, stat }: ObjectiveResult, findings: readonly Finding[]): string {
  if (stat === 'finding') return findings.find(({ id }) => id === metric)?.unit ?? '';
  const unit = (metrics as Record<string, { unit: string } | undefined>)[metric]?.unit ?? '';
  if (stat === 'rate') return unit === 'count' ? 'per second' : `${unit}/s`;
  return unit === 'count' ? '' : unit;
}

/** A figure with its unit: shares are told in per cent. */
export function figure(value: number, unit: string, interval?: readonly [number, number] | null): string {
  if (unit === 'share') return `${rounded(100 * value, interval && [100 * interval[0], 100 * interval[1]])} %`;
  return unit ? `${rounded(value, interval)} ${unit}` : rounded(value, interval);
}

/** An interval with its unit; "" without one. Its ends have the digits that its width is worth. */
export function intervalText(interval: readonly [number, number] | null, unit: string): string {
  if (!interval) return '';
  const scale = unit === 'share' ? 100 : 1;
  const ends = [interval[0] * scale, interval[1] * scale] as const;
  const suffix = unit === 'share' ? ' %' : unit && ` ${unit}`;
  return `${rounded(ends[0], ends)} to ${rounded(ends[1], ends)}${suffix}`;
}

/** The numbers in an objective's target, which stands in the record as "< 500", ">= 1", "50 to 150". */
export function limitsOfTarget(target: string): { below?: number; atMost?: number; atLeast?: number } {
  const range = /^(\S+) to (\S+)$/.exec(target);
  if (range) return { atLeast: Number(range[1]), atMost: Number(range[2]) };
  const one = /^(<=|<|>=) (\S+)$/.exec(target);
  if (!one) return {};
  const value = Number(one[2]);
  return one[1] === '<' ? { below: value } : one[1] === '<=' ? { atMost: value } : { atLeast: value };
}

/** What is wanted, in words: "at most 5 %", "under 500 ms". */
export function wanted(o: ObjectiveResult, findings: readonly Finding[]): string {
  const unit = unitOf(o, findings);
  const { below, atMost, atLeast } = limitsOfTarget(o.target);
  // A limit is exact: it has all of its digits.
  const exact = (value: number) =>
    unit === 'share' ? `${plain(Number((100 * value).toPrecision(12)))} %` : `${plain(value)}${unit && ` ${unit}`}`;
  if (atLeast !== undefined && atMost !== undefined) return `${plain(atLeast)} to ${exact(atMost)}`;
  if (atLeast !== undefined) return `at least ${exact(atLeast)}`;
  if (atMost !== undefined) return `at most ${exact(atMost)}`;
  return below === undefined ? o.target : `under ${exact(below)}`;
}

/** What an objective judges: "all", or tags. */
export const scopeOf = ({ tags }: Pick<ObjectiveResult, 'tags'>): string => tagText(tags) || 'all requests';

export { labelOf };
