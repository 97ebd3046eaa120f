export { jUnit } from './junit';
export { textSummary } from './text';
export { outputsReport } from './outputs';
export * from './record';
export { tracesReport } from './traces';
