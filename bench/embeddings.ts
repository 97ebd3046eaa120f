// The whole path of a test, with embeddings of one text only: compared with bench/http-post.ts, which is plain k6.
import { phases } from '../lib/load';
import { defineTest } from '../lib/run';
import objectives from './objectives.json';

export const { options, setup, run, teardown, handleSummary } = defineTest({
  script: 'bench-embeddings',
  objectives,
  load: phases({ load: { rate: 10, for: '10s' } }),
  workload: {
    kinds: ['embedding'],
    next: () => ({ kind: 'embedding', size: 'single', texts: ['Office hours of the permit desk'] }),
  },
});
export default run;
