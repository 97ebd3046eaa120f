import type { Finding } from '../measurements';
import type { Observed } from './observed';

/** A process grows by so much as it warms up: bytes at the least, or a share of what it had before the load. */
const warmUps = { bytes: 64 * 2 ** 20, share: 0.5 };
/** Readings at each end of the run. */
const atEnds = 2;

/**
 * What stays in the target's memory of what was sent: the last readings of the run less the first ones, by each of `amount`
 * things, in kB. It takes METRICS_URLS; nothing is said without it.
 */
export function memoryKept({ timeline }: Observed, id: string, amount: number, thing: string): Finding[] {
  const readings = timeline.flatMap(({ resources }) => {
    const sum = Object.values(resources ?? {}).reduce((total, page) => total + (page.target_memory ?? 0), 0);
    return sum > 0 ? [sum] : [];
  });
  if (readings.length < 2 * atEnds || amount <= 0) return [];
  const [first, last] = [readings.slice(0, atEnds), readings.slice(-atEnds)];
  const warmUp = Math.max(warmUps.bytes, warmUps.share * Math.min(...first));
  const rise = Math.min(...last) - Math.max(...first);
  const most = Math.max(...last) - Math.min(...first);
  const mb = (bytes: number) => (bytes / 2 ** 20).toFixed(0);
  const kept = rise > warmUp;
  const value = kept ? rise / 1024 / amount : 0;
  return [
    {
      id,
      value,
      unit: 'kB',
      n: readings.length,
      text: kept
        ? `resident memory rose by ${mb(rise)} to ${mb(most)} MB and was not given back: ${value.toFixed(1)} kB stay for each ${thing}`
        : `resident memory rose by ${mb(Math.max(0, most))} MB at most: below ${mb(warmUp)} MB a warm-up explains it, so ${(warmUp / 1024 / amount).toFixed(1)} kB for each ${thing} would not show`,
    },
  ];
}
