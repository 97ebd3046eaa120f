import { broken } from './columns';

/** What the summary is written for. */
export interface Screen {
  /** Characters of a line. */
  columns: number;
  /** It is a terminal: long lines are broken there, and links lead to files. */
  terminal: boolean;
  colour: boolean;
}

/** A file or a pipe: tables have 120 columns, and lines are as long as their sentences. */
export const file: Screen = { columns: 120, terminal: false, colour: false };

const colours = { good: '32', bad: '31', doubt: '33', strong: '1', dim: '2' } as const;

/** Text in a colour of the terminal, where the screen has colours. Never the only sign of what it says. */
export function paint({ colour }: Screen, name: keyof typeof colours, text: string): string {
  return colour ? `\u001b[${colours[name]}m${text}\u001b[0m` : text;
}

const labelWidth = 12;

/** A line of the summary under its label: `  note        text`; on a terminal broken under itself. */
export function labelled({ columns, terminal }: Screen, label: string, text: string): string[] {
  const indent = '  ' + ' '.repeat(labelWidth);
  const lines = terminal ? broken(text, Math.max(40, columns - indent.length)) : [text];
  return lines.map((line, i) => (i === 0 ? `  ${label.padEnd(labelWidth)}${line}` : indent + line));
}

/** A line that stands as it is; on a terminal broken under its own indent. */
export function wrapped({ columns, terminal }: Screen, line: string): string[] {
  if (!terminal || line.length <= columns) return [line];
  const indent = /^ {14}/.test(line) || /^ {2}\S[\w ]{0,10} {2}/.test(line) ? 14 : /^ */.exec(line)![0].length;
  const lead = line.slice(0, indent);
  return broken(line.slice(indent), Math.max(40, columns - indent)).map((part, i) =>
    i === 0 ? lead + part : ' '.repeat(indent) + part,
  );
}
