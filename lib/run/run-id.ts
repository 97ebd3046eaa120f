import exec from 'k6/execution';

/** A run's name: when it was set up, to the millisecond, and the script; results lie in a folder of this name. */
export function newRunId(script: string): string {
  return `${new Date().toISOString().replace(/[-:]/g, '').replace('.', '-').replace('Z', '')}-${script}`;
}

/**
 * Puts `run_id` and `script` on all samples that this VU sends from now on, so that an output that holds many runs can
 * tell them apart. Not `options.tags`: k6's `--tag` replaces those.
 */
export function tagSamples(runId: string, script: string): void {
  Object.assign(exec.vu.metrics.tags, { run_id: runId, script });
}
