import type { Snapshot } from 'k6/x/sse';
import { quantile } from '../statistics';
import { gather } from './metrics';

/** From this share of the median time to first token on, connecting is told. */
const tellFrom = 0.05;

/**
 * That most requests waited for a connection of their own, and what that makes of the time to first token, in a sentence;
 * "" when they did not, or when it matters to nobody. A target (or a proxy before it) that does not keep connections looks
 * fast by the time to first token alone.
 */
export function connectingNote({ rows }: Snapshot): string {
  const of = (metric: string) => gather(rows, metric, {});
  const [connect, ttft, felt] = [of('llm_connect'), of('llm_ttft'), of('llm_ttft_connect')];
  const requests = of('llm_finished').count;
  const ms = (h: typeof connect, q: number) => `${Number((quantile(h, q) ?? 0).toPrecision(3))} ms`;
  const matters = (quantile(connect, 0.5) ?? 0) >= tellFrom * (quantile(ttft, 0.5) ?? Infinity);
  if (connect.count <= requests / 2 || !matters) return '';
  return `most requests waited for a new connection (${connect.count} of ${requests}): connecting took ${ms(connect, 0.5)} (p50), ${ms(connect, 0.95)} (p95). Time to first token p95 is ${ms(felt, 0.95)} with it and ${ms(ttft, 0.95)} without. Objectives about llm_ttft count it`;
}
