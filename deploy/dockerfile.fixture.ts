/** One instruction of a Dockerfile, with its flags (`--from=go` is `{ from: 'go' }`) apart from its words. */
export interface Instruction {
  name: string;
  flags: Readonly<Record<string, string>>;
  words: readonly string[];
}

export interface Stage {
  name: string;
  /** An image, or the name of an earlier stage. */
  from: string;
  instructions: readonly Instruction[];
}

/**
 * Reads a Dockerfile into its stages. Knows what ours uses: continued lines, comments, flags; no here-documents, no
 * quoted words outside the JSON form.
 */
export function parseDockerfile(text: string): Stage[] {
  const lines = text
    .split('\n')
    .filter((line) => !/^\s*#/.test(line))
    .join('\n')
    .replaceAll(/\\\n/g, ' ')
    .split('\n')
    .filter((line) => line.trim() !== '');
  const stages: { name: string; from: string; instructions: Instruction[] }[] = [];
  for (const line of lines) {
    const { name, flags, words } = parseLine(line);
    if (name === 'FROM') {
      const [from, as, stage] = words;
      stages.push({ name: as?.toUpperCase() === 'AS' ? stage! : String(stages.length), from: from!, instructions: [] });
    } else {
      const stage = stages.at(-1);
      if (!stage) throw new Error(`a Dockerfile begins with FROM, not with ${line}`);
      stage.instructions.push({ name, flags, words });
    }
  }
  return stages;
}

function parseLine(line: string): Instruction {
  const [name, ...rest] = line.trim().split(/\s+/);
  const flags: Record<string, string> = {};
  while (rest[0]?.startsWith('--')) {
    const [flag, value = ''] = rest.shift()!.slice(2).split('=');
    flags[flag!] = value;
  }
  const text = rest.join(' ');
  const words = text.startsWith('[') ? (JSON.parse(text) as string[]) : rest;
  return { name: name!.toUpperCase(), flags, words };
}
