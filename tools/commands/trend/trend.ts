import { readdirSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { runCommand } from '../../programs/command';
import { ToolError } from '../../programs/process';
import { shareOf, terminal, wrongArguments, type Said } from '../compare/compare';
import { defaults, labelOf, type ReadRun } from '../compare/judge';
import { readRecord } from '../shared/record';
import type { History } from './history';
import { page } from './page';
import { history } from './series';
import { text } from './text';

const help = `npm run trend -- results/ [more folders of runs]

Shows each objective and main figure over many runs, and in which run its level changed for good. Runs of one script are held
against each other when load, parameters and machine are the same. Writes trend.html into the first folder: one page that needs
nothing else. A file that is damaged, or whose instrument was in doubt, is left out and named.

  --figure text            figures whose name holds this text, details too (as in --figure "TTFT p95")
  --script name            runs of this script only
  --since 2026-11-01       runs that began on this day or later
  --threshold 5%           smaller changes are told as none; --threshold-share 1% for shares of requests
  --format text|json       table, or JSON (tools/commands/trend/trend.schema.json)
  --page file              where the page is written; "none" writes none

A change needs 12 runs to be told at all. Exit code: 0 no figure's newest level is worse than the one before, 99 one is, 110 no
figure has enough runs, 104 wrong arguments.`;

interface Options {
  folders: string[];
  figure?: string;
  script?: string;
  since?: string;
  thresholds: Pick<History, 'threshold' | 'threshold_share'>;
  format: 'text' | 'json';
  page: string;
}

function options(args: readonly string[]): Options {
  const word = { type: 'string' } as const;
  let given: ReturnType<typeof parse>;
  function parse() {
    return parseArgs({
      args: [...args],
      allowPositionals: true,
      options: {
        figure: word,
        script: word,
        since: word,
        threshold: word,
        'threshold-share': word,
        format: word,
        page: word,
      },
    });
  }
  try {
    given = parse();
  } catch (error) {
    throw new ToolError(`${(error as Error).message}; see --help`);
  }
  const { values, positionals } = given;
  if (positionals.length === 0) throw new ToolError('no folder of runs is given, such as results/; see --help');
  const format = values.format ?? 'text';
  if (format !== 'text' && format !== 'json')
    throw new ToolError(`--format is "${format}", but must be one of text, json`);
  if (values.since !== undefined && !/^\d{4}-\d{2}-\d{2}$/.test(values.since))
    throw new ToolError(`--since is "${values.since}", but must be a day such as 2026-11-01`);
  return {
    folders: positionals,
    figure: values.figure,
    script: values.script,
    since: values.since,
    thresholds: {
      threshold: shareOf('threshold', values.threshold, defaults.threshold),
      threshold_share: shareOf('threshold-share', values['threshold-share'], defaults.threshold_share),
    },
    format,
    page: values.page ?? join(positionals[0]!, 'trend.html'),
  };
}

/** All runs under the folders; what cannot be read is left out with its reason. */
function readAll(folders: readonly string[]): { runs: ReadRun[]; leftOut: History['left_out'] } {
  const runs = new Map<string, ReadRun>();
  const leftOut: History['left_out'] = [];
  for (const folder of folders) {
    if (!statSync(folder, { throwIfNoEntry: false })?.isDirectory())
      throw new ToolError(`${folder} is no folder; give one that holds runs, such as results/`);
    const files = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((file) =>
      /(^|[\\/])run\.json$/.test(file),
    );
    for (const file of files.sort()) {
      try {
        const run = readRecord(join(folder, file));
        runs.set(run.record.run_id, run);
      } catch (error) {
        if (!(error instanceof ToolError)) throw error;
        const path = join(folder, file);
        leftOut.push({ file: path, why: error.message.replace(`${path} `, 'it ') });
      }
    }
  }
  return { runs: [...runs.values()], leftOut };
}

function exitCode({ series }: History): number {
  if (series.some(({ changes }) => changes.at(-1)?.verdict === 'worse')) return 99;
  return series.some(({ lacking }) => lacking === 0) ? 0 : 110;
}

/** Runs the command; returns its exit code: 0, 99, 110 or 104 (wrong arguments). */
export function main(args: readonly string[], say: Said = terminal): number {
  try {
    const { folders, figure, script, since, thresholds, format, page: to } = options(args);
    const { runs, leftOut } = readAll(folders);
    const chosen = runs.filter(
      ({ record }) =>
        (script === undefined || record.script === script) && (since === undefined || record.started_at >= since),
    );
    const wanted = (each: Parameters<typeof labelOf>[0]) =>
      figure === undefined ? each.role !== 'detail' : `${each.name} ${labelOf(each)}`.includes(figure);
    const found = history(chosen, leftOut, thresholds, wanted);
    if (figure !== undefined && found.series.length === 0)
      throw new ToolError(`no figure of these runs has "${figure}" in its name; without --figure all are listed`);
    say.out(format === 'json' ? `${JSON.stringify(found, null, 1)}\n` : text(found));
    if (to !== 'none') {
      writeFileSync(to, page(found));
      if (format === 'text') say.out(`  ${to}\n\n`);
    }
    return exitCode(found);
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code;
    if (!(error instanceof ToolError) && code === undefined) throw error;
    say.err(`${(error as Error).message}\n`);
    return wrongArguments;
  }
}

if (require.main === module) void runCommand(help, (args) => main(args), true);
