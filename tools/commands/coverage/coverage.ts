// Which points of the plan a test proves, and which test. `--check` proves that docs/coverage.md says the same.
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { runCommand } from '../../programs/command';
import { ToolError } from '../../programs/process';
import { cases } from './cases';
import { points } from './points';
import type { Case, Point, Proof, Seen } from './row';

const help = `npm run coverage [-- --check]

Writes docs/coverage.md: each of the plan's 205 points and 149 test cases, with the script that finds it, how it can be
seen, and the test that proves it. Without such a test nothing counts as covered.

  --check   write nothing; exit 1 when the page is not what the tables and the tests say

Exit code: 0 done, 1 the check failed or a test that is named does not exist, 2 a wrong option.`;

export const page = 'docs/coverage.md';

const seenAs: Record<Seen, string> = {
  client: 'client',
  provider: 'simulated provider',
  metrics: 'metrics or process',
  operator: 'operator',
  not: 'not from outside',
};

/** A sentence for each proof that is none: its file is missing, or has no test of that name. */
export function untrue(rows: readonly (Point | Case)[]): string[] {
  return rows.flatMap(({ id, proof = [], symptom = [] }) =>
    [...proof, ...symptom].flatMap(({ file, test }) => {
      if (!existsSync(file)) return [`${id}: there is no ${file}`];
      const source = readFileSync(file, 'utf8').replaceAll("\\'", "'");
      return source.includes(test) ? [] : [`${id}: ${file} has no test "${test}"`];
    }),
  );
}

const tests = (proofs: readonly Proof[]) => proofs.map(({ file, test }) => `\`${file}\`: ${test}`).join('; ');
const proofText = ({ proof = [], symptom }: Point | Case) =>
  symptom ? `not from outside; the symptom: ${tests(symptom)}` : tests(proof);
const cell = (text: string) => text.replaceAll('|', '\\|').replaceAll('<', '&lt;');
const row = (...cells: string[]) => `| ${cells.map(cell).join(' | ')} |`;

function counts(rows: readonly (Point | Case)[]): string[] {
  const line = (name: string, some: readonly (Point | Case)[]) =>
    row(
      name,
      ...[some.length, some.filter(({ proof }) => proof).length, some.filter(({ symptom }) => symptom).length].map(
        String,
      ),
    );
  return [
    '| how it is seen first | all | found, by a test | not from outside, a test shows the symptom |',
    '| --- | ---: | ---: | ---: |',
    ...(Object.keys(seenAs) as Seen[]).map((seen) =>
      line(
        seenAs[seen],
        rows.filter((each) => each.seen === seen),
      ),
    ),
    line('together', rows),
  ];
}

/** The page as the tables have it. */
export function pageText(): string {
  const surfaces = [...new Set(points.map(({ surface }) => surface))];
  return [
    '# Coverage of the plan',
    '',
    "This page says which of the points of the plan's section 7.4, and which of its test cases, are found, and by which",
    'test that is shown. A point counts as found only where a test switches the flaw on and the script finds it and names',
    'it. What cannot be seen from outside as a cause is counted apart, with the script and the test that show its symptom.',
    'The page is made by `npm run coverage` from the tables in `tools/commands/coverage/`, and a test holds it against the',
    'tests that there are.',
    '',
    '## Points',
    '',
    ...counts(points),
    '',
    '## Test cases',
    '',
    ...counts(cases),
    '',
    ...surfaces.flatMap((surface) => [
      `## ${surface}`,
      '',
      '| point | what | seen by | script | judged by | proven by |',
      '| --- | --- | --- | --- | --- | --- |',
      ...points
        .filter((point) => point.surface === surface)
        .map((point) => {
          const { id, what, seen, script, judged } = point;
          return row(id, what, seenAs[seen], script, judged, proofText(point));
        }),
      '',
    ]),
    '## The test cases, one by one',
    '',
    '| test case | seen by | script | note | proven by |',
    '| --- | --- | --- | --- | --- |',
    ...cases.map((each) => row(each.id, seenAs[each.seen], each.script, each.note, proofText(each))),
    '',
  ].join('\n');
}

function main(args: readonly string[]): number {
  const wrong = args.find((arg) => arg !== '--check');
  if (wrong !== undefined) throw new ToolError(`${wrong} is no option of coverage; see --help`);
  const missing = untrue([...points, ...cases]);
  if (missing.length > 0) {
    process.stderr.write(`${missing.join('\n')}\n`);
    return 1;
  }
  const text = pageText();
  const same = existsSync(page) && readFileSync(page, 'utf8') === text;
  if (args.includes('--check') && !same) {
    process.stderr.write(`${page} is not what the tables say; npm run coverage writes it\n`);
    return 1;
  }
  if (!same) writeFileSync(page, text);
  const told = (rows: readonly (Point | Case)[], what: string) =>
    `${rows.filter(({ proof }) => proof).length} of ${rows.length} ${what} are found, and a test shows that; of ${rows.filter(({ symptom }) => symptom).length} more, which are not seen from outside, a test shows the symptom`;
  process.stdout.write(`${page}:\n${told(points, 'points')}\n${told(cases, 'test cases')}\n`);
  return 0;
}

if (require.main === module) void runCommand(help, main);
