export { failoverFindings } from './findings';
export { faultLoad } from './phases';
export { clearFault, setFault } from './switch';
