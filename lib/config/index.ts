export { requestKinds, wireNames, wireRoutes, type RequestKind, type WireName } from './exchange';
export { givenNames, type GivenNames } from './names';
export { peakFactor } from './arrivals';
export { refuseGivenProxies } from './network';
export { readParameters, type Parameters } from './parameters';
export { isFields, merged, ParameterError, seconds, type Fields } from './reading';
export { withTarget } from './target-env';
export { namesOf, parseTarget, secretsOf, type TargetFile } from './target-file';
export { parameterTable, simulatorKey, simulatorKeys, simulatorPage, simulatorUrl } from './table';
