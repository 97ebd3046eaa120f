import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { TruthRecord, TurnNote } from '../truth';
import type { Observed } from './observed';
import { sessionFindings } from './sessions';

/** Conversations of four turns each, whose prompts grow by 100 tokens. */
function turnsOf(sessions: number, of: (session: number, turn: number) => Partial<TurnNote>): TurnNote[] {
  return Array.from({ length: sessions }, (_, s) =>
    [1, 2, 3, 4].map(
      (turn): TurnNote => ({
        id: `${s}-${turn}`,
        session: String(s),
        turn,
        cold: false,
        ok: true,
        promptTokens: 2000 + 100 * turn,
        cachedTokens: turn === 1 ? 0 : 1900 + 100 * turn,
        ttft: 100 + s / 10,
        instance: '',
        ...of(s, turn),
      }),
    ),
  ).flat();
}
const record = (turn: TurnNote, seq: number, more: Partial<TruthRecord> = {}): TruthRecord => ({
  seq,
  id: turn.id,
  model: 'm',
  wire: 'openai',
  region: 'here',
  received_ns: seq,
  first_byte_ns: seq,
  content_ns: [],
  end_ns: seq,
  status: 200,
  fault: null,
  prompt_tokens: turn.promptTokens,
  cached_tokens: turn.cachedTokens,
  cached_anywhere_tokens: turn.cachedTokens,
  completion_tokens: 5,
  client_gone_ns: null,
  outcome: 'ok',
  ...more,
});
const found = (turns: TurnNote[], truth: TruthRecord[] = []) => {
  const all = sessionFindings({ turns, truth } as unknown as Observed);
  return (id: string) => all.find((each) => each.id === id);
};

test('a usage that tells nothing of a cache gives no figure, and one that tells 0 says that nothing is cached', () => {
  const silent = found(turnsOf(3, () => ({ cachedTokens: -1 })))('prefix-cached')!;
  assert.equal(silent.value, null);
  assert.match(silent.text, /cannot be said: the usage tells nothing of a cache/);
  const none = found(turnsOf(3, () => ({ cachedTokens: 0 })))('prefix-cached')!;
  assert.equal(none.value, 0);
  assert.match(none.text, /^no prompt came from a cache: the conversations sent 19,800 tokens again/);
  assert.equal(found(turnsOf(3, () => ({})))('prefix-cached')!.value, 1);
});

test('what a hit saves is the difference to conversations that have none, of the same turn; one cause is not taken for another', () => {
  const saving = found(turnsOf(40, (s, turn) => ({ cold: s % 2 === 0, ttft: s % 2 === 0 && turn > 1 ? 180 : 100 })));
  assert.equal(saving('cache-hit-saves')!.value, 80);
  assert.match(
    saving('cache-hit-saves')!.text,
    /80\.0 ms \[80\.0, 80\.0\] sooner than one whose beginning is new, 44 %$/,
  );
  assert.match(found(turnsOf(40, (s) => ({ cold: s % 2 === 0, ttft: 100 })))('cache-hit-saves')!.text, /no sooner/);
  assert.equal(found(turnsOf(3, () => ({})))('cache-hit-saves')!.value, null);
});

test('TheUsageIsSilent: that beginnings are cached was told not to be known, and that nothing came from the cache, though the provider had counted it', () => {
  const turns = turnsOf(5, () => ({}));
  const truth = turns.map((turn, i) => record(turn, i));
  const told = (more: Partial<TurnNote>) =>
    found(
      turns.map((turn) => ({ ...turn, ...more })),
      truth,
    );
  const untold = told({ cachedTokens: -1 });
  assert.equal(untold('prefix-cached')!.value, 1);
  assert.match(
    untold('prefix-cached')!.text,
    /100 % came from a cache, by the provider's record: the usage tells noth/,
  );
  const without = told({ cachedTokens: -1, promptTokens: -1 });
  assert.equal(without('prefix-cached')!.value, 1);
  assert.equal(without('cached-tokens-told')!.value, null);
  assert.match(without('cached-tokens-told')!.text, /^the answers have no usage/);
});

test('a gateway that changes each beginning was told to mark what is to be cached, too', () => {
  const turns = turnsOf(5, () => ({ cachedTokens: 0 }));
  const destroyed = found(
    turns,
    turns.map((turn, i) => record(turn, i)),
  );
  assert.match(destroyed('prefix-changed')!.text, /^the gateway destroys the provider's cache/);
  assert.doesNotMatch(destroyed('prefix-cached')!.text, /CACHE_MARKS/);
  assert.match(found(turns)('prefix-cached')!.text, /CACHE_MARKS=true marks it$/);
});

test('SlowerAllTheTime: a target that takes longer with every request was told to answer cached beginnings 84 ms sooner', () => {
  const drifting = turnsOf(100, (s) => ({ cold: s % 5 === 4, ttft: 100 + 3 * s }));
  assert.match(found(drifting)('cache-hit-saves')!.text, /no sooner than one whose beginning is new/);
});

test('NothingWasMarked: where a prompt marks nothing that is to be kept, nobody knows whether its beginning was changed', () => {
  const turns = turnsOf(5, () => ({ cachedTokens: 0 }));
  const unmarked = found(
    turns,
    turns.map((turn, i) => record(turn, i, { cached_anywhere_tokens: null })),
  )('prefix-changed')!;
  assert.equal(unmarked.value, null);
  assert.match(unmarked.text, /cannot be said: .* only what is marked \(CACHE_MARKS=true marks it\)/);
});

test('a changed beginning is told from another deployment by what the provider knew elsewhere', () => {
  const turns = turnsOf(5, () => ({ cachedTokens: 0 }));
  const changed = found(
    turns,
    turns.map((turn, i) => record(turn, i)),
  );
  assert.equal(changed('prefix-changed')!.value, 1);
  assert.equal(changed('session-scattered')!.value, 0);
  const moved = found(
    turns,
    turns.map((turn, i) => record(turn, i, { region: `r${i % 2}`, cached_anywhere_tokens: turn.promptTokens - 100 })),
  );
  assert.equal(moved('prefix-changed')!.value, 0);
  assert.equal(moved('session-scattered')!.value, 1);
  assert.match(moved('session-scattered')!.text, /15 of 15 turns .*, of 2\. 33,000 tokens were worked through anew/);
});

test('without a record, the header of an instance tells whether a conversation stays where it is', () => {
  const stays = found(turnsOf(4, (s) => ({ instance: `i${s % 2}` })))('session-scattered')!;
  assert.deepEqual([stays.value, /stays at one instance/.test(stays.text)], [0, true]);
  const moves = found(turnsOf(4, (_, turn) => ({ instance: `i${turn % 2}` })))('session-scattered')!;
  assert.equal(moves.value, 1);
  assert.equal(found(turnsOf(4, () => ({})))('session-scattered')!.value, null);
  assert.equal(found(turnsOf(4, () => ({})))('prefix-changed'), undefined, 'nobody knows what reached the provider');
});

test('cached tokens that the usage does not tell are billed in full', () => {
  const turns = turnsOf(4, () => ({}));
  const truth = turns.map((turn, i) => record(turn, i));
  assert.equal(found(turns, truth)('cached-tokens-told')!.value, 0);
  const silent = found(
    turns.map((turn) => ({ ...turn, cachedTokens: -1 })),
    truth,
  )('cached-tokens-told')!;
  assert.equal(silent.value, 1);
  assert.match(silent.text, /^cached tokens are billed in full: .* in 12 turns, and the usage tells none of them/);
});

test('turns that a cache of the gateway’s answered are told, and are not taken for the provider’s cache', () => {
  const turns = turnsOf(10, (s, turn) => ({
    cached: turn === 1 && s > 0,
    cold: s === 9,
    ttft: turn === 1 && s > 0 ? 3 : 100,
    cachedTokens: turn === 1 && s > 0 ? -1 : 0,
  }));
  const text = found(turns)('turns-from-cache')!.text;
  assert.match(text, /^9 of 40 turns .*: their first token came after 3\.0 ms, that of the others after 100 ms/);
  assert.match(text, /\. 1 of them have a beginning that is new with each turn/);
  // Of each other conversation the first turn is left out: two steps of three remain.
  assert.equal(found(turns)('prefix-cached')!.n, 8 * 2 + 3);
  assert.equal(found(turnsOf(3, () => ({})))('turns-from-cache'), undefined);
  assert.match(
    found(turnsOf(3, () => ({ cached: false })))('turns-from-cache')!.text,
    /^no turn was answered by a cache/,
  );
});
