import { powers, valueAt, type Fit } from './fit';
import type { PieceMean } from './pieces';

/*
 * A step: from one size to the next the value rises by so much as no smooth law explains (a body that is put on disk
 * from a size on, a second packet, another model behind the same name). A law with a step at each cut between two
 * sizes is compared with the law without. How much better the best of them fits is compared with what chance does: the
 * smooth law's own values, with the differences of each bootstrap draw on top, are fitted in the same way.
 */

export interface Step {
  /** The step is after this size and not after the next, `upTo`. */
  after: number;
  upTo: number;
  /** How much the value rises there. */
  value: number;
  /** The chance of so clear a step where there is none. */
  p: number;
}

/** A step must be so clear, and rise by so large a share of the value before it. */
const significance = 0.005;
const share = 0.15;
/** Sizes on each side of a cut at least. */
const aside = 2;
/** Draws that are looked at: enough for the significance. */
const looked = 200;

/**
 * The one step that is shown; undefined where there is none. `drawn`: the pieces' means in each bootstrap draw; `widen`:
 * by how much they vary too little.
 */
export function stepOf(
  means: readonly PieceMean[],
  smooth: Fit,
  drawn: readonly (readonly PieceMean[])[],
  widen: number,
): Step | undefined {
  const best = bestCut(means);
  if (!best || best.value <= share * valueAt(smooth, best.after)) return undefined;
  const clear = (each: Gain) => each.without - each.left;
  const seen = clear(best);
  const bySize = new Map(means.map((each) => [each.size, each.value]));
  let reached = 0;
  const draws = drawn.slice(0, looked);
  for (const draw of draws) {
    const chance = bestCut(
      draw.map((each) => ({
        ...each,
        value: Math.max(1e-9, valueAt(smooth, each.size) + widen * (each.value - bySize.get(each.size)!)),
      })),
    );
    if (chance && clear(chance) >= seen) reached++;
    if ((reached + 1) / (draws.length + 1) > significance) return undefined;
  }
  const { after, upTo, value } = best;
  return { after, upTo, value, p: (reached + 1) / (draws.length + 1) };
}

interface Gain {
  after: number;
  upTo: number;
  value: number;
  /** Squares that are left with the step, and without. */
  left: number;
  without: number;
}

function bestCut(means: readonly PieceMean[]): Gain | undefined {
  if (means.length < 2 * aside + 1) return undefined;
  const unit = means[means.length - 1]!.size;
  let best: Gain | undefined;
  let without = Infinity;
  for (let power = powers.from; power <= powers.to; power += powers.by) {
    const rows = means.map(({ size, value, n }) => ({ x: (size / unit) ** power, y: value, w: n / (value * value) }));
    without = Math.min(without, leastSquares(rows, means.length).left);
    for (let cut = aside; cut <= means.length - aside; cut++) {
      const { left, step } = leastSquares(rows, cut);
      if (!best || left < best.left)
        best = { after: means[cut - 1]!.size, upTo: means[cut]!.size, value: step, left, without: 0 };
    }
  }
  return best && { ...best, without };
}

/**
 * Weighted least squares of y = a + b x + d [row >= cut]: each side of the cut has a mean of its own, and the slope is
 * that within the sides. A cut behind the last row is no step.
 */
function leastSquares(rows: readonly { x: number; y: number; w: number }[], cut: number) {
  const sides = [rows.slice(0, cut), rows.slice(cut)].filter((side) => side.length > 0).map(centred);
  const total = (of: (side: ReturnType<typeof centred>) => number) => sides.reduce((sum, side) => sum + of(side), 0);
  const sxx = total((side) => side.sxx);
  const slope = sxx > 0 ? total((side) => side.sxy) / sxx : 0;
  const left = total((side) => side.syy) - slope * total((side) => side.sxy);
  const [before, behind] = sides;
  const step = behind ? behind.y - before!.y - slope * (behind.x - before!.x) : 0;
  return { left: Math.max(0, left), step };
}

function centred(rows: readonly { x: number; y: number; w: number }[]) {
  let [w, wx, wy] = [0, 0, 0];
  for (const row of rows) {
    w += row.w;
    wx += row.w * row.x;
    wy += row.w * row.y;
  }
  const [x, y] = [wx / w, wy / w];
  let [sxx, sxy, syy] = [0, 0, 0];
  for (const row of rows) {
    sxx += row.w * (row.x - x) ** 2;
    sxy += row.w * (row.x - x) * (row.y - y);
    syy += row.w * (row.y - y) ** 2;
  }
  return { x, y, sxx, sxy, syy };
}
