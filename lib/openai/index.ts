export { openaiPaths } from './paths';
export { family, request, timeouts, type Request } from './request';
export { requester, type LoadRequest } from './requester';
