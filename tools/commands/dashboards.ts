import { chmodSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { globSync } from 'tinyglobby';
import { dashboardOf } from '../../dashboards/dashboard';
import { editions } from '../../dashboards/editions';
import { pages } from '../../dashboards/pages';
import { runCommand } from '../programs/command';
import { ToolError } from '../programs/process';

const help = `npm run dashboards

Writes dashboards/json/*.json, which Grafana loads, from dashboards/*.ts: those for InfluxDB, and in the folder
prometheus the same for Prometheus.`;

export const dashboardsFolder = 'dashboards/json';

/** Path within the folder -> content, as they should be. */
export function dashboardFiles(): Map<string, string> {
  return new Map(
    editions.flatMap((edition) =>
      pages.map((page): [string, string] => [
        join(edition.folder, `${page.name}.json`),
        `${JSON.stringify(dashboardOf(page, edition), null, 2)}\n`,
      ]),
    ),
  );
}

/** The dashboards that lie in the folder. */
export const dashboardsThere = (): string[] => globSync('**/*.json', { cwd: dashboardsFolder });

function main(args: readonly string[]): number {
  if (args.length > 0) throw new ToolError(`${args[0]} is no option of dashboards; see --help`);
  const files = dashboardFiles();
  const there = new Set(dashboardsThere());
  for (const name of there) if (!files.has(name)) rmSync(join(dashboardsFolder, name));
  const changed = [...files].filter(
    ([name, text]) => !there.has(name) || readFileSync(join(dashboardsFolder, name), 'utf8') !== text,
  );
  for (const [name, text] of changed) {
    const path = join(dashboardsFolder, name);
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, text);
    // Grafana reads them in a container, as a user of its own.
    chmodSync(dirname(path), 0o755);
    chmodSync(path, 0o644);
  }
  process.stdout.write(`${dashboardsFolder}: ${files.size} dashboards, ${changed.length} written\n`);
  return 0;
}

if (require.main === module) void runCommand(help, main);
