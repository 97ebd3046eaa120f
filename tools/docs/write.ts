import { writeFileSync } from 'node:fs';
import { readPages } from './page';
import { withTables } from './tables';

/*
 * npm run docs: writes the tables of the documentation that are made from the project's own tables.
 */

const pages = readPages();
const changed = pages
  .map((page) => ({ page, text: withTables(page, pages) }))
  .filter(({ page, text }) => text !== page.text);
for (const { page, text } of changed) writeFileSync(page.path, text);
process.stdout.write(
  `docs: ${pages.length} pages, ${changed.length === 0 ? 'all up to date' : `written: ${changed.map(({ page }) => page.path).join(', ')}`}\n`,
);
