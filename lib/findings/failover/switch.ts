import { note, notes } from '../../journal';
import { patchProvider, readTruth } from '../../provider';
import { deploymentOf } from '../../truth';
import type { Context } from '../observed';
import { faults } from './phases';

/*
 * Makes the primary fail and takes it back, on the simulated provider. The primary is the deployment that answered most
 * of the requests while all was well.
 */

/** For the start of each phase: sets the fault that the phase is named after, or takes the last one back. */
export function setFault(phase: string, context: Context): void {
  const { p, run } = context;
  const fault = faults[phase];
  if (p.providerUrl === undefined) {
    if (phase !== 'before')
      console.warn(
        fault
          ? `now, phase ${phase}: make the primary ${fault.byHand}`
          : `now, phase ${phase}: make the primary well again`,
      );
    return;
  }
  if (!fault) {
    clearFault(context);
    return;
  }
  const primary = changed() ?? primaryOf(p.providerUrl, run);
  note('changed', [primary]);
  const failing = { failure_share: fault.share ?? 1, failure: fault.failure ?? phase };
  // One that was set for all would hold beside that of the primary.
  patchProvider(p.providerUrl, {
    provider: { deployments: { [primary]: failing, [all]: fault.everywhere ? failing : well } },
  });
}

/** Takes back what setFault did, also when the run was stopped. */
export function clearFault({ p }: Context): void {
  const primary = changed();
  if (p.providerUrl === undefined || primary === undefined) return;
  patchProvider(p.providerUrl, { provider: { deployments: { [primary]: well, [all]: well } } });
}

/** Every deployment, and what takes a fault back. */
const all = '*/*/*';
const well = { failure_share: null, failure: null };

/** The deployment that was made to fail; undefined before the first fault. */
const changed = () => notes('changed').kept[0]?.[0];

function primaryOf(providerUrl: string, run: string): string {
  const read = readTruth(providerUrl, run);
  if ('failure' in read) throw new Error(read.failure);
  const counts = new Map<string, number>();
  for (const record of read.records) counts.set(deploymentOf(record), (counts.get(deploymentOf(record)) ?? 0) + 1);
  const first = [...counts].sort((a, b) => b[1] - a[1])[0];
  if (!first)
    throw new Error(
      `none of the requests so far reached the simulated provider ${providerUrl}, so there is nothing to make fail`,
    );
  return first[0];
}
