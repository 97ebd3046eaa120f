export { requestKinds, type RequestKind } from './exchange';
export { givenNames, type GivenNames } from './names';
export { readParameters, type Parameters } from './parameters';
export { isFields, merged, ParameterError, seconds, type Fields } from './reading';
export { parameterTable, simulatorKey, simulatorUrl } from './table';
