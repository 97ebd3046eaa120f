import { parameterTable } from './table';

/*
 * Names that were given and are no parameter. A misspelt one would be no parameter at all: the run would send the whole
 * plan's load although its user asked for a tenth.
 */

/** Names that a run reads and that the table does not have: npm run merge gives it. */
const alsoRead = ['MERGE'];
/** A parameter's name of this length may be misspelt by two letters, a shorter one by one. */
const longName = 8;
/** What is in the environment of every shell is told only where it is one letter from a name at least so long. */
const tellingName = 7;

export interface GivenNames {
  /** Close to a parameter's name: the name and the parameter that was meant. */
  misspelt: [name: string, meant: string][];
  /** In capitals, as parameters are, and close to none. */
  unknown: string[];
  /** In the environment of k6 and close to a parameter's name: it may have another reader. */
  doubtful: [name: string, meant: string][];
}

/**
 * Sorts the names of `env` that are no parameter. `fromSystem` says which of them were in the environment of k6 before
 * anything was given by `-e`. Names that begin with K6_ are k6's own.
 */
export function givenNames(
  env: Readonly<Record<string, string | undefined>>,
  fromSystem: (name: string, value: string) => boolean,
  ofTarget: readonly string[] = [],
): GivenNames {
  const known = [...parameterTable.map(({ name }) => name), ...alsoRead, ...ofTarget];
  const given: GivenNames = { misspelt: [], unknown: [], doubtful: [] };
  for (const [name, value = ''] of Object.entries(env)) {
    if (known.includes(name)) continue;
    const system = fromSystem(name, value);
    if (name.startsWith('K6_')) {
      if (!system) given.unknown.push(name);
      continue;
    }
    const meant = nearest(name, known);
    if (!system && meant) given.misspelt.push([name, meant]);
    else if (!system && /^[A-Z][A-Z0-9_]*$/.test(name)) given.unknown.push(name);
    else if (system && meant && meant.length >= tellingName && editDistance(name, meant) === 1)
      given.doubtful.push([name, meant]);
  }
  return given;
}

/** The parameter that a name is a misspelling of, small letters for capitals too; undefined when it is of none. */
function nearest(name: string, known: readonly string[]): string | undefined {
  const upper = name.toUpperCase();
  const letters = (meant: string) => (meant.length >= longName ? 2 : 1);
  const distances = known
    .filter((meant) => within(upper, meant, letters(meant))) // of nearly all names the first letters tell
    .map((meant) => ({ meant, distance: editDistance(upper, meant) }))
    .filter(({ meant, distance }) => distance <= letters(meant));
  return distances.sort((a, b) => a.distance - b.distance)[0]?.meant;
}

/**
 * Whether {@link editDistance} is at most `most`. Letters that are alike at the beginning are left alone by a shortest way;
 * at the first that is not, each of the four changes is tried.
 */
export function within(one: string, other: string, most: number, i = 0, j = 0): boolean {
  while (i < one.length && j < other.length && one.charCodeAt(i) === other.charCodeAt(j)) {
    i++;
    j++;
  }
  const left = [one.length - i, other.length - j];
  if (left[0] === 0 && left[1] === 0) return true;
  if (most === 0 || Math.abs(left[0]! - left[1]!) > most) return false;
  const swapped = one[i] === other[j + 1] && one[i + 1] === other[j] && i + 1 < one.length && j + 1 < other.length;
  return (
    (left[0]! > 0 && left[1]! > 0 && within(one, other, most - 1, i + 1, j + 1)) ||
    (left[0]! > 0 && within(one, other, most - 1, i + 1, j)) ||
    (left[1]! > 0 && within(one, other, most - 1, i, j + 1)) ||
    (swapped && within(one, other, most - 1, i + 2, j + 2))
  );
}

/**
 * Letters to insert, leave out, replace, or swap with their neighbour, until one text is the other: the optimal string
 * alignment distance (Boytsov, Indexing methods for approximate dictionary searching, ACM JEA 16, 2011).
 */
export function editDistance(one: string, other: string): number {
  const rows: number[][] = [Array.from({ length: other.length + 1 }, (_, j) => j)];
  for (let i = 1; i <= one.length; i++) {
    const row = [i];
    for (let j = 1; j <= other.length; j++) {
      const same = one[i - 1] === other[j - 1] ? 0 : 1;
      let least = Math.min(rows[i - 1]![j]! + 1, row[j - 1]! + 1, rows[i - 1]![j - 1]! + same);
      if (i > 1 && j > 1 && one[i - 1] === other[j - 2] && one[i - 2] === other[j - 1])
        least = Math.min(least, rows[i - 2]![j - 2]! + 1);
      row.push(least);
    }
    rows.push(row);
  }
  return rows[one.length]![other.length]!;
}
