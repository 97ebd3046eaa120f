import assert from 'node:assert/strict';
import type { RunRecord } from '../../lib/summary';
import { disturbance, reasonLine } from '../../lib/verdict';
import { k6, type K6Options, type K6Run } from '../programs/k6';

/**
 * `k6()` for a test that judges the target: where the run itself says that this machine held the generator up, it is
 * INVALID by right and shows nothing of the target. Such a run is made again, twice at most.
 */
export async function undisturbed(script: string, options: K6Options): Promise<K6Run> {
  for (let attempt = 1; ; attempt++) {
    const ran = await k6(script, options);
    const disturbed = disturbance(ran.run?.reasons.map(reasonLine) ?? []);
    if (disturbed === undefined || attempt === 3) return ran;
    process.stdout.write(`${script} is run again: ${disturbed}\n`);
  }
}

/** A run's record, for a test: there is one, and none of its requests is missing from the counts. */
export function sound({ run, stdout, stderr }: K6Run): RunRecord {
  assert.ok(run, stdout + stderr);
  const { started, finished, failed, interrupted } = run.counts;
  assert.equal(started, finished + failed + interrupted);
  return run;
}

/** What the first finding with this id says; "" where the run has none. */
export const sentenceOf = ({ findings }: Pick<RunRecord, 'findings'>, id: string): string =>
  findings.find((each) => each.id === id)?.text ?? '';

/** A verdict's reasons, one a line. */
export const why = (run: RunRecord) => run.reasons.map(reasonLine).join('\n');
