const headLimit = 64 * 1024;
const bodyLimit = 32 * 1024 * 1024;

export interface RawRequest {
  readonly /** Request line and headers. */ head: string;
  method: string;
  /** Path and query. */
  readonly target: string;
  readonly body: Buffer;
  /** What came in behind it; null: nothing. */
  readonly rest: Buffer | null;
}

/** The first request of what came in on a connection, or why there is none. As little of HTTP/1.1 as clients need. */
export function nextRequest(input: Buffer): RawRequest | 'incomplete' | 'head too long' | 'no length' {
  const headEnd = input.indexOf('\r\n\r\n');
  if (headEnd < 0) return input.length > headLimit ? 'head too long' : 'incomplete';
  const head = input.toString('latin1', 0, headEnd);
  const length = Number(/\r\ncontent-length: *(\d+)/i.exec(head)?.[1] ?? 0);
  if (/\r\ntransfer-encoding:/i.test(head) || length > bodyLimit) return 'no length';
  const total = headEnd + 4 + length;
  if (input.length < total) return 'incomplete';
  const space = head.indexOf(' ');
  return {
    head,
    method: head.slice(0, space),
    target: head.slice(space + 1, head.indexOf(' ', space + 1)),
    body: input.subarray(headEnd + 4, total),
    rest: input.length === total ? null : input.subarray(total),
  };
}
