export { jUnit } from './junit';
export { textSummary } from './text';
export * from './record';
export { tracesReport } from './traces';
