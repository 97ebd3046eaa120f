export { balanceCall, balanceCases } from './cases';
export { balanceFindings } from './findings';
