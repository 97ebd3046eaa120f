import { statSync } from 'node:fs';
import { globSync } from 'tinyglobby';
import { ToolError } from '../../programs/process';
import { readRecord } from '../shared/record';
import { exactOf } from './exact';
import type { ReadRun } from './judge';

/**
 * The runs that a side names: folders, run.json files or patterns of them, with commas between. Throws {@link ToolError}
 * for what cannot be found or read.
 */
export function readSide(words: readonly string[], side: 'base' | 'new'): ReadRun[] {
  const paths = words.flatMap((word) => word.split(',')).filter((word) => word !== '');
  if (paths.length === 0) throw new ToolError(`no run is given for the ${side} side; see --help`);
  const found = paths.flatMap((path) => matching(path, side));
  const runs = found.map((path): ReadRun => {
    const read = readRecord(path);
    return { ...read, exact: exactOf(read.file, read.record) };
  });
  const ids = new Set<string>();
  for (const { file, record } of runs) {
    if (ids.has(record.run_id)) throw new ToolError(`the ${side} side has the run ${record.run_id} twice (${file})`);
    ids.add(record.run_id);
  }
  return runs;
}

function matching(path: string, side: string): string[] {
  if (statSync(path, { throwIfNoEntry: false }) || !/[*?[{]/.test(path)) return [path];
  // A run is its folder; a pattern that ends in run.json names the files.
  const found = globSync(path, { onlyFiles: false, expandDirectories: false, dot: false }).sort();
  const runs = found.filter(
    (each) => /\.json$/.test(each) || statSync(`${each.replace(/\/$/, '')}/run.json`, { throwIfNoEntry: false }),
  );
  if (runs.length === 0) throw new ToolError(`${path} matches no folder with a run.json (the ${side} side)`);
  return runs;
}
