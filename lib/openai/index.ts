export { openaiPaths } from './paths';
export { request, timeouts, type Request } from './request';
export { requester, type LoadRequest } from './requester';
