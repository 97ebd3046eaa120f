import Slugger from 'github-slugger';
import MarkdownIt, { type Token } from 'markdown-it';
import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

/*
 * The pages of documentation, as their test and `npm run docs` see them.
 */

/** What a page of Markdown says, taken apart. */
export interface Page {
  /** From the project's root: docs/measuring.md. */
  path: string;
  text: string;
  /** Targets of links and pictures, as written. */
  links: string[];
  /** What a link to a heading of this page ends in, without the #, as GitHub makes it. */
  anchors: Set<string>;
  /** Pieces of code in the text. */
  codes: string[];
  /** Blocks of code. */
  blocks: string[];
  /** Level and text of each heading. */
  headings: { level: number; text: string }[];
  /** The first paragraph; "" without one. */
  opening: string;
}

const parser = new MarkdownIt();

function plain(tokens: readonly Token[]): string {
  return tokens
    .filter(({ type }) => type === 'text' || type === 'code_inline' || type === 'softbreak')
    .map(({ type, content }) => (type === 'softbreak' ? ' ' : content))
    .join('');
}

/** Takes a page of Markdown apart: its links, anchors, headings, and what it shows as code. */
export function parsePage(path: string, text: string): Page {
  const page: Page = { path, text, links: [], anchors: new Set(), codes: [], blocks: [], headings: [], opening: '' };
  const slugger = new Slugger();
  const tokens = parser.parse(text, {});
  tokens.forEach((token, i) => {
    if (token.type === 'fence' || token.type === 'code_block') page.blocks.push(token.content);
    if (token.type !== 'inline') return;
    const children = token.children ?? [];
    for (const child of children) {
      if (child.type === 'code_inline') page.codes.push(child.content);
      const target = child.attrGet('href') ?? child.attrGet('src');
      if (target !== null) page.links.push(String(target));
    }
    const before = tokens[i - 1];
    if (before?.type === 'heading_open') {
      const heading = plain(children);
      page.headings.push({ level: Number(before.tag.slice(1)), text: heading });
      page.anchors.add(slugger.slug(heading));
    }
    if (before?.type === 'paragraph_open' && page.opening === '') page.opening = plain(children);
  });
  return page;
}

/** Where pages stand: the root, `docs`, and beside what they describe. */
const folders = ['.', 'docs', 'docs/scripts', 'simulator', 'dashboards', 'data', 'xk6-sse'];

/** All pages of the project. */
export function readPages(): Page[] {
  return folders
    .flatMap((folder) => readdirSync(folder).map((file) => join(folder, file)))
    .filter((path) => path.endsWith('.md'))
    .sort()
    .map((path) => parsePage(path, readFileSync(path, 'utf8')));
}

/** A link's target as a path from the project's root, and its anchor; undefined for another site. */
export function resolved(page: Page, link: string): { path: string; anchor: string } | undefined {
  if (/^[a-z]+:/i.test(link)) return undefined;
  const [path = '', anchor = ''] = link.split('#');
  return { path: path === '' ? page.path : join(dirname(page.path), path), anchor };
}
