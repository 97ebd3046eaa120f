import assert from 'node:assert/strict';
import { test } from 'node:test';
import { phases } from '../load';
import type { Call, Workload } from '../workload';
import { repeats, type Repeating } from './repeats';

const chat: Call = { kind: 'chat', size: 'small', messages: [{ role: 'user', content: 'When is the office open?' }] };
const chats: Workload = { kinds: ['chat'], next: () => chat };
const load = (length: string, more: Partial<Repeating> = {}): Repeating => ({
  ...{ load: phases({ load: { rate: 50, for: length } }), closed: false, workload: chats, p: { seed: 1 }, ...more },
});

test('a run of thousands of chats says that it repeats 315 texts, and how each gets one of its own: a cache had flattered it unsaid', () => {
  assert.match(
    repeats(load('30m'), 315).join(),
    /^about 90000 chats are made of 315 stored prompts and conversations: .* UNIQUE=prefix gives each a text of its own$/,
  );
});

test('nothing is said of a short run, of prompts that differ already, and of calls that a script makes itself', () => {
  assert.deepEqual(repeats(load('30s'), 315), []);
  assert.deepEqual(repeats(load('30m', { p: { seed: 1, unique: 'prefix' } }), 315), []);
  assert.deepEqual(repeats(load('30m', { p: { seed: 1, prompts: 'mine.jsonl' } }), 315), []);
  assert.deepEqual(repeats(load('30m', { workload: { ...chats, fixed: true } }), 315), []);
  assert.deepEqual(repeats(load('30m', { closed: true }), 315), []);
});
