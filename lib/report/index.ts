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
export { documentPage, reportPage } from './page';
export { documentOf } from './report';
