export { misspelt, ParameterError, readParameters, seconds, type Parameters } from './parameters';
export { parameterTable, simulatorKey, simulatorUrl } from './table';
