import { ParameterError, seconds, wrong, type Env } from './reading';
import type { ParameterRow } from './row';

/*
 * How requests are spaced in time.
 */

export interface ArrivalParameters {
  arrivals: 'constant' | 'poisson' | 'gamma' | 'markov' | 'daily' | 'trace';
  /** Shape of gamma arrivals. */
  burstiness?: number;
  /** Bursts of markov arrivals: the rate in one as a multiple of the mean, its mean length, their share of the time. */
  bursts?: { factor: number; seconds: number; share: number };
  /** Weights of daily arrivals. */
  day?: number[];
  /** Path of the trace that is replayed. */
  trace?: string;
}

export const arrivalRows: ParameterRow[] = [
  {
    name: 'ARRIVALS',
    default: 'constant',
    allowed: 'constant, poisson, gamma:number, markov:factor:length[:share], daily[:weights], trace:path',
    meaning:
      'how requests are spaced in time. gamma:0.25 comes in bursts, gamma:1 is poisson, gamma:10 is nearly constant: the distances vary by 1 through the root of the number. markov:5:20s has bursts of five times the mean rate, 20 s long on average, for a tenth of the time (or the share). daily follows the rate of a working day over the whole load, or the weights that are given (daily:1,1,4,2). trace:file replays a trace, with its prompt and answer lengths',
  },
];

/**
 * Requests in each hour from midnight on, as a share of the busiest: what office work looks like, an example of this
 * project's own making. Who knows their own day gives its weights.
 */
const officeDay = [4, 3, 2, 2, 2, 3, 8, 22, 55, 85, 98, 95, 70, 78, 96, 100, 90, 68, 40, 26, 18, 13, 9, 6] as const;
/** Bursts take up so much of the time where nothing says. */
const usualShare = 0.1;

/** Reads and checks it. Throws {@link ParameterError}. */
export function arrivalParameters(env: Env): ArrivalParameters {
  const given = env.ARRIVALS?.trim() ?? 'constant';
  const [kind = '', ...parts] = given.split(':');
  const rest = parts.join(':');
  switch (kind) {
    case 'constant':
    case 'poisson':
      if (rest === '' && given === kind) return { arrivals: kind };
      break;
    case 'gamma': {
      const shape = /^\d*\.?\d+$/.test(rest) ? Number(rest) : NaN;
      if (shape >= 0.01 && shape <= 1000) return { arrivals: kind, burstiness: shape };
      break;
    }
    case 'markov':
      return { arrivals: kind, bursts: burstsOf(given, parts) };
    case 'daily':
      return { arrivals: kind, day: given === kind ? [...officeDay] : dayOf(given, rest) };
    case 'trace':
      if (rest.trim() === '') throw wrong('ARRIVALS', given, 'the path of a trace is missing: trace:trace.csv');
      if (env.PROMPT_TOKENS !== undefined || env.PROMPTS !== undefined || env.MAX_TOKENS !== undefined)
        throw new ParameterError(
          'ARRIVALS=trace makes prompts and MAX_TOKENS to the lengths of the trace: leave PROMPTS, PROMPT_TOKENS and MAX_TOKENS out',
        );
      return { arrivals: kind, trace: rest.trim().replace(/^@/, '') };
  }
  throw wrong(
    'ARRIVALS',
    given,
    'constant or poisson is wanted, or gamma with a number from 0.01 to 1000 that says how even arrivals are, like gamma:0.25 (gamma:1 is poisson), or markov:5:20s, daily or trace:path',
  );
}

function burstsOf(given: string, [factorText = '', length = '', shareText]: string[]): ArrivalParameters['bursts'] {
  const number = (text: string) => (/^\d*\.?\d+$/.test(text) ? Number(text) : NaN);
  const factor = number(factorText);
  const share = shareText === undefined ? usualShare : number(shareText);
  const lasts = seconds(length) ?? NaN;
  if (!(factor > 1 && factor <= 1000 && lasts > 0 && share > 0 && share < 1))
    throw wrong(
      'ARRIVALS',
      given,
      'markov wants by how much the rate of a burst is above the mean (above 1), how long bursts are on average, and the share of the time that they take up, like markov:5:20s:0.1',
    );
  if (factor * share >= 1)
    throw wrong(
      'ARRIVALS',
      given,
      `bursts of ${factor} times the mean rate for ${share} of the time would be more than the whole load: the product must be below 1`,
    );
  return { factor, seconds: lasts, share };
}

function dayOf(given: string, rest: string): number[] {
  const weights = rest.split(',').map((text) => (/^\s*\d*\.?\d+\s*$/.test(text) ? Number(text) : NaN));
  if (weights.length < 2 || weights.length > 1440 || weights.some((w) => !(w >= 0)) || weights.every((w) => w === 0))
    throw wrong(
      'ARRIVALS',
      given,
      'daily wants from 2 to 1440 weights from 0 on, not all of them 0, one for each equal part of the load, like daily:1,1,4,2',
    );
  return weights;
}

/** How far the highest rate of drawn arrivals lies above the mean: what the number of users must be enough for. */
export function peakFactor({ bursts, day }: ArrivalParameters): number {
  if (bursts) return bursts.factor;
  if (day) return (Math.max(...day) * day.length) / day.reduce((sum, w) => sum + w, 0);
  return 1;
}
