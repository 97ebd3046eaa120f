import { chmodSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { dashboardOf } from '../../dashboards/dashboard';
import { pages } from '../../dashboards/pages';
import { runCommand } from '../programs/command';
import { ToolError } from '../programs/process';

const help = `npm run dashboards

Writes dashboards/json/*.json, which Grafana loads, from dashboards/*.ts.`;

export const dashboardsFolder = 'dashboards/json';

/** File name -> content, as they should be. */
export function dashboardFiles(): Map<string, string> {
  return new Map(pages.map((page) => [`${page.name}.json`, `${JSON.stringify(dashboardOf(page), null, 2)}\n`]));
}

function main(args: readonly string[]): number {
  if (args.length > 0) throw new ToolError(`${args[0]} is no option of dashboards; see --help`);
  mkdirSync(dashboardsFolder, { recursive: true });
  const files = dashboardFiles();
  const there = new Set(readdirSync(dashboardsFolder));
  for (const name of there) if (!files.has(name)) rmSync(join(dashboardsFolder, name));
  const changed = [...files].filter(
    ([name, text]) => !there.has(name) || readFileSync(join(dashboardsFolder, name), 'utf8') !== text,
  );
  for (const [name, text] of changed) {
    writeFileSync(join(dashboardsFolder, name), text);
    chmodSync(join(dashboardsFolder, name), 0o644); // Grafana reads it in a container, as a user of its own
  }
  process.stdout.write(`${dashboardsFolder}: ${files.size} dashboards, ${changed.length} written\n`);
  return 0;
}

if (require.main === module) void runCommand(help, main);
