export { costOf, parsePrices, type Price, type Prices } from './prices';
export { costReport, type CostReport, type CostRow } from './report';
