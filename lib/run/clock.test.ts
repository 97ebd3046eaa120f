import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ServerClock } from './clock';

const header = (ms: number) => new Date(Math.floor(ms / 1000) * 1000).toUTCString();

test("a server's clock is known to within half a second by one Date header, and better by several", () => {
  const ahead = 12_345;
  const clock = new ServerClock();
  const bounds = [0, 1300, 2600, 3900].map((at) => {
    const sent = 1_790_000_000_000 + at;
    clock.heard(header(sent + 10 + ahead), sent, sent + 20);
    const { offset, bound } = clock.offset()!;
    assert.ok(Math.abs(offset - ahead) <= bound, `${offset} +- ${bound}`);
    return bound;
  });
  assert.equal(bounds[0], 510);
  assert.ok(bounds[3]! < 210, String(bounds));
});

test('without a header, with a broken one, and of servers that contradict each other, nothing is said', () => {
  const clock = new ServerClock();
  clock.heard(undefined, 0, 10);
  clock.heard('soon', 0, 10);
  assert.equal(clock.offset(), null);
  clock.heard(header(1_790_000_000_000), 1_790_000_000_000, 1_790_000_000_010);
  clock.heard(header(1_790_000_060_000), 1_790_000_000_100, 1_790_000_000_110);
  assert.equal(clock.offset(), null);
});
