import type { Finding, TimelinePoint } from '../measurements';
import type { ResourceReport } from '../monitor';
import { meanOf } from '../statistics';
import { one, percent } from './words';

/*
 * What happened to a process of the target during the load: whether its container was throttled, and whether it ended.
 */

/** How long a container was kept from running, as it had used the CPU that it may use. */
export function throttled(
  resources: readonly ResourceReport[],
  points: readonly TimelinePoint[],
  phase: string,
): Finding[] {
  const made = resources.flatMap(({ target }): Finding[] => {
    const values = points.flatMap((point) => point.resources?.[target]?.target_throttled ?? []);
    if (values.length === 0) return [];
    // Counted for each core or container of a page, and added up, it may be more than all of the time.
    const value = Math.min(1, meanOf(values)!);
    const why = value > 0.01 ? ': it had used what its limit allows. Raise the limit, or give it less to do' : '';
    return [
      {
        id: 'throttled-share',
        value,
        unit: 'share',
        n: values.length,
        text: `${target}: in phase ${phase} its container was throttled: it stood still for ${percent(value)} of the time${why}`,
      },
    ];
  });
  const first = made.sort((a, b) => b.value! - a.value!)[0];
  return first ? [{ ...first, text: made.map(({ text }) => text).join('; ') }] : [];
}

/** Whether a process ended in the middle of the load and another took its place, and how much memory it had by then. */
export function startedAnew(resources: readonly ResourceReport[], timeline: readonly TimelinePoint[]): Finding[] {
  if (resources.length === 0) return [];
  const value = resources.reduce((sum, { restarts }) => sum + restarts, 0);
  const told = resources
    .filter(({ restarts }) => restarts > 0)
    .map(({ target, restarts, memory_bytes: may }) => {
      const most = Math.max(0, ...timeline.map((point) => point.resources?.[target]?.target_memory ?? 0));
      const share = may ? ` of the ${one(may / 1e6)} MB that it may use` : '';
      const memory = most > 0 ? `; its resident memory was ${one(most / 1e6)} MB at most${share}` : '';
      return `${target}: was started anew ${restarts === 1 ? 'once' : `${restarts} times`} in the middle of the load${memory}: look for the end of the process before (out of memory, a crash, a probe that failed)`;
    });
  return [
    {
      id: 'started-anew',
      value,
      unit: 'times',
      text: value > 0 ? told.join('; ') : 'no process of the target was started anew during the load',
    },
  ];
}
