export { agencyFindings } from './findings';
export { agenciesLoad, agenciesWorkload } from './load';
export { heavy } from './phases';
