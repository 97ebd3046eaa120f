import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Snapshot } from 'k6/x/sse';
import type { RequestNote } from '../truth';
import { agencyFindings } from './agencies/findings';
import { balanceFindings } from './balance/findings';
import { contentionFindings } from './contention/findings';
import { memoryKept } from './memory-kept';
import { monitoringFindings } from './monitoring';
import type { Observed } from './observed';
import { costOfRequests } from './resources';
import { streamsFindings } from './streams/findings';

/*
 * What scripts said, and must not say, of loads of few requests, and of targets that answer nothing.
 */

type Outcomes = Snapshot['outcomes'];

/** What a run showed that had these outcomes and phases. */
function seen(outcomes: Outcomes, phases: readonly object[], more: Partial<Observed> = {}): Observed {
  return { requests: [], timeline: [], booked: { rows: [], outcomes }, phases, ...more } as unknown as Observed;
}
const found = (all: readonly { id: string }[], id: string) => all.find((each) => each.id === id) as never as Found;
interface Found {
  value: number | null;
  missed?: boolean;
  text: string;
}

/** Model lists over kept connections; a share of them opened one. */
const lists = (count: number, opened: number): RequestNote[] =>
  Array.from({ length: count }, (_, index) => ({
    ...{ index, size: 'kept', outcome: 'ok', e2e: 5, connect: 1, reused: index >= opened },
  })) as never;

test('chats of five seconds keep the connections at hand in use, and the lists beside them open their own: it was told as connections that are closed', () => {
  const told = (opened: number, max_in_flight: number, count = 22) =>
    found(
      balanceFindings({ ...seen([], [{ phase: 'load', max_in_flight }]), requests: lists(count, opened) }),
      'connections-not-kept',
    );
  assert.equal(told(14, 10).value, 0);
  assert.match(
    told(14, 10).text,
    /^connections are kept: none of 22 answers closed its connection; 14 requests opened/,
  );
  assert.match(told(18, 3).text, /connections are closed though no answer says so/);
  assert.equal(told(5, 1, 16).value, 0, 'five of sixteen came together by chance');
  assert.equal(told(2, 1, 2).value, null, 'the first request has to open one');
});

test('a target that answers everything with 429 was told to have a limit for each key', () => {
  const phases = ['normal', 'heavy'].map((phase) => ({ phase, start_s: 0, end_s: 10, ok: 0, failed: 9, outcomes: {} }));
  const outcomes = (ok: number, others: number): Outcomes => [
    { tags: { phase: 'heavy', agency: '1', kind: 'chat' }, outcome: 'http_429', count: 40 },
    { tags: { phase: 'heavy', agency: '1', kind: 'chat' }, outcome: 'ok', count: ok },
    { tags: { phase: 'heavy', agency: '2', kind: 'chat' }, outcome: 'ok', count: others },
    { tags: { phase: 'normal', agency: '2', kind: 'chat' }, outcome: 'http_429', count: others > 0 ? 0 : 9 },
  ];
  const limits = (ok: number, others: number) =>
    found(agencyFindings(seen(outcomes(ok, others), phases)), 'key-limits');
  assert.match(limits(0, 0).text, /is not known: no request was answered, and 49 got status 429/);
  assert.match(limits(60, 3).text, /is not known: .* the others sent 3$/);
  assert.match(limits(60, 30).text, /^each key has a limit of its own: agency 1 was served 6\.0\/s/);
});

test('streams that fail as often when one is held alone were told to look for a limit of streams, and what is beside them was counted as answered', () => {
  const phases = ['held-10', 'held-20', 'held-40', 'avalanche'].map((phase) => ({
    ...{ phase, sent: 10, start_s: 0, end_s: 10, max_in_flight: 20, ok: 4, failed: 20, outcomes: { ok: 4 } },
  }));
  const of = (alone: number): Outcomes => [
    { tags: { phase: 'held-10', size: 'stream' }, outcome: 'http_429', count: alone },
    { tags: { phase: 'held-10', size: 'stream' }, outcome: 'ok', count: 20 - alone },
    ...['held-20', 'held-40', 'avalanche'].flatMap(
      (phase): Outcomes => [
        { tags: { phase, size: 'stream' }, outcome: 'http_429', count: 20 },
        { tags: { phase, size: 'bystander' }, outcome: 'ok', count: 4 },
      ],
    ),
  ];
  const all = (alone: number) => streamsFindings(seen(of(alone), phases, { truth: [] }));
  assert.match(found(all(20), 'streams-refused').text, /and of 10 at once 100\.0 %: their number is not why/);
  assert.match(found(all(0), 'streams-refused').text, /up to 10 at once are served: look for a limit/);
  assert.match(found(all(20), 'avalanche').text, /: 0\.0 % of 20 end well \(the others: mostly http_429\)/);
  assert.equal(found(all(20), 'answers-mixed-up'), undefined, 'no stream was answered');
});

test('where no request of any kind was answered, each kind says how its requests ended: nothing was said at all', () => {
  const phases = [1, 8].map((n) => ({ phase: `stream-${n}`, sent: 8, start_s: 0, end_s: 10, outcomes: {} }));
  const outcomes = phases.map(({ phase }) => ({ tags: { phase, size: 'stream' }, outcome: 'http_429', count: 8 }));
  const room = contentionFindings(seen(outcomes as Outcomes, phases)).find(({ id }) => id === 'room-stream')!;
  assert.equal(room.missed, true);
  assert.match(room.text, /^none of 16 streams ended well: http_429 16$/);
});

test('NobodyAnsweredSoNothingWasJudged: a kind whose requests never ended misses its room, and is not left out', () => {
  const phases = [1, 8].map((n) => ({ phase: `stream-${n}`, sent: 8, start_s: 0, end_s: 10, outcomes: {} }));
  const outcomes = [{ tags: { phase: 'stream-8', size: 'stream' }, outcome: 'interrupted', count: 8 }];
  const room = contentionFindings(seen(outcomes as Outcomes, phases)).find(({ id }) => id === 'room-stream')!;
  assert.equal(room.missed, true);
  assert.match(room.text, /^no answer came to any of the streams before the run ended$/);
});

test('without a usage the tokens of whole answers were -1 each, and memory was told for less than none', () => {
  const timeline = Array.from({ length: 8 }, () => ({ resources: { gateway: { target_memory: 1e8 } } }));
  const observed = seen([], [], { timeline } as never);
  assert.deepEqual(memoryKept(observed, 'kept', -0.011, 'x'), []);
  assert.equal(memoryKept(observed, 'kept', 0.011, 'x').length, 1);
});

test('half a connection to the database never came back, where one of two readings saw one in use', () => {
  const report = { target: 'gateway', metrics: {} };
  const reading = (around: string, target_connections: number) => ({
    ...{ around, page: 'gateway', at: 0, values: { target_connections }, totals: {} },
  });
  const kept = (...after: number[]) =>
    found(
      costOfRequests(
        seen([], [], {
          resources: [report],
          around: [reading('before', 0), ...after.map((n) => reading('after', n))],
        } as never),
      ),
      'connections-kept',
    );
  assert.equal(kept(1, 0).value, 0);
  assert.equal(kept(2, 2).value, 2);
});

test('a page that counts the requests of others too was told to have wrong durations, and a difference of the way to the clients too', () => {
  const requests = Array.from({ length: 40 }, () => ({ outcome: 'ok', end: 66, phase: 'bare-1', ttft: 20 }));
  const duration = (rise: number, mean: number) => {
    const reading = (around: string, target_requests: number) => ({
      ...{ around, page: 'gateway', at: 0, values: {} },
      totals: { target_requests, target_busy: (target_requests * mean) / 1000 },
    });
    const around = [reading('before', 0), reading('after', rise)];
    return found(monitoringFindings(seen([], [], { requests, around } as never)), 'page-duration');
  };
  assert.equal(duration(40, 59).value, 0);
  assert.match(duration(40, 59).text, /alike, within the 10 ms that the way may take$/);
  assert.ok(duration(40, 33).value! > 0.4);
  assert.equal(duration(55, 498).value, null);
});
