export { agencyFindings } from './findings';
export { agenciesLoad, agenciesWorkload, heavy } from './load';
