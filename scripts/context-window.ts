// Plan 7.4.1: the context window. Prompts from 250 tokens to the documented size, in random rounds, exact to the token;
// then the largest that works, and what one over the limit gets.
import { contextFindings } from '../lib/findings';
import { phases } from '../lib/load';
import {
  answerTokens,
  countOf,
  defineTest,
  inCases,
  probingTheLimit,
  withProviderRecord,
  withTokenCounts,
} from '../lib/run';
import { anyChat, chatOfTokens, sizesUpTo } from '../lib/workload';
import objectives from '../thresholds/context-window.json';

export const { options, setup, run, teardown, handleSummary } = defineTest({
  script: 'context-window',
  objectives,
  load: phases({ load: { rate: 1, for: '10m' } }),
  workload: anyChat,
  findings: [contextFindings],
  with: [
    withTokenCounts(),
    inCases(
      ({ models, contextWindow }) =>
        models.flatMap((model) => sizesUpTo(contextWindow - answerTokens).map((tokens) => ({ model, tokens }))),
      ({ case: { model, tokens }, id }) => chatOfTokens(tokens, countOf(model), id, { maxTokens: answerTokens }),
    ),
    withProviderRecord({ chunks: true }),
    probingTheLimit(),
  ],
});
export default run;
