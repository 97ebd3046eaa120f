export { patchProvider, readTruth, settledTruth, truthRefused } from './provider';
