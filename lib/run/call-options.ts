import { tooManyParts } from '../load';

/** What k6 was told, of its consolidated options. */
export interface Called {
  noSetup?: boolean | null;
  noTeardown?: boolean | null;
  scenarios?: Record<string, { preAllocatedVUs?: number } | undefined> | null;
  /** Of all requests together, a second. */
  rps?: number | null;
  /** The part of the load that this run has, "1/4:1/2", and the edges of all parts, "0,1/4,1/2,1". */
  executionSegment?: string | null;
  executionSegmentSequence?: string | null;
}

/** Why a run that was called so cannot tell its verdict, and what to do; "" when it can. */
export function calledWrongly(called: Called, ours: readonly string[]): string {
  const { noSetup, noTeardown, scenarios, rps } = called;
  if (noTeardown)
    return '--no-teardown (or K6_NO_TEARDOWN) cannot be used: the run is judged in its teardown, so there would be no verdict. Leave it out';
  if (noSetup)
    return '--no-setup (or K6_NO_SETUP) cannot be used: the target is tried in the setup before it is loaded. Leave it out';
  const foreign = Object.keys(scenarios ?? {}).some((name) => !ours.includes(name));
  if (foreign)
    return "k6's own options of load (--vus, --duration, --iterations, --stage, -u, -d, -i, -s, or K6_VUS and so on) would replace the load of this script. Give parameters instead: -e VUS=10 -e DURATION=30s, or -e RATE=50";
  if (typeof rps === 'number' && rps > 0)
    return `--rps (or K6_RPS, or the option rps) cannot be used: it would hold requests back after they are due, and what they wait would be told as the target's. Give the rate instead: -e RATE=${rps}`;
  const vus = Object.values(scenarios ?? {}).flatMap((scenario) => scenario?.preAllocatedVUs ?? [])[0];
  const parts = Math.round(1 / smallestPart(called));
  if (vus !== undefined && parts > vus) return tooManyParts(parts, vus);
  return '';
}

/** The share of the load that the smallest part has; 1 where the load is not divided. */
function smallestPart({ executionSegment, executionSegmentSequence }: Called): number {
  const edges = (executionSegmentSequence || executionSegment?.replace(':', ',') || '0,1').split(',').map(shareOf);
  return edges.slice(1).reduce((least, edge, i) => Math.min(least, edge - edges[i]!), 1);
}

/** An edge of a part, as k6 writes it: 0, 1, 3/8, 0.375 or 37.5%. */
function shareOf(edge: string): number {
  const [above = '', below = '1'] = edge.split('/');
  return (Number.parseFloat(above) / Number(below)) * (above.endsWith('%') ? 0.01 : 1);
}
