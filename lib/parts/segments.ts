/** Where a segment as 1/4:1/2 begins and ends, as numbers from 0 to 1. */
export function edges(segment: string): [number, number] {
  const [from, to] = segment.split(':').map(value);
  return [from!, to!];
}

/** k6 writes an edge as a fraction, a whole number, a decimal or per cent. */
function value(edge: string): number {
  const [over, under = '1'] = edge.split('/');
  return edge.endsWith('%') ? Number(edge.slice(0, -1)) / 100 : Number(over) / Number(under);
}

const same = (a: number, b: number) => Math.abs(a - b) < 1e-9;

/** What is wrong with a set of segments: parts of the load that are missing, or there more than once; as sentences. */
export function segmentDoubts(segments: readonly string[], sequence: readonly string[]): string[] {
  const known = sequence.length > 1 ? sequence : edgesOf(segments);
  const wanted = known.slice(1).map((to, i) => `${known[i]}:${to}`);
  const is = (segment: string) => (other: string) => edges(segment).every((edge, i) => same(edge, edges(other)[i]!));
  const missing = wanted
    .filter((segment) => !segments.some(is(segment)))
    .map(
      (segment) =>
        `segment ${segment} of the load is missing: its runner died, wrote no run.json, or its run.json was not given`,
    );
  const twice = wanted
    .filter((segment) => segments.filter(is(segment)).length > 1)
    .map((segment) => `segment ${segment} of the load was given more than once`);
  const foreign = segments
    .filter((segment) => !wanted.some(is(segment)))
    .map((segment) => `segment ${segment} is none of ${wanted.join(', ')}`);
  return [...missing, ...twice, ...foreign];
}

/** Where nobody told the sequence: all edges that the segments have, and the ends. */
function edgesOf(segments: readonly string[]): string[] {
  const all = ['0', '1', ...segments.flatMap((segment) => segment.split(':'))].sort((a, b) => value(a) - value(b));
  return all.filter((edge, i) => i === 0 || !same(value(edge), value(all[i - 1]!)));
}
