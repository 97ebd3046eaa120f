import { clean, environment, snapshot, writeFiles, type Snapshot } from 'k6/x/sse';

/**
 * What is left to do where a run cannot be judged because the suite's own code threw: what was counted is written as it
 * is, and told where. Returns the sentence for the summary.
 */
export function keepUnjudged(error: unknown, folder: string): string {
  const told = error instanceof Error ? (error.stack ?? error.message) : String(error);
  const thrown = told.split('\n').map(clean).join('\n');
  let counted: Snapshot | undefined;
  try {
    counted = snapshot();
  } catch {
    // Then there is nothing but the sentence.
  }
  const text = JSON.stringify({ error: thrown, environment: environment(), snapshot: counted ?? null });
  const failure = writeFiles(folder, { 'unjudged.json': text });
  const kept = failure
    ? `what was counted could not be written: ${failure}`
    : `what was counted is in ${folder}/unjudged.json`;
  return `the suite's own code threw while it judged the run (${thrown.split('\n')[0]}); ${kept}`;
}
