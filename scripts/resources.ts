// Plan 7.4.5, resource use: what a request costs the target, by what its page tells at several rates (METRICS_URLS).
import { costOfRequests, normalLoad, resourceLoad, resourceUse } from '../lib/findings';
import { defineTest, readingAround } from '../lib/run';
import { planMix } from '../lib/workload';
import objectives from '../thresholds/resources.json';

export const { options, setup, run, teardown, handleSummary } = defineTest({
  script: 'resources',
  objectives,
  load: resourceLoad,
  workload: planMix,
  findings: [resourceUse(normalLoad), costOfRequests],
  with: [readingAround(120)],
});
export default run;
