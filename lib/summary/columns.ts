/** A column of a table on the terminal. */
export interface Column {
  head: string;
  /** Numbers stand at the right. */
  right?: boolean;
  /** Where there is no room, the column with the highest rank goes first; one without a rank never goes. */
  rank?: number;
  cells: string[];
}

/** Lines of a table, and how many of its columns had no room. */
export interface Fitted {
  lines: string[];
  left_out: number;
}

const gap = '  ';
const widthOf = ({ head, cells }: Column) => Math.max(head.length, ...cells.map((cell) => cell.length));
const total = (columns: readonly Column[]) => columns.reduce((sum, column) => sum + gap.length + widthOf(column), 0);

/** A table that is no wider than `width`: columns go by rank, and then the widest text is broken into lines. */
export function fitted(all: readonly Column[], width: number): Fitted {
  let columns = [...all];
  while (total(columns) > width) {
    const last = Math.max(...columns.map(({ rank = 0 }) => rank));
    if (last <= 0) break;
    columns = columns.filter(({ rank = 0 }) => rank !== last);
  }
  const widths = columns.map(widthOf);
  const over = total(columns) - width;
  if (over > 0) {
    const texts = columns.flatMap(({ right }, i) => (right ? [] : [i]));
    const widest = texts.reduce((a, b) => (widths[b]! > widths[a]! ? b : a), texts[0] ?? 0);
    widths[widest] = Math.max(12, widths[widest]! - over);
  }
  const pad = (text: string, i: number) => (columns[i]!.right ? text.padStart(widths[i]!) : text.padEnd(widths[i]!));
  const line = (cells: readonly string[]) => gap + cells.map(pad).join(gap).trimEnd();
  const rows = (columns[0]?.cells ?? []).flatMap((_, row) => {
    const parts = columns.map(({ cells }, i) => broken(cells[row]!, widths[i]!));
    const high = Math.max(...parts.map((part) => part.length));
    return Array.from({ length: high }, (__, i) => line(parts.map((part) => part[i] ?? '')));
  });
  const rule = gap + widths.map((n) => '-'.repeat(n)).join(gap);
  return { lines: [line(columns.map(({ head }) => head)), rule, ...rows], left_out: all.length - columns.length };
}

/** A text in lines of at most `width` characters, broken between words where that can be. */
export function broken(text: string, width: number): string[] {
  const lines: string[] = [];
  let rest = text;
  while (rest.length > width) {
    const at = rest.lastIndexOf(' ', width);
    const cut = at > width / 3 ? at : width;
    lines.push(rest.slice(0, cut).trimEnd());
    rest = rest.slice(cut).trimStart();
  }
  return [...lines, rest];
}
