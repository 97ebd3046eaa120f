import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { RequestNote } from '../truth';
import { noneReached } from './unreached';

const notes = (...outcomes: RequestNote['outcome'][]) => outcomes.map((outcome) => ({ outcome }) as RequestNote);

test('TheScriptThrew: where every request fails before it comes to a provider, that is the failure of the target and not of the script', (t) => {
  const warned = t.mock.method(console, 'warn', () => undefined);
  noneReached(notes('http_5xx', 'timeout_first'), 'no request for m', 'http://provider', 'make slow');
  assert.match(
    String(warned.mock.calls[0]!.arguments[0]),
    /^no request for m reached .* nothing to make slow; none of these requests was answered$/,
  );
  assert.throws(
    () => noneReached(notes('http_5xx', 'ok'), 'no request for m', 'http://provider', 'make slow'),
    /nothing to make slow/,
    'somebody else has answered it',
  );
});
