import { note, notes } from '../../journal';
import { patchProvider, readTruth } from '../../provider';
import type { Context } from '../observed';
import { noneReached } from '../unreached';
import { deploymentsBehind } from './deployments';
import { slowMs } from './phases';

/*
 * Makes one provider slow or hung on the simulator: all deployments that answered the sick model's requests while all
 * was well.
 */

/** For the start of each phase. */
export function makeSick(phase: string, context: Context): void {
  const { p } = context;
  const sick = p.models[0]!;
  if (p.providerUrl === undefined) {
    const told =
      {
        slow: `make ${sick} slow: ${slowMs(p)} ms to the first token`,
        hung: `make ${sick} hang: accept requests and answer nothing`,
      }[phase] ?? `${sick} is to be well`;
    console.warn(`now, phase ${phase}: ${told}`);
    return;
  }
  if (phase === 'slow') change(context, p.providerUrl, { ttft_ms: slowMs(p) });
  else if (phase === 'hung') change(context, p.providerUrl, { failure_share: 1, failure: 'hang_before' });
  else cureSick(context);
}

/** Takes back what makeSick did. */
export function cureSick({ p }: Context): void {
  const [changed] = notes('changed').kept;
  if (p.providerUrl !== undefined && changed !== undefined)
    lay(p.providerUrl, changed, { ttft_ms: null, failure_share: null, failure: null });
}

function change({ p, run }: Context, providerUrl: string, settings: object): void {
  let names = notes('changed').kept[0];
  if (!names) {
    const read = readTruth(providerUrl, run);
    if ('failure' in read) throw new Error(read.failure);
    const asked = notes('request').kept.filter(({ model }) => model === p.models[0]);
    names = deploymentsBehind(read.records, new Set(asked.map(({ id }) => id)));
    if (names.length === 0) {
      noneReached(asked, `no request for ${p.models[0]}`, providerUrl, 'make slow');
      return;
    }
    note('changed', names);
  }
  lay(providerUrl, names, settings);
}

function lay(providerUrl: string, names: readonly string[], settings: object): void {
  patchProvider(providerUrl, { provider: { deployments: Object.fromEntries(names.map((name) => [name, settings])) } });
}
