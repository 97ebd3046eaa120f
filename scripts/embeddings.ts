// Plan 7.4.1: embeddings. Single texts, a rate of batches, then sizes in random rounds; the vectors are looked at.
import { embeddingFindings, sizesPhase } from '../lib/findings';
import { phases } from '../lib/load';
import { defineTest, inCases, withProviderRecord } from '../lib/run';
import { anyEmbedding, batchSizes, repeatedText, textsOf } from '../lib/workload';
import objectives from '../thresholds/embeddings.json';

export const { options, setup, run, teardown, handleSummary } = defineTest({
  script: 'embeddings',
  objectives,
  load: phases({
    single: { rate: 10, for: '3m' },
    batch: { rate: 11, for: '3m' },
    [sizesPhase]: { rate: 5, for: '5m' },
  }),
  workload: anyEmbedding,
  findings: [embeddingFindings],
  with: [
    inCases(
      ({ batch }) => batchSizes(batch?.to).map((texts) => ({ texts })),
      ({ case: { texts }, phase, id }, { p }) => {
        const count = phase === 'single' ? 1 : phase === 'batch' ? batchSizes(p.batch?.to).pop()! : texts;
        const size = count === 1 ? 'single' : `of-${count}`;
        return { kind: 'embedding', size, texts: textsOf(count, id, repeatedText.place), vectors: repeatedText.place };
      },
    ),
    withProviderRecord({ chunks: true }),
  ],
});
export default run;
