import type { Remark, Told } from 'k6/x/sse';

/** What each remark means for who reads the table. */
const meanings: Record<Remark, string> = {
  'last event without its blank line': 'the stream ended with it, and it was counted',
  'last event cut off': 'the stream ended in the middle of it, and it was left out',
  'wrong content type': 'a good stream that does not say that it is text/event-stream',
  'response left open': 'it did not end after [DONE] or an error event, and was closed after 2 s',
  'events after the end':
    'they came behind [DONE], where clients have stopped reading: no content of theirs counts, but their usage and errors do',
  'malformed usage': 'it tells a number of tokens that cannot be one, which was left out',
  'tokens that were not streamed':
    'its usage counts tokens that the stream did not show; tokens per second and TPOT leave them out, or there is no figure',
  'request sent again':
    'the kept connection was closed before any of it could be read, so it went out once more on a new one; its times count from the first sending',
  'bytes on an idle connection':
    'something had come on the kept connection before the request was sent; it was dropped, and was not read as the answer',
  'address that did not answer': "the target's name has several addresses, and the request was sent to another one",
  'limit of this machine': 'it had no connection, which is not the fault of the target',
  'memory for answers used up': 'all answers in hand together held more than MEMORY_LIMIT allows, and it was given up',
  'refused by the proxy': 'it did not reach the target, which is not the fault of the target',
  'answered by a cache':
    "by its header (CACHE_HEADER) the target's own cache gave it, and no model: its times are those of the cache",
  'refused with an old token':
    'the target answered 401, and the next token could not be had, which is not the fault of the target',
  'no token to send': 'the request was never sent, because what authenticates it could not be had',
};

/** What was told of the answers beside their outcomes, a sentence each. */
export const remarkTexts = (remarks: readonly Told[]): string[] =>
  remarks.map(
    ({ remark, count, example }) =>
      `${count} answer${count === 1 ? '' : 's'}: ${remark} (${meanings[remark]}${example && `; the first: ${example}`})`,
  );
