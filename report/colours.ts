import type { Role } from '../lib/report';

/*
 * Colours after Okabe and Ito, which people with any kind of colour vision tell apart; each role has a stroke of its own
 * too, so that nothing is told by colour alone.
 */

interface Stroke {
  width: number;
  dash?: number[];
}

export const strokes: Record<Role, Stroke> = {
  median: { width: 2 },
  p95: { width: 2, dash: [8, 4] },
  p99: { width: 1.5, dash: [2, 3] },
  wanted: { width: 1.5, dash: [10, 5] },
  sent: { width: 2 },
  ok: { width: 1.5, dash: [4, 2] },
  failed: { width: 3 },
  load: { width: 1 },
  c1: { width: 2 },
  c2: { width: 2, dash: [8, 4] },
  c3: { width: 2, dash: [2, 3] },
  c4: { width: 2, dash: [12, 3, 2, 3] },
  c5: { width: 1.5, dash: [4, 2] },
  c6: { width: 1.5 },
};

/** The present value of one of the style sheet's variables: it follows light and dark. */
export const colour = (name: string): string =>
  getComputedStyle(document.documentElement).getPropertyValue(`--${name}`).trim();
