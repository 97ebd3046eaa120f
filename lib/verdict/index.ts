export { judge, limits, type Judgement, type Reason, type Trial, type Verdict } from './verdict';
export type { ObjectiveResult } from './objective';
export type { State } from './state';
