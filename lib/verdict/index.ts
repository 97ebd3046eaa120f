export { instrumentDoubts, judge, limits, type Judgement, type Reason, type Trial, type Verdict } from './verdict';
export { target, type ObjectiveResult } from './objective';
export type { State } from './state';
