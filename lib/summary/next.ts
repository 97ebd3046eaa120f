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

/** Whether most of what failed was refused, because it was too much (429). */
function refusedMost({ outcomes, counts }: RunRecord): boolean {
  const refused = outcomes.reduce((sum, { outcome, count }) => sum + (outcome === 'http_429' ? count : 0), 0);
  return refused > counts.failed / 2;
}

/** What helps a run of too little evidence: a longer one, where it had at least some of what its objectives are about. */
function forEvidence(run: RunRecord, page: string): string {
  const duration = longest(run);
  const near = run.objectives.some(({ state }) => state === 'too close');
  if (duration)
    return near
      ? `run it longer: with -e DURATION=${duration} a figure that stays as it is can be told from its limit`
      : `run it longer: -e DURATION=${duration} has enough requests for every objective`;
  if (near || run.objectives.some(({ state, n }) => state === 'too few' && n > 0))
    return `open ${page}, and run it longer`;
  return `open ${page}: it shows what was sent. Nothing of it is what the objectives are about, so a longer run decides no more: change the load, or give objectives about it with -e OBJECTIVES=... (docs/objectives.md)`;
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
    if (errors && refusedMost(run))
      return `send less than the target allows (-e RATE=...), or have its limit raised: most of what failed was refused with 429; open ${page}: it shows what the target said`;
    if (errors && run.failures?.samples[0])
      return `open ${page}: it shows which requests failed, and what the target said`;
    if (missed && unitOf(missed, run.findings) === 'ms')
      return `open ${page}: it shows when ${labelOf(missed)} left its limit, and under which load`;
    return `open ${page}: it shows where the limits were left`;
  }
  if (has('evidence')) return forEvidence(run, page);
  if (!run.instrument.error) return 'npm run calibrate measures once how exact these figures are on this machine';
  return `keep ${folder}: npm run compare -- ${folder} <a later run> says whether that one is better or worse`;
}
