import type uPlot from 'uplot';
import type { Band, LinesBlock } from '../lib/report';
import { colour } from './colours';

/*
 * What is drawn into a chart beside its lines: the phases behind them, and the limits before them.
 */

export function drawBands({ ctx, bbox, valToPos, scales }: uPlot, bands: readonly Band[]): void {
  const { min = 0, max = 0 } = scales.x!;
  ctx.save();
  ctx.font = `${Math.round(12 * devicePixelRatio)}px system-ui, sans-serif`;
  ctx.textBaseline = 'bottom';
  let free = -Infinity;
  bands.forEach(({ from, to, name }, i) => {
    if (to < (min ?? 0) || from > (max ?? 0)) return;
    const left = valToPos(Math.max(from, min ?? from), 'x', true);
    const end = valToPos(Math.min(to, max ?? to), 'x', true);
    ctx.fillStyle = colour(`band${i % 2}`);
    ctx.fillRect(left, bbox.top, end - left, bbox.height);
    // A name is left out where the one before it still stands.
    if (left < free) return;
    ctx.fillStyle = colour('dim');
    ctx.fillText(name, left + 3, bbox.top - 2);
    free = left + ctx.measureText(name).width + 12;
  });
  ctx.restore();
}

export function drawLimits({ ctx, bbox, valToPos, scales }: uPlot, { limits = [] }: LinesBlock): void {
  ctx.save();
  for (const { value } of limits) {
    if (value > (scales.y!.max ?? 0)) continue;
    const y = valToPos(value, 'y', true);
    ctx.strokeStyle = colour('limit');
    ctx.lineWidth = 1.5 * devicePixelRatio;
    ctx.setLineDash([3 * devicePixelRatio, 3 * devicePixelRatio]);
    ctx.beginPath();
    ctx.moveTo(bbox.left, y);
    ctx.lineTo(bbox.left + bbox.width, y);
    ctx.stroke();
  }
  ctx.restore();
}
