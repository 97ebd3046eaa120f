import { heats } from './heat';
import { charts } from './lines';

/** Draws all charts anew, at the width that they have now. */
export function redraw(width?: number): void {
  for (const { plot, host } of charts) {
    const wide = width ?? host.clientWidth;
    if (wide > 0) plot.setSize({ width: Math.max(200, wide), height: plot.height });
    plot.redraw(false, true);
  }
  for (const paint of heats) paint();
}

/** Has the charts follow the page's width, and its light or dark setting. */
export function onResize(): void {
  let waiting = 0;
  addEventListener('resize', () => {
    cancelAnimationFrame(waiting);
    waiting = requestAnimationFrame(() => redraw());
  });
  matchMedia('(prefers-color-scheme: dark)').addEventListener('change', () => redraw());
}
