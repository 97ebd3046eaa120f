import { counted, growthLaw, growthWords, lawAt, stepText, type Point } from '../growth-law';
import type { Finding } from '../measurements';
import { caseDifference, type CaseDifference, type Reading } from '../pairs';
import { ascending, intervalOf, medianOf, quantileOf, sumOf } from '../statistics';
import type { RequestNote } from '../truth';
import { findings, type Observed } from './observed';
import { differs, one } from './words';

/*
 * What a gateway does before it asks a provider, told apart from outside: requests that are refused at one stage after
 * another, in random rounds. What one takes longer than the one before it is the stage between the two.
 */

/** Bodies that are wrong in the same way, by their size in KB. */
export const bodySizes = { 'body-1k': 1, 'body-16k': 16, 'body-64k': 64, 'body-256k': 256, 'body-1m': 1024 } as const;

/** Stages: what is held against what. */
const stages: readonly [stage: string, one: string, against: string][] = [
  ['look-up of the key', 'wrong-key', 'wrong-path'],
  ['parsing and validation of a small body', 'body-1k', 'wrong-key'],
  ['look-up of the model', 'unknown-model', 'wrong-key'],
  ['list of the models', 'list', 'wrong-key'],
];

/** Everything that the script `pipeline` finds. */
export const pipelineFindings = findings(
  ['stages', 'every-request', 'key-look-up', 'refusals', 'before-the-provider', 'body-growth', 'list-changes'],
  ({ requests }: Observed) => {
    const good = requests.filter(({ outcome, detail }) => outcome === 'ok' && detail !== undefined);
    if (good.length === 0) return [];
    const cases = new Set(requests.map(({ detail }) => detail?.size)).size;
    const roundOf = ({ index }: RequestNote) => Math.floor(index / cases);
    const readings = good.map((note): Reading => ({ round: roundOf(note), case: note.detail!.size, value: note.e2e }));
    return [
      ...table(readings),
      ...median(
        readings,
        'every-request',
        'wrong-path',
        (ms) => `every request, also one that is refused, costs ${ms} ms before anything is looked at`,
      ),
      ...keyLookUp(caseDifference(readings, 'wrong-key', 'wrong-path')),
      ...refusals(caseDifference(readings, 'wrong-key', 'list')),
      ...median(
        readings,
        'before-the-provider',
        'body-1k',
        (ms) => `all that comes before the provider, with a body of 1 KB, takes ${ms} ms`,
      ),
      ...bodies(readings),
      ...listChanges(good),
    ];
  },
);

const range = ([low, high]: readonly [number, number]) => `[${one(low)}, ${one(high)}]`;

/**
 * What a refusal costs beyond a good answer: a wrong key is refused before a list is made, so it should be no slower than
 * the list.
 */
function refusals(found: CaseDifference | undefined): Finding[] {
  if (!found) return [];
  const { value, interval, n, medians } = found;
  return [
    {
      id: 'refusals',
      value,
      unit: 'ms',
      n,
      interval: [...interval],
      text:
        interval[0] > 1
          ? `a refusal takes ${one(medians[0])} ms, a good answer that needs no provider ${one(medians[1])} ms: making the error costs ${one(value)} ms ${range(interval)}`
          : `a refusal is not slower than a good answer that needs no provider: ${one(value)} ms ${range(interval)}`,
    },
  ];
}

function table(readings: readonly Reading[]): Finding[] {
  const first = valuesOf(readings, 'wrong-path');
  const rows = stages.flatMap(([stage, case_, against]) => {
    const found = caseDifference(readings, case_, against);
    return found
      ? [[stage, `${case_} less ${against}`, `${one(found.value)} ms`, range(found.interval), String(found.n)]]
      : [];
  });
  if (first.length === 0 || rows.length === 0) return [];
  const routing = [
    'routing and middleware',
    'wrong-path',
    `${one(medianOf(first)!)} ms`,
    range(intervalOf(first, 0.5)!),
    String(first.length),
  ];
  return [
    {
      id: 'stages',
      value: rows.length + 1,
      unit: 'stages',
      n: readings.length,
      text: 'what the gateway does before it asks a provider, by requests that are refused on the way (median differences within rounds):',
      table: { head: ['stage', 'how it is seen', 'time', '95 %', 'rounds'], rows: [routing, ...rows] },
    },
  ];
}

const valuesOf = (readings: readonly Reading[], name: string) =>
  ascending(readings.filter((each) => each.case === name).map(({ value }) => value));

function median(
  readings: readonly Reading[],
  id: 'every-request' | 'before-the-provider',
  name: string,
  say: (ms: string) => string,
): Finding[] {
  const values = valuesOf(readings, name);
  const value = quantileOf(values, 0.5);
  if (value === undefined) return [];
  const interval = intervalOf(values, 0.5)!;
  return [
    {
      id,
      value,
      unit: 'ms',
      n: values.length,
      interval,
      text: `${say(one(value))} (median ${range(interval)}, p95 ${one(quantileOf(values, 0.95)!)})`,
    },
  ];
}

function keyLookUp(found: CaseDifference | undefined): Finding[] {
  if (!found) return [];
  const { value, interval, n } = found;
  const text =
    interval[0] > 0.5
      ? `the look-up of a key takes ${one(value)} ms ${range(interval)}: a refused key is answered so much later than a wrong path; a session of the database is in it`
      : `the look-up of a key does not show: a refused key is answered ${differs(found, 'later', 'earlier')} than a wrong path`;
  return [{ id: 'key-look-up', value, unit: 'ms', n, interval, text }];
}

interface ModelList {
  sent: number;
  list: number;
  /** Which key it was asked for with: a key may have models of its own. */
  key: number;
}

/** What lists of one key, in the order in which they were sent, say of a change: how many came after the first new one. */
function changesOf(lists: readonly ModelList[]) {
  const newest = lists[lists.length - 1]!.list;
  const begun = lists.find(({ list }) => list === newest)!;
  const after = lists.filter(({ sent }) => sent > begun.sent);
  const old = after.filter(({ list }) => list !== newest);
  const seconds = old.length > 0 ? (old[old.length - 1]!.sent - begun.sent) / 1000 : 0;
  return { changed: lists[0]!.list !== newest || old.length > 0, after: after.length, old: old.length, seconds };
}

/** Whether all were told the same models, when what there is changed while the load went on. */
function listChanges(good: readonly RequestNote[]): Finding[] {
  const lists = good
    .flatMap(({ sent, detail }): ModelList[] =>
      detail?.list === undefined ? [] : [{ sent, list: detail.list, key: detail.key }],
    )
    .sort((a, b) => a.sent - b.sent);
  if (lists.length === 0) return [];
  const keys = [...new Set(lists.map(({ key }) => key))];
  const each = keys.map((key) => changesOf(lists.filter((one) => one.key === key)));
  const changed = each.filter((of) => of.changed);
  const [after, old] = [sumOf(changed.map((of) => of.after)), sumOf(changed.map((of) => of.old))];
  const value = Math.max(...each.map(({ seconds }) => seconds));
  return [
    {
      id: 'list-changes',
      value,
      unit: 's',
      n: lists.length,
      text:
        changed.length === 0
          ? keys.length === 1
            ? `all ${lists.length} lists of the models are the same`
            : `all ${lists.length} lists of the models are the same, of each key`
          : old === 0
            ? `the list of the models changed in the middle of the load, and no old one came after the first new one`
            : `the list of the models changed in the middle of the load: of ${after} lists after the first new one ${old} were old, for ${one(value)} s: those who serve it do not learn of it at the same time`,
    },
  ];
}

/** A body of 1 MB must cost so much more than one of 1 KB for its growth to be of interest, ms. */
const matters = 10;

function bodies(readings: readonly Reading[]): Finding[] {
  const points = readings.flatMap(({ round, case: name, value }): Point[] => {
    const size = bodySizes[name as keyof typeof bodySizes];
    return size === undefined ? [] : [{ round, size, value }];
  });
  const law = growthLaw(points);
  if (!law) return [];
  const [low, high] = law.powerInterval;
  const grown = law.rise.interval[0] > 0 && law.rise.value > matters;
  const each = law.rise.value / (law.to - law.from);
  return [
    {
      id: 'body-growth',
      value: grown ? low : 0,
      unit: 'power',
      n: law.n,
      text: `a refused body of ${counted(law.to)} KB costs ${one(lawAt(law, law.to))} ms, one of ${law.from} KB ${one(lawAt(law, law.from))}: ${each.toFixed(3)} ms for each KB${grown ? `; it ${growthWords(law)} (power ${law.power.toFixed(2)} [${low.toFixed(2)}, ${high.toFixed(2)}])${stepText(law, 'ms', 'KB')}` : ''}`,
    },
  ];
}
