export * from './calibration';
export { runLoad } from './run-load';
