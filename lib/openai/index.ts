export { openaiPaths } from './paths';
export { family, request, timeouts, type Request } from './request';
