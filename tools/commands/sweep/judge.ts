import type { RunRecord } from '../../../lib/summary';
import { disturbance, reasonLine } from '../../../lib/verdict';
import { inOrder, type Case } from './cases';
import { claims, type Claim } from './claims';

/** What is kept of one run: a script, with one flaw switched on. */
export interface Cell {
  flaw: string;
  script: string;
  verdict: RunRecord['verdict'];
  reasons: readonly string[];
  findings: readonly string[];
  /** Of the project, when it was run. */
  commit: string;
  seconds: number;
}

/** What the sweep keeps of a run. */
export const cellOf = (flaw: string, script: string, run: RunRecord): Cell => ({
  flaw,
  script,
  verdict: run.verdict,
  reasons: run.reasons.map(reasonLine),
  findings: run.findings.map(({ text }) => text),
  commit: run.environment.commit,
  seconds: Math.round(run.duration_s),
});

/** Whether a cell is as it should be, and if not, why, in sentences. */
export function faultsOf(cell: Cell, found: Case = inOrder): string[] {
  const said = [...cell.findings, ...cell.reasons].join('\n');
  const faults: string[] = [];
  if (disturbance(cell.reasons) !== undefined) return ['the machine disturbed this run: it says nothing'];
  if (found.name === inOrder.name && cell.verdict === 'FAIL') faults.push('it FAILs although nothing is wrong');
  const expected = found.finds[cell.script];
  if (expected && !expected.says.test(said)) faults.push(`it does not say ${String(expected.says)}`);
  const mustFail = (expected && !expected.mayPass) || found.alsoFails?.includes(cell.script);
  if (mustFail && cell.verdict === 'PASS') faults.push('it PASSes although something is wrong');
  faults.push(...falseClaims(said, found.true));
  return [...faults, ...repeated(cell).map((sentence) => `it says twice: ${sentence}`)];
}

/** What a text claims of a gateway of which only these claims are true, a sentence for each that is false. */
export function falseClaims(said: string, allowed: readonly Claim[]): string[] {
  return (Object.entries(claims) as [Claim, RegExp][])
    .filter(([claim, words]) => !allowed.includes(claim) && words.test(said))
    .map(([claim, words]) => `it claims "${words.exec(said)![0]}", which is false (${claim})`);
}

/** Findings that stand there twice with the same words. */
function repeated({ findings }: Cell): string[] {
  return [...new Set(findings.filter((text, i) => findings.indexOf(text) !== i))];
}
