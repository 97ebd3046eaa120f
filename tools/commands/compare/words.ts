import { plainText } from '../../programs/printable';
/** A difference in words: in percent of the base's value, for shares in percentage points. */
export function change(difference: number, base: number, unit: string): string {
  if (!Number.isFinite(difference)) return 'open';
  const sign = difference > 0 ? '+' : '';
  if (unit === 'share') return `${sign}${round(100 * difference)} points`;
  if (base === 0) return `${sign}${round(difference)}${unit ? ` ${unit}` : ''}`;
  return `${sign}${round((100 * difference) / Math.abs(base))} %`;
}

/** The size of a difference, without its direction. */
export function amount(size: number, base: number, unit: string): string {
  return change(Math.abs(size), base, unit).replace('+', '');
}

/** A share in percent, a whole number where it is one. */
export const percent = (share: number) => `${Number((100 * share).toPrecision(3))} %`;

/** A number with as many digits as a reader needs: three, and no more than two behind the point. */
export function round(value: number): string {
  const size = Math.abs(value);
  if (!Number.isFinite(value)) return 'open';
  return value.toFixed(size >= 100 ? 0 : size >= 10 ? 1 : 2).replace(/^-(0(\.0+)?)$/, '$1');
}

/** A value with its unit: shares in percent. */
export function value(amount: number | null, unit: string): string {
  if (amount === null) return '-';
  if (unit === 'share') return `${round(100 * amount)} %`;
  const size = Math.abs(amount);
  const digits = size === 0 || size >= 0.01 ? round(amount) : amount.toPrecision(3);
  return unit ? `${digits} ${unit}` : digits;
}

/** Seconds as k6 writes durations, rounded up to what is worth telling. */
export function duration(seconds: number): string {
  if (seconds < 120) return `${Math.ceil(seconds / 5) * 5}s`;
  const minutes = Math.ceil(seconds / 60);
  return minutes < 120 ? `${minutes}m` : `${Math.floor(minutes / 60)}h${minutes % 60 ? `${minutes % 60}m` : ''}`;
}

/** Text as Markdown shows it: every character that means something to Markdown or HTML is escaped, and it stays a line. */
export function markdownText(text: string): string {
  return plainText(text)
    .replace(/&/g, '&amp;')
    .replace(/</g, '&lt;')
    .replace(/>/g, '&gt;')
    .replace(/@/g, '&#64;')
    .replace(/[\\`*_{}[\]#!|~^$]/g, (character) => `&#${character.charCodeAt(0)};`)
    .replace(/\bhttps?:\/\//g, (scheme) => scheme.replace(':', '&#58;'))
    .replace(/\bwww\./g, 'www&#46;');
}
