export { contextFindings } from './context';
export { searchLimit } from './search-limit';
