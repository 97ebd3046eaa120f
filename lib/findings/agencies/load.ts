import { phases, type Load } from '../../load';
import { byPhase, mix, planMix, singleEmbedding, prompt, type Workload } from '../../workload';
import { turned } from './phases';

/*
 * What `agencies` sends: the plan's loads of a day and a month's end, then one agency that sends most of the load, a mix that
 * is turned round, and bursts.
 */

export const agenciesLoad: Load = phases({
  normal: { rate: 50, for: '10m' },
  off: { rate: 15, for: '10m' },
  business: { rate: 100, for: '10m' },
  'month-end': { rate: 150, for: '10m' },
  heavy: { rate: 300, for: '10m' },
  turned: { rate: 50, for: '10m' },
  'burst-3x': { rate: 150, for: '10m' },
  'burst-5x': { rate: 250, for: '10m' },
  'burst-10x': { rate: 500, for: '10m' },
});

/** Embeddings where chats were: 25 % chats, 70 % embeddings. */
const turnedMix: Workload = mix(
  [
    { share: 25, kind: 'chat', call: (random) => prompt('small', random) },
    { share: 70, kind: 'embedding', call: singleEmbedding },
    { share: 5, kind: 'models', call: () => ({ kind: 'models', size: 'list' }) },
  ],
  planMix.plain,
);

export const agenciesWorkload: Workload = {
  ...byPhase(planMix.kinds, (phase) => (phase === turned ? turnedMix : planMix)),
  fixed: undefined,
  plain: planMix.plain,
};
