/**
 * Rows of cells as text, two spaces between columns. The first column is aligned left, the others right (figures), or
 * with `words` all of them left. Every row has as many cells as the first.
 */
export function columns(rows: readonly (readonly string[])[], words = false): string {
  const width = rows[0]!.map((_, i) => Math.max(...rows.map((row) => row[i]!.length)));
  const cell = (text: string, i: number) => (i === 0 || words ? text.padEnd(width[i]!) : text.padStart(width[i]!));
  return rows.map((row) => row.map(cell).join('  ').trimEnd()).join('\n');
}
