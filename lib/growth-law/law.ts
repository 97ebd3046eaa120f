import { random } from '../statistics';
import { fit, risesBetween, valueAt, type Fit } from './fit';
import { pieceMeans, piecesOf, type Piece, type Point } from './pieces';
import { stepOf, type Step } from './step';

/*
 * How a time grows with a size: y = a + b x^p. A whole round of sizes is drawn again and again with replacement (the
 * bootstrap: Efron, Annals of Statistics 7, 1979; of rounds, so that what disturbed a whole round is drawn as a whole:
 * Davison and Hinkley, Bootstrap Methods and their Application, 1997, chapter 3.8), and the law is fitted to each draw.
 * The 2.5 % and 97.5 % of the powers are the ends of p's interval; as a draw of R rounds varies a little less than R
 * rounds do, their distance from p is widened by sqrt(R / (R - 1)).
 */

export interface GrowthLaw {
  /** a, in the values' unit. */
  base: number;
  /** b x^p at x = 1000, in the values' unit: what the first 1,000 of size cost. */
  perThousand: number;
  /** p, with its 95 % interval. */
  power: number;
  powerInterval: [number, number];
  /** The law at the largest size less the law at the smallest, with its 95 % interval. */
  rise: { value: number; interval: [number, number] };
  /** The smallest and the largest size. */
  from: number;
  to: number;
  /** Points and rounds behind it. */
  n: number;
  rounds: number;
  /** A sudden rise at a size that no smooth law has; undefined where none is shown. */
  step?: Step;
}

/** What {@link growthLaw} needs at the least. */
const lawNeeds = { rounds: 6, sizes: 4, span: 4 } as const;
/** The same in words. */
export const lawNeedsText = `at least ${lawNeeds.rounds} rounds of ${lawNeeds.sizes} sizes, the largest ${lawNeeds.span} times the smallest`;

const draws = 300;
const seed = 0x1a3;

/**
 * The law of some points; undefined with fewer than {@link lawNeeds}. Sizes and values are above 0; points with others
 * are left out.
 */
export function growthLaw(points: readonly Point[]): GrowthLaw | undefined {
  const pieces = piecesOf(points.filter(({ size, value }) => size > 0 && value > 0 && Number.isFinite(value)));
  const rounds = [...new Set(pieces.flatMap((piece) => piece.points.map(({ round }) => round)))];
  if (rounds.length < lawNeeds.rounds || pieces.length < lawNeeds.sizes) return undefined;
  const [from, to] = [pieces[0]!.size, pieces[pieces.length - 1]!.size];
  if (to < lawNeeds.span * from) return undefined;

  const whole = pieceMeans(pieces);
  const law = fit(whole);
  const drawn = Array.from({ length: draws }, (_, i) => pieceMeans(pieces, drawRounds(rounds, i)));
  const fits = drawn.map((each) => fit(each));
  const widen = Math.sqrt(rounds.length / (rounds.length - 1));
  const interval = (value: number, of: (each: Fit) => number): [number, number] => {
    const sorted = fits.map(of).sort((a, b) => a - b);
    const at = (share: number) => sorted[Math.round(share * (sorted.length - 1))]!;
    return [value - widen * (value - at(0.025)), value + widen * (at(0.975) - value)];
  };
  const rise = risesBetween(law, from, to);
  return {
    base: law.base,
    perThousand: valueAt(law, 1000) - law.base,
    power: law.power,
    powerInterval: interval(law.power, (each) => each.power),
    rise: { value: rise, interval: interval(rise, (each) => risesBetween(each, from, to)) },
    from,
    to,
    n: pieces.reduce((sum, piece: Piece) => sum + piece.points.length, 0),
    rounds: rounds.length,
    step: stepOf(whole, law, drawn, widen),
  };
}

/** The law's value at a size. */
export function lawAt({ base, perThousand, power }: GrowthLaw, size: number): number {
  return base + perThousand * (size / 1000) ** power;
}

/** The size at which the law reaches a value; undefined where it never does. */
export function sizeAt({ base, perThousand, power }: GrowthLaw, value: number): number | undefined {
  if (perThousand <= 0) return undefined;
  return value <= base ? 0 : 1000 * ((value - base) / perThousand) ** (1 / power);
}

/** How often each round was drawn. */
function drawRounds(rounds: readonly number[], draw: number): Map<number, number> {
  const { below } = random(seed, draw);
  const times = new Map<number, number>();
  for (let i = 0; i < rounds.length; i++) {
    const round = rounds[below(rounds.length)]!;
    times.set(round, (times.get(round) ?? 0) + 1);
  }
  return times;
}
