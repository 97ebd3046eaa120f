import type { Observed } from '../observed';

/**
 * Whether a request for the sick model had come to a provider before this phase: where all fail before that, nobody could be
 * made sick. True where no provider tells.
 */
export function sickCame({ requests, truth }: Observed, phase: string, sick: string): boolean {
  if (!truth) return true;
  const start = requests.find((request) => request.phase === phase)?.sent ?? Infinity;
  const came = new Set(truth.map(({ id }) => id));
  return requests.some(({ id, model, sent }) => model === sick && sent < start && came.has(id));
}
