import { deploymentOf, type TruthRecord } from '../../truth';

/**
 * The provider's deployments behind the requests with these ids, of all that it recorded of a run. Where a deployment got
 * more requests of others it is theirs: a gateway that mixes requests up sends a few to the wrong one.
 */
export function deploymentsBehind(records: readonly TruthRecord[], asked: ReadonlySet<string>): string[] {
  const counts = new Map<string, { own: number; others: number }>();
  for (const record of records) {
    const count = counts.get(deploymentOf(record)) ?? { own: 0, others: 0 };
    if (asked.has(record.id ?? '')) count.own++;
    else count.others++;
    counts.set(deploymentOf(record), count);
  }
  const behind = [...counts].filter(([, { own }]) => own > 0);
  const theirs = behind.filter(([, { own, others }]) => own >= others);
  // Both models may be one and the same at the provider.
  return (theirs.length > 0 ? theirs : behind).map(([name]) => name);
}
