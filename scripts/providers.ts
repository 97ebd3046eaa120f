// Plan 7.4.4: providers side by side. The same prompts go to every model of MODELS, in random order within each round.
import { providerFindings } from '../lib/findings';
import { phases } from '../lib/load';
import { acrossModels, defineTest, inRounds, withProviderRecord } from '../lib/run';
import { promptSizes } from '../lib/workload';
import objectives from '../thresholds/providers.json';

export const { options, setup, run, teardown, handleSummary } = defineTest({
  script: 'providers',
  objectives,
  load: phases({ load: { rate: 4, for: '10m' } }),
  workload: promptSizes,
  findings: [providerFindings],
  with: [acrossModels(['claude_3_haiku', 'gemini-2.0-flash']), inRounds(), withProviderRecord({ chunks: true })],
});
export default run;
