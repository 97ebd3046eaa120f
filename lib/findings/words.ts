/** A figure in a sentence: with one decimal, or with none from 100 on. What is too small to show has no sign. */
export const one = (value: number) =>
  (Math.abs(value) >= 100 ? value.toFixed(0) : value.toFixed(1)).replace(/^-0\.0$/, '0.0');

/** A share in a sentence, in per cent: with one decimal where it is below 10 %. */
export const percent = (share: number) => `${(100 * share).toFixed(share > 0 && share < 0.1 ? 1 : 0)} %`;

/**
 * A difference of times in a sentence, ms, with its interval: "1.2 ms [0.4, 2.0] longer"; one that is below zero by chance is
 * turned round: "0.3 ms [-0.5, 1.1] less".
 */
export const differs = (
  { value, interval: [low, high] }: { value: number; interval: readonly [number, number] },
  more: string,
  less: string,
) =>
  value >= 0
    ? `${one(value)} ms [${one(low)}, ${one(high)}] ${more}`
    : `${one(-value)} ms [${one(-high)}, ${one(-low)}] ${less}`;
