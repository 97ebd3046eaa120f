/** One line without control characters: what comes from a file must not move a terminal's cursor. */
export function plainText(text: string): string {
  return text.replace(
    /[\u0000-\u001f\u007f-\u009f\u00ad\u061c\u200b\u200e\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb]/g,
    '?',
  );
}

/** A value with all texts in it, names of members too, so that they may be shown. */
export function printable(value: unknown): unknown {
  if (typeof value === 'string') return plainText(value);
  if (Array.isArray(value)) return value.map(printable);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([name, inner]) => [plainText(name), printable(inner)]));
}

/** What a tool says of what went wrong: its lines as they may be shown, and no password of an address. */
export const shownError = (text: string): string =>
  text
    .split('\n')
    .map(plainText)
    .join('\n')
    .replace(/:\/\/[^\s/@"']+@/g, '://***@');
