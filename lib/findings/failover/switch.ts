import { note, notes } from '../../journal';
import { patchProvider, readTruth } from '../../provider';
import { deploymentOf, type TruthRecord } from '../../truth';
import type { Context } from '../observed';
import { noneReached } from '../unreached';
import { faults } from './phases';

/*
 * Makes the primary fail and takes it back, on the simulated provider. The primary is the deployment that answered most
 * of the chats while all was well; embeddings have one of their own, which fails with it.
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
  const known = changed();
  const primaries = known.length > 0 ? known : primariesOf(p.providerUrl, run);
  if (primaries.length === 0) return;
  note('changed', primaries);
  const failing = { failure_share: fault.share ?? 1, failure: fault.failure ?? phase };
  // One that was set for all would hold beside that of the primary.
  patchProvider(p.providerUrl, {
    provider: { deployments: { ...each(primaries, failing), [all]: fault.everywhere ? failing : well } },
  });
}

/** Takes back what setFault did, also when the run was stopped. */
export function clearFault({ p }: Context): void {
  const primaries = changed();
  if (p.providerUrl === undefined || primaries.length === 0) return;
  patchProvider(p.providerUrl, { provider: { deployments: { ...each(primaries, well), [all]: well } } });
}

/** Every deployment, and what takes a fault back. */
const all = '*/*/*';
const well = { failure_share: null, failure: null };

const each = (deployments: readonly string[], settings: object) =>
  Object.fromEntries(deployments.map((name) => [name, settings]));

/** The deployments that were made to fail; none before the first fault. */
const changed = (): string[] => notes('changed').kept[0] ?? [];

function primariesOf(providerUrl: string, run: string): string[] {
  const read = readTruth(providerUrl, run);
  if ('failure' in read) throw new Error(read.failure);
  const ofEmbeddings = new Set(notes('request').kept.flatMap(({ id, embedding }) => (embedding ? [id] : [])));
  const found = [false, true].flatMap((embedding) => {
    const own = read.records.filter(({ id }) => id !== null && ofEmbeddings.has(id) === embedding);
    return mostAsked(own) ?? [];
  });
  if (found.length === 0) noneReached(notes('request').kept, 'none of the requests so far', providerUrl, 'make fail');
  return [...new Set(found)];
}

/** The deployment of most of these calls; undefined without one. */
export function mostAsked(records: readonly TruthRecord[]): string | undefined {
  const counts = new Map<string, number>();
  for (const record of records) counts.set(deploymentOf(record), (counts.get(deploymentOf(record)) ?? 0) + 1);
  return [...counts].sort((a, b) => b[1] - a[1])[0]?.[0];
}
