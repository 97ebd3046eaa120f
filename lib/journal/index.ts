export { note, notes, type Entries } from './journal';
