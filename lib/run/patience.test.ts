import assert from 'node:assert/strict';
import { test } from 'node:test';
import { phases } from '../load';
import { givingUpAfter, holdingAtOnce } from './patience';
import type { Draft, Feature } from './test';

const hung = phases({ hung: { rate: 20, for: '60s' } });

/** What these features say of a load whose durations are this share of the script's. */
function planned(stretch: number, ...features: Feature[]): Draft {
  const draft = { load: hung, stretch } as Draft;
  for (const { plan } of features) plan?.(draft);
  return draft;
}

const patient = givingUpAfter('10s', {
  atLeast: '5s',
  unseen: 'an empty 200 comes later and shows as our own time-out',
});

test('OurOwnTimerHidTheTarget: a run too short for the patience that a script needs says so, and which scale has it', () => {
  const { timeouts, cautions } = planned(0.2, patient);
  assert.equal(timeouts!.first, 2000);
  assert.deepEqual(cautions, [
    'at this length the clients give up after 2 s instead of 10s: an empty 200 comes later and shows as our own time-out; TIME_SCALE=0.5 and more shows it',
  ]);
  assert.equal(planned(0.5, patient).cautions, undefined);
  assert.equal(planned(0.01, patient).timeouts!.first, 2000, 'nobody gives up sooner');
});

test('HeldTenAndSaidNothingShared: a load that holds fewer calls than a pool has says so, and which rate shows it', () => {
  const held = holdingAtOnce(150, { phase: 'hung', of: 0.75, unseen: 'a larger pool is never full' });
  assert.equal(planned(1, patient, held).cautions, undefined, 'at full length 20/s x 0.75 x 10 s are held');
  assert.match(
    planned(0.2, patient, held).cautions!.at(-1)!,
    /^in phase hung about 30 requests are held at once, fewer than 150: a larger pool is never full; RATE=100 at this length/,
  );
});
