export { caseDifference, type CaseDifference, type Reading } from './differences';
export { placeInRound } from './rounds';
