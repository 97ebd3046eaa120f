import assert from 'node:assert/strict';
import { test } from 'node:test';
import { random } from '../statistics';
import { textIn } from './mix';
import { Session, type SessionPlan } from './session';

const plan: SessionPlan = {
  id: 's',
  system: 'Shared.',
  questions: ['One?', 'Two?'],
  turns: 3,
  cold: false,
  toolShare: 0,
  simulated: false,
  marks: false,
};
const of = (more: Partial<SessionPlan> = {}) => new Session({ ...plan, ...more }, random(1, 0));
const told = (session: Session, id: string) =>
  session.next(id).messages.map(({ role, content }) => `${role}: ${textIn(content)}`);

test('the real answer goes into the next turn, and what was sent before is sent again as it was', () => {
  const session = of({ simulated: true });
  const first = told(session, 'a');
  assert.deepEqual(first, ['system: Shared.', 'user: One? [[sim id=a]]']);
  session.answered(true, 'First.', undefined);
  assert.deepEqual(told(session, 'b'), [...first, 'assistant: First.', 'user: Two? [[sim id=b]]']);
  session.answered(true, 'Second.', undefined);
  assert.equal(session.over, false);
  assert.match(told(session, 'c').at(-1)!, /^user: One\?/, 'questions are gone through again');
  session.answered(true, 'Third.', undefined);
  assert.equal(session.over, true);
});

test('a session whose request failed is over: nobody goes on with a conversation that has a hole', () => {
  for (const [ok, text] of [
    [false, 'half'],
    [true, ''],
  ] as const) {
    const session = of();
    session.next('a');
    session.answered(ok, text, undefined);
    assert.equal(session.over, true);
  }
});

test('a tool that was called is answered by its result, with the id of the call, before the session may end', () => {
  const session = of({ turns: 1, toolShare: 1, simulated: true });
  const asked = session.next('a');
  assert.equal(asked.tool?.name, 'look_up');
  assert.match(textIn(asked.messages.at(-1)!.content), /Use the tool look_up .* \[\[sim id=a tool=look_up\]\]$/);
  const call = { id: 'call_1', name: 'look_up', arguments: '{}' };
  session.answered(true, '', call);
  assert.equal(session.callsTool, true);
  assert.equal(session.over, false);
  const result = session.next('b').messages;
  assert.deepEqual(result.at(-2), { role: 'assistant', content: '', toolCall: call });
  assert.deepEqual([result.at(-1)!.role, result.at(-1)!.toolCallId], ['tool', 'call_1']);
  assert.match(textIn(result.at(-1)!.content), /\[\[sim id=b\]\]$/, 'the record of the provider tells the two apart');
  session.answered(true, 'So it is.', undefined);
  assert.equal(session.over, true);
});

test('a model that calls a tool for ever does not keep its user for ever', () => {
  const session = of({ turns: 2, toolShare: 1 });
  let turns = 0;
  for (; !session.over && turns < 100; turns++) {
    session.next(String(turns));
    session.answered(true, '', { id: 'c', name: 'look_up', arguments: '{}' });
  }
  assert.equal(turns, 4);
});

test('a cold session begins otherwise each time; a picture stands in its first question alone', () => {
  const cold = of({ cold: true, image: 'data:image/png;base64,AA==' });
  const first = cold.next('a').messages;
  assert.equal(first[0]!.content, '[a] Shared.');
  assert.deepEqual(
    (first[1]!.content as { type: string }[]).map(({ type }) => type),
    ['text', 'image_url'],
  );
  cold.answered(true, 'Yes.', undefined);
  const second = cold.next('b').messages;
  assert.equal(second[0]!.content, '[b] Shared.');
  assert.deepEqual(second[1], first[1]);
  assert.equal(typeof second.at(-1)!.content, 'string');
});
