import type { OutcomeRow } from 'k6/x/sse';
import type { Finding } from '../measurements';
import { wilson } from '../statistics';

/*
 * Which requests it is that fail: "http_5xx 35" may be all of the embeddings, and none of the rest. Made for every
 * script, of what every run counts.
 */

/** Tags by which requests are told apart, the most telling first (it is named where two tell the same), and what a value of them is called. */
const looked: readonly (readonly [string, (value: string) => string])[] = [
  ['kind', (value) => (value === 'models' ? 'requests for the model list' : `requests of kind ${value}`)],
  ['model', (value) => `requests for the model ${value}`],
  ['agency', (value) => `requests of agency ${value}`],
  ['size', (value) => `requests of size ${value}`],
];
/** Failures that it takes to say anything. */
const failuresNeeded = 3;
/** Those of one value are told when they are nearly all. */
const concentrated = { of: 0.9 };
/** Outcomes that are told, the most frequent first. */
const toldAtMost = 3;
const noFailures = ['ok', 'cancelled', 'interrupted'];

interface Share {
  ended: number;
  failed: number;
}

/** One finding for each outcome whose failures nearly all have one kind, model, agency or size. */
export function whoFails(rows: readonly OutcomeRow[]): Finding[] {
  const counts = new Map<string, number>();
  for (const { outcome, count } of rows)
    if (!noFailures.includes(outcome)) counts.set(outcome, (counts.get(outcome) ?? 0) + count);
  return [...counts]
    .filter(([, count]) => count >= failuresNeeded)
    .sort((a, b) => b[1] - a[1])
    .slice(0, toldAtMost)
    .flatMap(([outcome]) => concentration(rows, outcome) ?? []);
}

/** The value of a tag that has nearly all failures, the one that fails most often; undefined where chance may be why. */
function concentration(rows: readonly OutcomeRow[], outcome: string): Finding | undefined {
  const found = looked.flatMap(([tag, name]) => {
    const shares = sharesBy(rows, tag, outcome);
    const total = add([...shares.values()]);
    return [...shares].flatMap(([value, share]) => {
      const rest = { ended: total.ended - share.ended, failed: total.failed - share.failed };
      return isConcentrated(share, rest) ? [{ name: name(value), share, rest }] : [];
    });
  });
  const often = ({ share }: { share: Share }) => share.failed / share.ended;
  const most = found.reduce<(typeof found)[number] | undefined>(
    (a, b) => (a && often(a) >= often(b) ? a : b),
    undefined,
  );
  if (!most) return undefined;
  const { name, share, rest } = most;
  return {
    id: 'who-fails',
    of: outcome,
    value: often(most),
    unit: 'share',
    n: share.ended,
    interval: wilson(share.failed, share.ended),
    text: `${share.failed} of the ${share.ended} ${name} failed with ${outcome}, and ${rest.failed} of the ${rest.ended} others`,
  };
}

function isConcentrated(share: Share, rest: Share): boolean {
  if (rest.ended === 0 || share.failed < concentrated.of * (share.failed + rest.failed)) return false;
  return wilson(share.failed, share.ended)[0] > wilson(rest.failed, rest.ended)[1];
}

function sharesBy(rows: readonly OutcomeRow[], tag: string, outcome: string): Map<string, Share> {
  const shares = new Map<string, Share>();
  for (const row of rows) {
    const value = row.tags[tag];
    if (value === undefined || row.outcome === 'interrupted') continue;
    const share = shares.get(value) ?? { ended: 0, failed: 0 };
    share.ended += row.count;
    if (row.outcome === outcome) share.failed += row.count;
    shares.set(value, share);
  }
  return shares;
}

function add(shares: readonly Share[]): Share {
  return shares.reduce((a, b) => ({ ended: a.ended + b.ended, failed: a.failed + b.failed }), { ended: 0, failed: 0 });
}
