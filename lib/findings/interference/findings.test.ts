import assert from 'node:assert/strict';
import { test } from 'node:test';
import { random } from '../../statistics';
import type { GroupNote, Observed } from '../observed';
import { interferenceFindings } from './findings';

/** A phase of groups, two a second, of which each bystander waits so many ms; `i` counts the groups. */
const phaseOf = (phase: string, from: number, groups: number, waits: (i: number) => number): GroupNote[] =>
  Array.from({ length: groups }, (_, i) =>
    Array.from({ length: 7 }, (): GroupNote => {
      const ms = waits(i);
      return { phase, at: from + 500 * i, role: 'bystander', kind: 'refused', ok: true, ms, gap: -1 };
    }),
  ).flat();

const found = (groups: readonly GroupNote[], id: string) =>
  interferenceFindings({ groups, phases: [], timeline: [], requests: [] } as unknown as Observed).find(
    (each) => each.id === id,
  )!;

test('TheQueueOfAnother: what waits behind the calls of an earlier phase is laid neither to its own nor to nobody', () => {
  const quiet = (of: string, from: number, waits: (i: number) => number) => phaseOf(of, from, 80, waits);
  const little = (i: number) => 1 + (i % 5) / 10;
  // The batches leave a queue that is worked off 25 s after their phase has ended.
  const batch = phaseOf('batch-1', 40_000, 80, (i) => 320 * i);
  const behind = (i: number) => (i < 50 ? 25_000 - 500 * i : little(i));
  const notes = [
    ...quiet('nothing-1', 0, little),
    ...batch,
    ...phaseOf('list-1', 80_000, 80, behind),
    ...quiet('nothing-2', 120_000, little),
  ];
  assert.equal(found(notes, 'common-stalls').value, 0, found(notes, 'common-stalls').text);
  assert.match(found(notes, 'block-list').text, /^a model list keeps nothing waiting/);
  assert.ok(found(notes, 'block-batch').value! > 1000);
});

test('NoRequestAtFault: where each wrong path keeps the process for 13 ms, groups that came soon after one another were told to stand still with no request at fault', () => {
  const draws = random(5, 1);
  let [at, freeAt] = [0, 0];
  const notes = Array.from({ length: 160 }, (): GroupNote[] => {
    at += -500 * Math.log(1 - draws.next());
    return Array.from({ length: 7 }, (): GroupNote => {
      freeAt = Math.max(freeAt, at) + 13;
      return { phase: 'nothing-1', at, role: 'bystander', kind: 'refused', ok: true, ms: freeAt - at, gap: -1 };
    });
  }).flat();
  const { value, text } = found(notes, 'common-stalls');
  assert.equal(value, 0, text);
  const line = notes.map((note, i) => ({ ...note, ms: Math.max(1, 100 * i - note.at) }));
  assert.match(
    found(line, 'common-stalls').text,
    /^whether anything stands still by itself cannot be said: at 15\d of 160/,
  );
  // What stands still by itself for 400 ms in every two seconds is still found.
  const stalled = notes.map((note) => ({ ...note, ms: note.ms + Math.max(0, 400 - (note.at % 2000)) }));
  assert.match(found(stalled, 'common-stalls').text, /^everything stands still about every/);
});

test('a change of +108 ms [+10, +110] was told to be one that chance may explain, without saying that it is one of 28', () => {
  const victims = (phase: string, ms: (i: number) => number) =>
    (['stream', 'plain', 'embedding', 'list'] as const).flatMap((kind, k) =>
      Array.from({ length: 16 }, (_, i): GroupNote => {
        const hurt = kind === 'stream' ? ms(i) : 100;
        return { phase, at: 1000 * k + i, role: 'victim', kind, ok: true, ms: hurt + (i % 5), gap: -1 };
      }),
    );
  const aggressors = ['stream', 'plain', 'embedding', 'batch', 'list', 'refused', 'large'];
  const told = (hurt: number) =>
    found(
      ['nothing', ...aggressors].flatMap((name) =>
        victims(`${name}-1`, (i) => (name === 'batch' && i < hurt ? 200 : 100)),
      ),
      'hurt-stream',
    ).text;
  assert.match(told(13), /longer .*, which chance may explain, since so many pairs are compared; of 7/);
  assert.match(told(16), /longer when it is sent together with a batch of 96 embeddings; of 7/);
});

test('a plain call was told to take -1.0 ms longer, and an embedding to block for 3.4 ms [1.9, 4.0] where 3 ms are the work of a request', () => {
  const moments = (phase: string, from: number, wait: (i: number) => number) => phaseOf(phase, from, 40, wait);
  const around = (ms: number) => (i: number) => ms + ((i * 7) % 11) / 5.5 - 1;
  const told = (ms: number) =>
    found(
      [...moments('nothing-1', 0, around(1)), ...moments('embedding-1', 40_000, around(1 + ms))],
      'block-embedding',
    );
  assert.match(
    told(3.4).text,
    /^a call for an embedding keeps the process for \+3\.\d ms .* takes nearly as long, so nothing/,
  );
  assert.match(told(9).text, /^each call for an embedding blocks the event loop/);
  const victims = ['nothing-1', 'list-1'].flatMap((phase, k) =>
    Array.from({ length: 16 }, (_, i): GroupNote => {
      return { phase, at: 1000 * k + i, role: 'victim', kind: 'plain', ok: true, ms: 100 - 5 * k + (i % 5), gap: -1 };
    }),
  );
  assert.match(
    found(victims, 'hurt-plain').text,
    /^a plain call takes no longer with any of 1 kinds that it is sent together with; the most is -5\.0 ms/,
  );
});
