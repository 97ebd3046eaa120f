import type { PieceMean } from './pieces';

/** y = base + rate (x / unit)^power. */
export interface Fit {
  base: number;
  rate: number;
  power: number;
  /** Sizes are divided by it, so that a large size to a power stays a small number. */
  unit: number;
  /** Weighted sum of the squares that are left. */
  left: number;
}

/** Powers that are tried; between the two best neighbours the search goes on. */
export const powers = { from: 0.25, to: 4, by: 0.125 } as const;
const within = 0.002;

/**
 * The law with the least weighted squares: for a power, base and rate are a straight line in x^p (with a base that is
 * not below 0, as no time is); the power is searched for. The weights are n / y^2: a time varies by a share of itself.
 */
export function fit(means: readonly PieceMean[]): Fit {
  const unit = means[means.length - 1]?.size ?? 1;
  const at = (power: number) => straight(means, power, unit);
  let best = at(1);
  for (let power = powers.from; power <= powers.to; power += powers.by) {
    const tried = at(power);
    if (tried.left < best.left) best = tried;
  }
  let [low, high] = [Math.max(powers.from, best.power - powers.by), Math.min(powers.to, best.power + powers.by)];
  const golden = (Math.sqrt(5) - 1) / 2;
  while (high - low > within) {
    const [one, other] = [at(high - golden * (high - low)), at(low + golden * (high - low))];
    if (one.left < other.left) high = other.power;
    else low = one.power;
    for (const tried of [one, other]) if (tried.left < best.left) best = tried;
  }
  return best;
}

function straight(means: readonly PieceMean[], power: number, unit: number): Fit {
  let [w, wx, wy, wxx, wxy, wyy] = [0, 0, 0, 0, 0, 0];
  for (const { size, value, n } of means) {
    const [x, weight] = [(size / unit) ** power, n / (value * value)];
    w += weight;
    wx += weight * x;
    wy += weight * value;
    wxx += weight * x * x;
    wxy += weight * x * value;
    wyy += weight * value * value;
  }
  const spread = w * wxx - wx * wx;
  let rate = spread > 0 ? (w * wxy - wx * wy) / spread : 0;
  let base = w > 0 ? (wy - rate * wx) / w : 0;
  if (base < 0) {
    base = 0;
    rate = wxx > 0 ? wxy / wxx : 0;
  }
  const left = wyy - 2 * base * wy - 2 * rate * wxy + base * base * w + 2 * base * rate * wx + rate * rate * wxx;
  return { base, rate, power, unit, left: Math.max(0, left) };
}

/** What the law says of a size, in the unit of its base. */
export function valueAt({ base, rate, power, unit }: Fit, size: number): number {
  return base + rate * (size / unit) ** power;
}

/** By how much the law rises from one size to another, in the unit of its base. */
export function risesBetween(law: Fit, from: number, to: number): number {
  return valueAt(law, to) - valueAt(law, from);
}
