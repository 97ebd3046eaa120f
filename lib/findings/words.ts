/** A figure in a sentence: with one decimal, or with none from 100 on. What is too small to show has no sign. */
export const one = (value: number) =>
  (Math.abs(value) >= 100 ? value.toFixed(0) : value.toFixed(1)).replace(/^-0\.0$/, '0.0');

/** A share in a sentence, in per cent: with one decimal where it is below 10 %. */
export const percent = (share: number) => `${(100 * share).toFixed(share > 0 && share < 0.1 ? 1 : 0)} %`;
