export { instrumentDoubts, judge, type Judgement, type Trial, type Verdict } from './verdict';
export { disturbance, reasonLine, type Reason } from './reason';
export { duration } from './length';
export { judgeFinding, labelOf, needsOf, target, unmeasured, type ObjectiveResult } from './objective';
export type { State } from './state';
