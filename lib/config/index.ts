export {
  misspelt,
  ParameterError,
  parameterTable,
  readParameters,
  seconds,
  simulatorKey,
  simulatorUrl,
  type Parameters,
} from './parameters';
