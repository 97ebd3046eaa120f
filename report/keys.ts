import type uPlot from 'uplot';

/** Reads and zooms a chart by keys: arrows move along it, + and - zoom, Escape or 0 shows all. */
export function listen(plot: uPlot, host: HTMLElement): void {
  host.addEventListener('keydown', (event) => {
    const act = actions[event.key];
    if (!act || event.ctrlKey || event.metaKey || event.altKey) return;
    event.preventDefault();
    act(plot);
  });
}

const actions: Record<string, (plot: uPlot) => void> = {
  ArrowLeft: (plot) => move(plot, -1),
  ArrowRight: (plot) => move(plot, 1),
  '+': (plot) => zoom(plot, 0.5),
  '=': (plot) => zoom(plot, 0.5),
  '-': (plot) => zoom(plot, 2),
  Escape: all,
  '0': all,
};

function all(plot: uPlot): void {
  const xs = plot.data[0];
  plot.setScale('x', { min: xs[0]!, max: xs.at(-1)! });
}

function move(plot: uPlot, by: number): void {
  const xs = plot.data[0];
  const { min = xs[0]!, max = xs.at(-1)! } = plot.scales.x!;
  const inside = Array.from(xs).flatMap((x, i) => (x >= min! && x <= max! ? [i] : []));
  if (inside.length === 0) return;
  const now = plot.cursor.idx ?? (by > 0 ? inside[0]! - 1 : inside.at(-1)! + 1);
  const idx = Math.min(inside.at(-1)!, Math.max(inside[0]!, now + by));
  plot.setCursor({ left: plot.valToPos(xs[idx]!, 'x'), top: 10 });
}

function zoom(plot: uPlot, by: number): void {
  const xs = plot.data[0];
  const [first, last] = [xs[0]!, xs.at(-1)!];
  const { min, max } = plot.scales.x!;
  const [low, high] = [min ?? first, max ?? last];
  const at = plot.cursor.idx == null ? (low + high) / 2 : xs[plot.cursor.idx]!;
  const [from, to] = [Math.max(first, at - (at - low) * by), Math.min(last, at + (high - at) * by)];
  if (to > from) plot.setScale('x', { min: from, max: to });
}
