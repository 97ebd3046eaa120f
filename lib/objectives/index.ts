export { judgedBy } from './due';
export * from './objective';
export { parseObjectives } from './parse';
export { stats, type Stat } from './stat';
export { bounds, limitsOf, longestAllowed, type Limit } from './uses';
