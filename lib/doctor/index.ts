export { startingFile, table } from './report';
