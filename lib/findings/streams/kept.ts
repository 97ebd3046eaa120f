import type { Finding } from '../../measurements';
import { medianOf } from '../../statistics';
import type { TargetMetric } from '../../metrics';
import type { Observed } from '../observed';

/**
 * What is left of streams whose clients have gone: memory, sockets and tasks of the target in the quiet time afterwards,
 * less those in the quiet time before. It takes METRICS_URLS; nothing is said without it.
 */
export function keptAfterHangUps(observed: Observed): Finding[] {
  const hangUps = observed.phases.find(({ phase }) => phase === 'hang-ups')?.outcomes.cancelled ?? 0;
  const memory = change(observed, 'target_memory');
  if (hangUps === 0 || !memory) return [];
  const value = memory.value / 1024 / hangUps;
  const interval: [number, number] = [memory.low / 1024 / hangUps, memory.high / 1024 / hangUps];
  const others = (
    [
      ['target_sockets', 'open sockets'],
      ['target_tasks', 'tasks'],
    ] as const
  ).flatMap(([metric, name]) => {
    const found = change(observed, metric);
    return found && found.low > 0 ? [`; ${name} grew by ${found.value.toFixed(0)}`] : [];
  });
  const kb = (kilobytes: number) => kilobytes.toFixed(Math.abs(kilobytes) < 10 ? 1 : 0);
  return [
    {
      id: 'kept-after-hang-ups',
      value,
      unit: 'kB',
      n: hangUps,
      interval,
      text:
        interval[0] > 0
          ? `${kb(value)} kB stay in memory for each of ${hangUps} streams that its client left [${kb(interval[0])}, ${kb(interval[1])}]${others.join('')}: what a stream holds must be given back when its client goes`
          : `of ${hangUps} streams that their clients left, no memory stays that shows: ${kb(value)} kB each [${kb(interval[0])}, ${kb(interval[1])}]${others.join('')}`,
    },
  ];
}

/** How a value of the target's page changed from the time before the hang-ups to that afterwards, over all pages. */
function change({ timeline }: Observed, metric: TargetMetric) {
  const readings = (phase: string) =>
    timeline
      .filter((point) => point.phase === phase && point.resources)
      .map(({ resources = {} }) => Object.values(resources).reduce((sum, page) => sum + (page[metric] ?? 0), 0))
      .filter((value) => value > 0);
  const [before, after] = [readings('quiet'), readings('rest')];
  const value = (medianOf(after) ?? NaN) - (medianOf(before) ?? NaN);
  if (Number.isNaN(value)) return undefined;
  return { value, low: Math.min(...after) - Math.max(...before), high: Math.max(...after) - Math.min(...before) };
}
