import type { Finding } from '../measurements';
import type { TargetMetric } from '../metrics';
import type { AroundNote } from '../monitor';
import { medianOf } from '../statistics';
import type { Observed } from './observed';

/*
 * Whether two pages that are about the same process tell the same of it: the target's own page, and one that npm run
 * sampler, or an agent of the machine, makes of it. They do not know of each other, so what both say is true.
 */

/**
 * Two pages are about one process where its start, by both, differs by no more than they round it, s, and where one of the
 * figures is alike: processes of one machine may have been started at the same moment.
 */
const sameStart = 2;
const alike = { cpu: 0.1, memory: 0.05 };
/** CPU time that the process must have used, s: both count it in steps of some hundredths. */
const leastCpu = 1;

interface Told {
  page: string;
  start: number;
  /** CPU time that was used from the first reading to the last, s, and the time between them. */
  cpu?: number;
  seconds: number;
  /** Resident memory after the load, bytes: the median of its readings. */
  memory?: number;
}

function toldBy(page: string, around: readonly AroundNote[]): Told[] {
  const own = around.filter((note) => note.page === page);
  const first = own.filter((note) => note.around === 'before').pop();
  const last = own.filter((note) => note.around === 'after').pop();
  if (first?.start === undefined || last?.start === undefined || last.start > first.start + sameStart) return [];
  const total = ({ totals }: AroundNote, metric: TargetMetric) => totals[metric];
  const [before, after] = [total(first, 'target_cpu'), total(last, 'target_cpu')];
  return [
    {
      page,
      start: last.start,
      cpu: before === undefined || after === undefined ? undefined : after - before,
      seconds: (last.at - first.at) / 1000,
      memory: medianOf(
        own.filter((note) => note.around === 'after').flatMap(({ totals }) => totals.target_memory ?? []),
      ),
    },
  ];
}

/** The share by which two figures differ, of the larger one. */
const apart = (a: number, b: number) => Math.abs(a - b) / Math.max(a, b);
const percent = (share: number) => `${(100 * share).toFixed(1)} %`;

/** Of each two pages that are about one process: by how much they differ at the most, of its CPU time or its memory. */
export function pagesAgree({ around = [] }: Observed): Finding[] {
  const told = [...new Set(around.map(({ page }) => page))].flatMap((page) => toldBy(page, around));
  return told.flatMap((one, i) =>
    told.slice(i + 1).flatMap((other) => {
      if (Math.abs(one.start - other.start) > sameStart) return [];
      const figures = [cpuOf(one, other), memoryOf(one, other)].flatMap((each) => each ?? []);
      if (!figures.some(({ off, near }) => off <= near)) return [];
      const value = Math.max(...figures.map(({ off }) => off));
      return [
        {
          id: 'pages-agree',
          of: other.page,
          value,
          unit: 'share',
          n: figures.length,
          text: `${one.page} and ${other.page} tell of the same process, ${figures.map(({ text }) => text).join(', ')}`,
        },
      ];
    }),
  );
}

interface Figure {
  off: number;
  near: number;
  text: string;
}

function cpuOf(one: Told, other: Told): Figure | undefined {
  if (one.cpu === undefined || other.cpu === undefined || Math.max(one.cpu, other.cpu) < leastCpu) return undefined;
  const off = apart(one.cpu / one.seconds, other.cpu / other.seconds);
  const text = `${one.cpu.toFixed(1)} s and ${other.cpu.toFixed(1)} s of CPU (${percent(off)} apart)`;
  return { off, near: alike.cpu, text };
}

function memoryOf(one: Told, other: Told): Figure | undefined {
  if (one.memory === undefined || other.memory === undefined) return undefined;
  const off = apart(one.memory, other.memory);
  const mb = (bytes: number) => (bytes / 1e6).toFixed(0);
  return {
    off,
    near: alike.memory,
    text: `${mb(one.memory)} MB and ${mb(other.memory)} MB of memory (${percent(off)} apart)`,
  };
}
