import { phases, type Load } from '../../load';

/*
 * The load of stress: the plan's climb, on from there until the target breaks, and then the search for the rate that it
 * carries. The search sets the rates of its own phases while it goes on (feature `searchingCapacity`); here they have
 * the plan's highest, by which the users are worked out.
 */

const top = 500;
const climb = {
  'step-1': { rate: 250, in: '1m', for: '5m', users: 500 },
  'step-2': { rate: 300, for: '5m', users: 600 },
  'step-3': { rate: 350, for: '5m', users: 700 },
  'step-4': { rate: 400, for: '5m', users: 800 },
  'step-5': { rate: 450, for: '5m', users: 900 },
  'step-6': { rate: top, for: '5m', users: 1000 },
};

const numbered = (name: string, count: number) => Array.from({ length: count }, (_, i) => `${name}-${i + 1}`);
const each = (names: readonly string[], length: string) =>
  Object.fromEntries(names.map((name) => [name, { rate: top, for: length }]));

export const climbSteps: readonly string[] = Object.keys(climb);
/** Beyond the plan: each so many times the rate of the one before. */
export const higherSteps: readonly string[] = numbered('higher', 4);
export const higherBy = 1.4;
export const searchSteps: readonly string[] = numbered('search', 14);
/** After the climb. */
export const afterClimb = 'recovery';
/** After the search. */
export const lastPhase = 'last';

/** All that is tried, in order. */
export const tried: readonly string[] = [...climbSteps, ...higherSteps, ...searchSteps];

const restOf = (search: string) => search.replace('search', 'rest');

export const stressLoad: Load = phases({
  before: { rate: 50, for: '2m' },
  ...climb,
  ...each(higherSteps, '5m'),
  [afterClimb]: { rate: 50, for: '5m' },
  ...Object.assign(
    {},
    ...searchSteps.map((search) => ({
      ...each([search], '2m'),
      [restOf(search)]: { rate: 50, for: '30s' },
    })),
  ),
  [lastPhase]: { rate: 50, for: '10s' },
});
