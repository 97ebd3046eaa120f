import { unitOf, labelOf } from './words';
import type { RunRecord } from './run-record';

const inSeconds = (text: string) => {
  const found = [...text.matchAll(/(\d+(?:\.\d+)?)(h|m|s)/g)];
  const unit = { h: 3600, m: 60, s: 1 } as const;
  return found.reduce((sum, [, n, of]) => sum + Number(n) * unit[of as 'h' | 'm' | 's'], 0);
};

/** The longest DURATION that the reasons name: with it each of them is answered. */
function longest(run: RunRecord): string | undefined {
  const named = run.reasons.flatMap(({ text }) => [...text.matchAll(/\bDURATION=(\w+)/g)].map(([, value]) => value!));
  return named.sort((a, b) => inSeconds(b) - inSeconds(a))[0];
}

/**
 * The one step that helps most after this run, a sentence. `folder` is where the run was written, "" when nowhere;
 * `reported` says whether report.html could be written there too.
 */
export function nextStep(run: RunRecord, folder: string, reported: boolean): string {
  const has = (about: RunRecord['reasons'][number]['about']) => run.reasons.some((reason) => reason.about === about);
  const page = reported ? `${folder}/report.html` : `the page that npm run report -- ${folder} writes`;
  if (!folder) return 'give a folder that can be written to (OUT=...), and run it again';
  if (run.counts.started === 0) return 'put right what the reason says, and run it again';
  if (has('instrument'))
    return 'put right what the first reason says, and run it again; docs/reading-results.md says what each reason means';
  if (run.verdict === 'FAIL') {
    const missed = run.objectives.find(({ state }) => state === 'missed');
    const errors = missed?.metric === 'llm_stream_error';
    if (errors && run.failures?.samples[0])
      return `open ${page}: it shows which requests failed, and what the target said`;
    if (missed && unitOf(missed, run.findings) === 'ms')
      return `open ${page}: it shows when ${labelOf(missed)} left its limit, and under which load`;
    return `open ${page}: it shows where the limits were left`;
  }
  const duration = longest(run);
  if (has('evidence'))
    return duration
      ? `run it longer: -e DURATION=${duration} has enough requests for every objective`
      : `open ${page}, and run it longer`;
  if (!run.instrument.error) return 'npm run calibrate measures once how exact these figures are on this machine';
  return `keep ${folder}: npm run compare -- ${folder} <a later run> says whether that one is better or worse`;
}
