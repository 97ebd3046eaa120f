export { openaiPaths } from './paths';
export { request, type Request } from './request';
export { requester, type LoadRequest } from './requester';
