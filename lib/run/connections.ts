import { note } from '../journal';
import { noteOf } from '../truth';
import { readNotes } from './provider-record';
import type { Feature } from './test';

/** An instance's name is told so far; what else a header holds is of no use. */
const nameLength = 60;

/** Notes every request with its connection, and with the instance that answered it, where INSTANCE_HEADER names a header. */
export function withConnections(): Feature {
  return {
    answered(answer, sent, { p }) {
      const { connect, reused, headers } = answer;
      const instance = p.instanceHeader === undefined ? undefined : headers[p.instanceHeader]?.slice(0, nameLength);
      const closes = headers.connection?.toLowerCase() === 'close' || undefined;
      note('request', { ...noteOf(sent, answer), size: sent.call.size, connect, reused, closes, instance });
    },
    observe: readNotes,
  };
}
