export { judge, limits, tagText, type Judgement, type Reason, type Trial, type Verdict } from './verdict';
export { gather, type ObjectiveResult } from './objective';
export { quantileRanks, samplesNeeded, wilson } from './evidence';
export type { State } from './state';
