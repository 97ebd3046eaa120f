import type { StreamRecord } from 'k6/x/sse';
import type { Parameters } from '../config';

/** Whether a cache of the target's gave an answer, by the header of CACHE_HEADER; undefined without that. */
export const fromCache = ({ remarks }: StreamRecord, { cacheHeader }: Parameters): boolean | undefined =>
  cacheHeader && remarks.includes('answered by a cache');
