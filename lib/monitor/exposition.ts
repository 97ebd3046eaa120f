/*
 * The text that a Prometheus page is made of: Prometheus' text format 0.0.4, and of OpenMetrics what it has beyond that
 * (exemplars, `# EOF`). One sample a line:
 *
 *   line   = name [ "{" [ label { "," label } [ "," ] ] "}" ] value [ timestamp ] [ "#" exemplar ]
 *   label  = name "=" '"' text '"'       in the text \\ \" \n are escapes
 *   value  = number | NaN | +Inf | -Inf  in Go's writing
 *
 * Lines that begin with # are comments, HELP and TYPE among them. Names in quotes (Prometheus 3) are passed over.
 */

export interface Sample {
  name: string;
  labels: Record<string, string>;
  /** NaN and infinities too. */
  value: number;
}

const head = /^([A-Za-z_:][A-Za-z0-9_:]*)[ \t]*(\{?)/;
const label = /[ \t]*([A-Za-z_][A-Za-z0-9_]*)[ \t]*=[ \t]*"((?:[^"\\]|\\.)*)"[ \t]*(,|(?=\}))/y;
const tail = /^[ \t]+(\S+)([ \t]+-?\d+(\.\d+)?([eE][+-]?\d+)?)?[ \t]*(#.*)?$/;

/**
 * The samples of a page whose names are wanted, in their order; the other lines, most of a page, are not looked into. A
 * line that is none of the format counts as `malformed` and is passed over.
 */
export function parsePage(text: string, wanted: ReadonlySet<string>): { samples: Sample[]; malformed: number } {
  const samples: Sample[] = [];
  let malformed = 0;
  for (const raw of text.split('\n')) {
    const line = raw.endsWith('\r') ? raw.slice(0, -1) : raw;
    if (line === '' || line.startsWith('#')) continue;
    const [begin, name, brace] = head.exec(line) ?? [];
    if (begin === undefined) {
      if (line.trim() !== '' && !line.startsWith('{')) malformed++;
      continue;
    }
    if (!wanted.has(name!)) continue;
    const sample = parseRest(line, begin.length, brace === '{');
    if (sample) samples.push({ name: name!, ...sample });
    else malformed++;
  }
  return { samples, malformed };
}

function parseRest(line: string, from: number, labelled: boolean): Omit<Sample, 'name'> | undefined {
  const labels: Record<string, string> = {};
  let at = from;
  if (labelled) {
    label.lastIndex = at;
    for (let found = label.exec(line); found; found = label.exec(line)) {
      labels[found[1]!] = found[2]!.replace(/\\(.)/g, (_, escaped: string) => (escaped === 'n' ? '\n' : escaped));
      at = label.lastIndex;
    }
    while (line[at] === ' ') at++;
    if (line[at] !== '}') return undefined;
    at++;
  }
  // Without labels the head has taken the blank before the value.
  const [, text] = tail.exec(` ${line.slice(at)}`) ?? [];
  const value = text === undefined ? undefined : number(text);
  return value === undefined ? undefined : { labels, value };
}

function number(text: string): number | undefined {
  const infinite = /^([+-]?)Inf(inity)?$/i.exec(text);
  if (infinite) return infinite[1] === '-' ? -Infinity : Infinity;
  if (/^[+-]?NaN$/i.test(text)) return NaN;
  const value = /^[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?$/.test(text) ? Number(text) : NaN;
  return Number.isNaN(value) ? undefined : value;
}
