export { executorOf } from './executor';
export { contradiction, inFlight, tooManyParts, usersOf, vusNeeded, workers } from './little';
export {
  arrivals,
  mostHeld,
  phases,
  round,
  scaled,
  schedule,
  topRate,
  totalSeconds,
  type Load,
  type Phase,
  type PhasePlan,
} from './phases';
export { loadOf, loadTold, type LoadTold } from './told';
