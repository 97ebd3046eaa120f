export { instrumentDoubts, judge, type Judgement, type Reason, type Trial, type Verdict } from './verdict';
export { duration } from './length';
export { judgeFinding, labelOf, needsOf, target, unmeasured, type ObjectiveResult } from './objective';
export type { State } from './state';
