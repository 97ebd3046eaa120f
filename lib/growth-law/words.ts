import { lawAt, type GrowthLaw } from './law';

const short = (value: number) => (Math.abs(value) >= 100 ? value.toFixed(0) : Number(value.toPrecision(3)).toString());

/** 12000 as 12,000. */
export const counted = (value: number) =>
  Math.round(value)
    .toString()
    .replace(/\B(?=(\d{3})+$)/g, ',');

/** A law as an engineer reads it: `212 ms + 14.2 ms x (tokens / 1,000)^1.02 [0.97, 1.08]`. */
export function lawText(law: GrowthLaw, unit: string, size: string): string {
  const [low, high] = law.powerInterval;
  return `${short(law.base)} ${unit} + ${short(law.perThousand)} ${unit} x (${size} / 1,000)^${law.power.toFixed(2)} [${low.toFixed(2)}, ${high.toFixed(2)}]`;
}

/** Whether a value grows with the size at all: beyond chance, and by more than this share of what it begins with. */
const matters = 0.1;

/** Whether the rise over the sizes measured is beyond doubt, and large enough to matter. */
export function grows(law: GrowthLaw): boolean {
  return law.rise.interval[0] > 0 && law.rise.value > matters * lawAt(law, law.from);
}

/** A power whose interval is wider than this may be of any kind. */
const tells = 1.5;

/** Whether it grows, and whether in proportion, faster or slower than the size; or that this cannot be told. */
export function growthWords(law: GrowthLaw): string {
  if (!grows(law)) return 'does not grow with the size';
  const [low, high] = law.powerInterval;
  if (low > 1) return 'grows faster than the size';
  if (high < 1) return 'grows slower than the size';
  return high - low > tells
    ? 'grows with the size, and too few values tell whether in proportion'
    : 'grows in proportion to the size';
}

/** A sentence about the step, with a blank before it; "" where there is none. */
export function stepText({ step }: GrowthLaw, unit: string, size: string): string {
  if (!step) return '';
  return `; between ${counted(step.after)} and ${counted(step.upTo)} ${size} it rises at once by ${short(step.value)} ${unit}`;
}
