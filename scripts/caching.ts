// What is kept and what is looked up again: keys, models, prompts and their beginnings, in blocks of one case and random
// rounds.
import { cacheBlock, cachingFindings } from '../lib/findings';
import { phases } from '../lib/load';
import { acrossModels, defineTest, inCases, withNotes } from '../lib/run';
import { anyChat, cacheCall, cacheCases } from '../lib/workload';
import objectives from '../thresholds/caching.json';

export const { options, setup, run, teardown, handleSummary } = defineTest({
  script: 'caching',
  objectives,
  load: phases({ load: { rate: 10, for: '5m' } }),
  workload: { ...anyChat, kinds: ['chat', 'refused'] },
  findings: [cachingFindings],
  with: [
    acrossModels(['claude_3_haiku', 'claude_3_5_sonnet', 'llama3211b', 'gemini-2.0-flash']),
    inCases(
      ({ apiKeys }) => cacheCases(apiKeys.length),
      ({ case: { name }, round, within, id }, { p, run: own }) =>
        cacheCall(name, { id, block: `${own}${round}`, within, models: p.models, keys: p.apiKeys }),
      cacheBlock,
    ),
    withNotes(),
  ],
});
export default run;
