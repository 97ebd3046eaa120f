export { givenNames, type GivenNames } from './names';
export { ParameterError, readParameters, seconds, type Parameters } from './parameters';
export { parameterTable, simulatorKey, simulatorUrl } from './table';
