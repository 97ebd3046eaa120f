// What a gateway does before it asks a provider: requests that are refused at one stage after another, in random rounds.
import { bodySizes, pipelineFindings } from '../lib/findings';
import { phases } from '../lib/load';
import { defineTest, inCases, withNotes } from '../lib/run';
import { badBody, noProvider, refusals } from '../lib/workload';
import objectives from '../thresholds/pipeline.json';

const bodies = Object.entries(bodySizes).map(([size, kb]) => ({ size, kb }));

export const { options, setup, run, teardown, handleSummary } = defineTest({
  script: 'pipeline',
  objectives,
  load: phases({ load: { rate: 10, for: '5m' } }),
  workload: noProvider,
  findings: [pipelineFindings],
  with: [
    inCases(
      () => [{ size: 'list' }, ...refusals, ...bodies],
      ({ case: drawn, id }, { p }) => {
        if ('kb' in drawn) return badBody(drawn.size, p.models[0]!, drawn.kb, id);
        return 'wanted' in drawn ? { kind: 'refused', ...drawn } : { kind: 'models', size: 'list' };
      },
    ),
    withNotes(),
  ],
});
export default run;
