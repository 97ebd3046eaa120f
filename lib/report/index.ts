export type {
  Band,
  Block,
  Cell,
  Document,
  HeatBlock,
  IntervalsBlock,
  Line,
  LinesBlock,
  Role,
  Section,
  TableBlock,
} from './document';
export { liveCharts, type LiveHead, type LiveLine, type LiveRun, type LiveState } from './live';
export { documentPage, reportPage } from './page';
export { documentOf } from './report';
