import { writeFileSync } from 'node:fs';
import { runCommand } from '../../programs/command';
import { ToolError } from '../../programs/process';
import { readPages } from './page';
import { withTables } from './tables';

const help = `npm run docs

Writes the tables of the documentation that are made from the project's own: parameters, metrics, the scripts and what they judge.
A test says when they are not up to date.`;

function main(args: readonly string[]): number {
  if (args.length > 0) throw new ToolError(`${args[0]} is no option of docs; see --help`);
  const pages = readPages();
  const changed = pages.flatMap((page) => {
    const text = withTables(page, pages);
    return text === page.text ? [] : [{ path: page.path, text }];
  });
  for (const { path, text } of changed) writeFileSync(path, text);
  const written = changed.length === 0 ? 'all up to date' : `written: ${changed.map(({ path }) => path).join(', ')}`;
  process.stdout.write(`docs: ${pages.length} pages, ${written}\n`);
  return 0;
}

void runCommand(help, main);
