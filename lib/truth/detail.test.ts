import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { StreamRecord } from 'k6/x/sse';
import { detailOf } from './detail';
import type { SentRequest } from './sent';

test('ListsThatAreDatedAnew: two lists of the same models are the same, whatever their order and what else stands there', () => {
  const sent = { id: 'x', call: { kind: 'models', size: 'list' }, arrival: { index: 0 } } as unknown as SentRequest;
  const of = (body: unknown) =>
    detailOf(sent, { text: '', body: JSON.stringify(body), offsets: [], headers: {} } as unknown as StreamRecord, 1)
      .list;
  const models = (created: number, ...ids: string[]) => ({ object: 'list', data: ids.map((id) => ({ id, created })) });
  assert.equal(of(models(1, 'a', 'b')), of(models(2, 'b', 'a')));
  assert.notEqual(of(models(1, 'a', 'b')), of(models(1, 'a')));
  assert.equal(of([{ id: 'a', name: 'A' }]), of(models(1, 'a')));
  assert.notEqual(of({ models: ['a'] }), of({ models: ['b'] }));
  assert.notEqual(of(null), of({ data: null }));
});
