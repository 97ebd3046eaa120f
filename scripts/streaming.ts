// Plan 7.4.1: token rates, and gaps between chunks. Long answers of each of MODELS, two streamed to one that is asked for
// whole, in random rounds.
import { streamingFindings } from '../lib/findings';
import { phases } from '../lib/load';
import { defineTest, inCases, withProviderRecord } from '../lib/run';
import { anyChat, longAnswer } from '../lib/workload';
import objectives from '../thresholds/streaming.json';

const streamed = Array.from({ length: 8 }, () => ({ size: 'stream', tokens: 300, maxTokens: 500, plain: false }));
const whole = [50, 100, 200, 400].map((tokens) => ({ size: 'whole', tokens, maxTokens: tokens, plain: true }));

export const { options, setup, run, teardown, handleSummary } = defineTest({
  script: 'streaming',
  objectives,
  load: phases({ load: { rate: 5, for: '5m' } }),
  workload: anyChat,
  findings: [streamingFindings],
  with: [
    inCases(
      ({ models }) => models.flatMap((model) => [...streamed, ...whole].map((each) => ({ model, ...each }))),
      ({ case: { size, tokens, maxTokens, plain }, round }) => longAnswer(tokens, round, { size, maxTokens, plain }),
    ),
    withProviderRecord({ chunks: true }),
  ],
});
export default run;
