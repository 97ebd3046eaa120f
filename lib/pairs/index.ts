export { caseDifference, pairsNeed, type CaseDifference, type Reading } from './differences';
export { placeInRound } from './rounds';
