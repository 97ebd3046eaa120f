import { round, topRate, type Load } from './phases';

/*
 * Little's law (Little 1961): requests in flight = arrival rate x time each is in flight.
 */

/** Mean in flight at `rate` per second when each request takes `seconds`. */
export function inFlight(rate: number, seconds: number): number {
  return rate * seconds;
}

/**
 * VUs for an open load whose requests may take `seconds` each: the mean in flight, plus four standard deviations of a
 * Poisson number of them (in flight is Poisson in an M/G/infinity queue), plus a few for the smallest loads. A target
 * that keeps all of them busy holds its requests longer than it may.
 */
export function vusNeeded(rate: number, seconds: number): number {
  const mean = inFlight(rate, seconds);
  return Math.ceil(mean + 4 * Math.sqrt(mean) + 4);
}

/**
 * Where the plan names users and a rate for one phase, what they say together; "" when they agree at `seconds` within a
 * quarter.
 */
export function contradiction(load: Load, seconds: number): string {
  const phase = load.find((each) => each.users !== undefined && each.rate === topRate(load));
  if (!phase?.users) return '';
  const busy = inFlight(phase.rate, seconds);
  if (Math.abs(busy - phase.users) <= phase.users / 4) return '';
  return (
    `the plan names ${round(phase.users)} users and ${round(phase.rate)} requests/s, and the two contradict each other: a request takes ${round(seconds)} s, ` +
    `so ${round(phase.rate)} requests/s need ${round(busy)} users, and ${round(phase.users)} users without a pause would send ${round(phase.users / seconds)} requests/s. ` +
    `This run keeps the rate; with VUS=${Math.max(1, Math.round(phase.users))} and without RATE it would keep the users`
  );
}

/** Users that one VU plays: its JavaScript world weighs many times what a user in Go does. */
const usersPerWorker = 50;
/** But as many VUs as may be of use on some cores, so that one's JavaScript does not wait for another's. */
const workersAtLeast = 8;

/**
 * And no more than may be of use on many: with 10,000 users the VUs' JavaScript worlds, some 2 MB each, were half of the
 * memory. So many users are too many for one machine: where they are divided, each part needs a VU.
 */
const workersAtMost = (users: number) => Math.max(64, Math.ceil(users / 250));

/** VUs that play `users` users together. */
export function workers(users: number): number {
  const wanted = Math.ceil(users / usersPerWorker);
  return Math.min(users, Math.max(workersAtLeast, Math.min(workersAtMost(users), wanted)));
}

/** How many of the `users` the VU with this number (from 1) plays. */
export function usersOf(vu: number, users: number): number {
  const n = workers(users);
  return Math.floor(users / n) + (vu <= users % n ? 1 : 0);
}

/** Why a load that `vus` VUs play cannot be divided into so many parts, each on a machine of its own, and what to do. */
export const tooManyParts = (parts: number, vus: number): string =>
  `the load is divided into ${parts} parts, but ${vus} VUs play it, so some parts would have none, and their requests would not be sent. Divide it into ${vus} parts at the most, or give it more users (-e VUS=...): 250 for each part are enough`;
