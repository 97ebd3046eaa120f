export { contradiction, inFlight, usersOf, vusNeeded, workers } from './little';
export { arrivals, phases, round, scaled, schedule, topRate, totalSeconds, type Load, type Phase } from './phases';
