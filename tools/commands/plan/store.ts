import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { documentPage } from '../../../lib/report';
import { printable } from '../../programs/printable';
import { ToolError } from '../../programs/process';
import { template } from '../report/formats';
import { documentOf } from './page';
import { openEntry, type PlanEntry, type PlanRecord } from './record';

/*
 * Where a plan is kept: results/plan-<time>/ with plan.json, report.html, and a folder of runs for each script.
 */

export type Setting = Pick<PlanRecord, 'target' | 'scale' | 'time' | 'only' | 'parameters'>;

const same = (a: Setting, b: Setting) =>
  (['target', 'scale', 'time', 'only', 'parameters'] as const).every(
    (name) => JSON.stringify(a[name]) === JSON.stringify(b[name]),
  );

/**
 * The newest plan with this setting that has not ended; undefined when there is none. With `retry` one that has ended too,
 * and its scripts that say nothing about the target are open again.
 */
export function unfinished(
  out: string,
  setting: Setting,
  retry = false,
): { folder: string; record: PlanRecord } | undefined {
  if (!existsSync(out)) return undefined;
  const folders = readdirSync(out).filter((name) => /^plan-\d{8}T\d{6}/.test(name));
  for (const name of folders.sort().reverse()) {
    const folder = join(out, name);
    const record = read(join(folder, 'plan.json'));
    if (!record || !same(record, setting)) continue;
    if (retry) return { folder, record: reopened(record) };
    if (record.ended_at === null) return { folder, record };
  }
  return undefined;
}

/** The record with the scripts open again whose runs say nothing. */
export function reopened(
  record: PlanRecord,
  saysNothing: (entry: PlanEntry) => boolean = ({ verdict }) => verdict === 'INVALID',
): PlanRecord {
  const scripts = record.scripts.map((entry) =>
    saysNothing(entry) ? { ...openEntry(entry.script), load_s: entry.load_s } : entry,
  );
  return { ...record, ended_at: null, scripts };
}

/** A plan.json; undefined where there is none that can be read, as after a full disk: a new plan is begun then. */
function read(file: string): PlanRecord | undefined {
  try {
    const record = printable(JSON.parse(readFileSync(file, 'utf8'))) as PlanRecord;
    return record.schema === 1 && Array.isArray(record.scripts) ? record : undefined;
  } catch {
    return undefined;
  }
}

/** Makes the folder of a new plan. Throws {@link ToolError}. */
export function newFolder(out: string, id: string): string {
  const folder = join(out, id);
  try {
    mkdirSync(folder, { recursive: true });
  } catch (error) {
    throw new ToolError(
      `${folder} cannot be made: ${(error as NodeJS.ErrnoException).code}. --out names another place`,
    );
  }
  return folder;
}

/** Writes plan.json and report.html. What is there stays whole until the new one is. */
export function keep(folder: string, record: PlanRecord): void {
  const files = {
    'plan.json': `${JSON.stringify(record, null, 2)}\n`,
    'report.html': documentPage(documentOf(record), template()),
  };
  for (const [name, content] of Object.entries(files)) {
    const path = join(folder, name);
    try {
      writeFileSync(`${path}.new`, content);
      renameSync(`${path}.new`, path);
    } catch (error) {
      throw new ToolError(`${path} cannot be written: ${(error as NodeJS.ErrnoException).code}`);
    }
  }
}
