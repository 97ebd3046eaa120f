export { openaiPaths } from './paths';
export { probe } from './probe';
export { request, timeouts, type Request } from './request';
export { requester, type LoadRequest } from './requester';
