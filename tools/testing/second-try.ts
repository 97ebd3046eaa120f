import { sum, type Counts } from './counts';

/**
 * More failing units than this are no accident of the machine. On a virtual machine whose host was busy, six of the files
 * that measure times failed at once, each run of theirs INVALID because the generator was held up.
 */
const mostAgain = 8;

/**
 * Runs tests by units (a test file, a Go package), and up to eight units that failed once more, alone: whoever shares
 * the machine can spoil a test that measures times. What then passes is counted as passed, and said, since a test that
 * is often seen there has a fault of its own. `again` is given the units that failed.
 */
export async function withSecondTry(
  first: () => Promise<Map<string, Counts>>,
  again: (failed: string[]) => Promise<Map<string, Counts>>,
): Promise<Counts> {
  const counts = await first();
  const failed = [...counts].filter(([, { failed }]) => failed > 0).map(([unit]) => unit);
  if (failed.length === 0 || failed.length > mostAgain) return sum(counts.values());
  process.stdout.write(`\nfailed, and run once more, alone: ${failed.join(', ')}\n\n`);
  for (const [unit, its] of await again(failed)) {
    counts.set(unit, its);
    if (its.failed === 0) process.stdout.write(`passed at the second try: ${unit}\n`);
  }
  return sum(counts.values());
}
