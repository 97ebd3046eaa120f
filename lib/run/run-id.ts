import exec from 'k6/execution';

/**
 * A run's name: when it was set up, to the millisecond, the script, and the part of the load where it is one of several;
 * results lie in a folder of this name.
 */
export function newRunId(script: string): string {
  const segment = segmentOf();
  const part = segment === undefined ? '' : `-part-${segment.replaceAll('/', 'of').replace(':', '-')}`;
  return `${new Date().toISOString().replace(/[-:]/g, '').replace('.', '-').replace('Z', '')}-${script}${part}`;
}

/** The execution segment that k6 was given, in lowest terms; undefined when this run is the whole load. */
export function segmentOf(): string | undefined {
  const { executionSegment } = exec.test.options as { executionSegment?: string | null };
  return executionSegment && executionSegment !== '0:1' ? executionSegment : undefined;
}

/**
 * Puts `run_id` and `script` on all samples that this VU sends from now on, so that an output that holds many runs can
 * tell them apart. Not `options.tags`: k6's `--tag` replaces those.
 */
export function tagSamples(runId: string, script: string): void {
  Object.assign(exec.vu.metrics.tags, { run_id: runId, script });
}
