export { wires, type Wire } from './wires';
export { probe } from './probe';
export { modelOf, request, type Request } from './request';
export { requester, type LoadRequest } from './requester';
