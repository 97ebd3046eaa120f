import { flag, oneOf, shape } from '../../settings/check';
import type { Family } from './family';

const VECTORS = ['right', 'wrong_length', 'nan', 'unstable', 'swapped'] as const;

/** What the gateway does to batches of texts and to vectors. */
export interface VectorFlaws {
  /** A batch becomes a call for each text, one after the other or all at once. */
  readonly embedding_split: { readonly on: boolean; readonly parallel: boolean };
  /**
   * What is wrong with the vectors of an answer. wrong_length: the last one lacks its last number. nan: the first number
   * of the first is NaN. unstable: the first number of each differs from answer to answer. swapped: the first two of a
   * batch stand in each other's place.
   */
  readonly vector: (typeof VECTORS)[number];
}

export const vectors: Family<VectorFlaws> = {
  embedding_split: { off: { on: false, parallel: false }, check: shape({ on: flag, parallel: flag }) },
  vector: { off: 'right', check: oneOf(VECTORS) },
};

/** The places of an answer's vectors in its JSON: from the first digit to behind the last. */
function places(data: string): [number, number][] {
  const found: [number, number][] = [];
  const mark = '"embedding":[';
  for (let at = data.indexOf(mark); at >= 0; ) {
    const from = at + mark.length;
    const to = data.indexOf(']', from);
    found.push([from, to]);
    at = data.indexOf(mark, to);
  }
  return found;
}

/** The list of an answer with what is wrong with it, as JSON. */
export function spoilt(data: string, vector: VectorFlaws['vector']): string {
  if (vector === 'right') return data;
  const all = places(data);
  const first = all[0];
  if (first === undefined) return data;
  const put = ([from, to]: readonly [number, number], text: string) => data.slice(0, from) + text + data.slice(to);
  const numbers = ([from, to]: readonly [number, number]) => data.slice(from, to);
  switch (vector) {
    case 'wrong_length': {
      const last = all[all.length - 1] as [number, number];
      return put(last, numbers(last).replace(/,[^,]*$/, ''));
    }
    case 'nan':
      return put(first, numbers(first).replace(/^[^,]*/, 'NaN'));
    case 'unstable':
      return data.replaceAll(/"embedding":\[[^,]*/g, () => `"embedding":[${(Math.random() - 0.5).toFixed(7)}`);
    case 'swapped': {
      const second = all[1];
      if (second === undefined) return data;
      return put([first[0], second[1]], numbers(second) + data.slice(first[1], second[0]) + numbers(first));
    }
  }
}

/** The lists of several answers of one text each as that of one answer. */
export function joined(lists: readonly string[]): string {
  const items = lists.map((list, index) => list.slice(1, -1).replace(/"index":\d+\}$/, `"index":${index}}`));
  return `[${items.join(',')}]`;
}
