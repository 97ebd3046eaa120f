// The whole path of a test, with nothing in it but streams: VUS=n without pause, or RATE=r. The prompt is short and always the
// same, so that what is measured is the measuring. SPREAD=s spreads the first streams of the users over so many seconds; with
// BURST=b, SPREAD is a period: in each period every user begins one stream, b of them in the same instant.
import { sleep } from 'k6';
import exec from 'k6/execution';
import { defineTest, phases } from '../lib/load';
import type { Call, Workload } from '../lib/workload/mix';
import objectives from './objectives.json';

const spread = Number(__ENV.SPREAD ?? 0);
const burst = Number(__ENV.BURST ?? 0);
const users = Number(__ENV.VUS ?? 1);
const call: Call = { kind: 'chat', size: 'probe', messages: [{ role: 'user', content: 'Say something.' }] };
let begun = false;

/** Seconds until this user's next stream is to begin. */
function pause(): number {
  const user = exec.vu.idInTest - 1;
  if (burst > 0) {
    const place = (Math.floor(user / burst) / Math.ceil(users / burst)) * spread;
    const now = Date.now() / 1000 - place;
    return Math.ceil(now / spread) * spread - now;
  }
  return begun ? 0 : (user / users) * spread;
}

const streams: Workload = {
  kinds: ['chat'],
  next() {
    const seconds = spread > 0 ? pause() : 0;
    begun = true;
    if (seconds > 0) sleep(seconds);
    return call;
  },
};

export const { options, setup, run, teardown, handleSummary } = defineTest({
  script: 'bench-streams',
  objectives,
  load: phases({ load: { rate: 10, for: '10s' } }),
  workload: streams,
});
export default run;
