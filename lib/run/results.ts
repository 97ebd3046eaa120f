import exec from 'k6/execution';
import { environment, keep, kept, outputs, planned, push, writeFiles } from 'k6/x/sse';
import { reportPage } from '../report';
import {
  file,
  githubAnnotations,
  jUnit,
  outputsReport,
  textSummary,
  withoutCommands,
  type RunRecord,
  type Screen,
} from '../summary';
import { keepUnjudged } from './last-resort';
import type { Plan } from './test';

/** Arrivals that schedule.json lists at most: some megabytes. */
const arrivalsKept = 200_000;

/**
 * What teardown leaves for handleSummary: the record as run.json has it, and its folder ('' when it could not be
 * written).
 */
interface Concluded {
  record: RunRecord;
  folder: string;
}

/** What teardown leaves where the run could not be judged: a sentence. */
interface Unjudged {
  unjudged: string;
}

/** Ends a run that could not be judged because the suite's own code threw: what was counted is kept. For teardown(). */
export function leaveUnjudged(error: unknown, folder: string): void {
  const sentence = keepUnjudged(error, folder);
  console.error(sentence);
  keep(JSON.stringify({ unjudged: sentence } satisfies Unjudged));
  exec.test.fail('the run is INVALID');
}

/** Writes a run's folder and its verdict: k6's exit code follows from it. For teardown(). */
export function writeResults(record: RunRecord, { p, closed, parts }: Plan, refused: boolean): void {
  const folder = `${p.out}/${record.run_id}`;
  const failure = writeFiles(folder, {
    'run.json': JSON.stringify(record),
    'junit.xml': jUnit(record),
    ...(p.arrivals !== 'constant' && !closed && !refused && !parts ? schedule(record, p) : {}),
  });
  if (failure) {
    record.verdict = 'INVALID';
    // Where nothing was sent because of that, it has been said.
    if (!refused) record.reasons.push({ about: 'instrument', text: `the results could not be kept: ${failure}` });
    console.error(failure);
  }
  keep(JSON.stringify({ record, folder: failure ? '' : folder } satisfies Concluded));
  const missed = record.verdict === 'FAIL' ? record.reasons.filter((reason) => reason.about === 'target').length : 0;
  if (missed > 0) push({}, { llm_objectives_missed: missed });
  push({ verdict: record.verdict }, { llm_verdict: 1 });
  if (record.verdict === 'INVALID') exec.test.fail('the run is INVALID');
}

/**
 * Constant arrivals follow from the phases; drawn ones are kept, so that a run can be compared with what it was to be.
 */
function schedule({ run_id }: RunRecord, { arrivals, seed }: Plan['p']): Record<string, string> {
  return { 'schedule.json': JSON.stringify({ run_id, arrivals, seed, ...planned(arrivalsKept) }) };
}

/** The table for the terminal. For handleSummary(). */
export function printResults(): Record<string, string> {
  if (!kept())
    return {
      stdout:
        '\n  verdict     INVALID\n              instrument: the run ended before it could be judged, nothing was written\n\n',
    };
  const left = JSON.parse(kept()) as Concluded | Unjudged;
  if ('unjudged' in left) return { stdout: `\n  verdict     INVALID\n              instrument: ${left.unjudged}\n\n` };
  const { record, folder } = left;
  // k6's outputs write their last samples after teardown: what they could not is known only now.
  const complained = outputsReport(outputs());
  if (complained && folder && JSON.stringify(complained) !== JSON.stringify(record.outputs)) {
    const failure = writeFiles(folder, { 'run.json': JSON.stringify({ ...record, outputs: complained }) });
    if (failure) console.error(failure);
  }
  const told = { ...record, outputs: complained };
  const reported = folder !== '' && writeReport(told, folder);
  const text = textSummary(told, folder, screen(), reported);
  if (__ENV.GITHUB_ACTIONS !== 'true') return { stdout: text };
  return { stdout: withoutCommands(text) + githubAnnotations(told).join('\n') + '\n' };
}

/** Where the table is read. */
function screen(): Screen {
  const { columns, colour } = environment();
  return columns > 0 ? { columns: Math.max(60, columns), terminal: true, colour } : file;
}

/**
 * Writes report.html beside run.json, and tells whether it is there. What goes wrong with it is said, and takes nothing
 * from the run.
 */
function writeReport(record: RunRecord, folder: string): boolean {
  let failure: string;
  try {
    failure = writeFiles(folder, { 'report.html': reportPage(record, __REPORT_PAGE__) });
  } catch (error) {
    failure = error instanceof Error ? error.message : String(error);
  }
  if (failure) console.error(`report.html could not be written: ${failure}`);
  return !failure;
}
