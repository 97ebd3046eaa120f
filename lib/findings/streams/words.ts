/** Figures in the sentences of this room: with one digit behind the point, with three digits, and a share in per cent. */
export const one = (value: number) => value.toFixed(1);
export const three = (value: number) => Number(value.toPrecision(3)).toString();
export const percent = (share: number) => `${one(100 * share)} %`;
