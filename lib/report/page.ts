import type { RunRecord } from '../summary';
import type { Document } from './document';
import { documentOf } from './report';

/** Text safe in HTML, in content and in attributes. */
export function html(text: string): string {
  return text
    .replace(/&/g, '&amp;')
    .replace(/</g, '&lt;')
    .replace(/>/g, '&gt;')
    .replace(/"/g, '&quot;')
    .replace(/'/g, '&#39;');
}

/** JSON that can stand in a script element: no text in it ends the element or begins a comment. */
function inScript(value: unknown): string {
  return JSON.stringify(value)
    .replace(/</g, '\\u003c')
    .replace(/\u2028/g, '\\u2028')
    .replace(/\u2029/g, '\\u2029');
}

/**
 * The report of a run as one HTML page that loads nothing. `template` is the page without content, as
 * report/template.mjs builds it: its script draws the document, which stands in the page as JSON.
 */
export function reportPage(run: RunRecord, template: string): string {
  return documentPage(documentOf(run), template);
}

/** Any document as such a page. */
export function documentPage(document: Document, template: string): string {
  const [before, middle, after] = template.split(/<!--title-->|<!--document-->/);
  if (after === undefined) throw new Error('the template of the report lacks its places for title and document');
  return `${before}${html(document.title)}${middle}${inScript(document)}${after}`;
}
