import { readdirSync, readFileSync } from 'node:fs';
import { nowNs } from '../../simulator/time/clock';

/*
 * CPU and memory of a process and all that it started, read from /proc, so that a single Go process and a Python
 * program with a dozen workers are measured in the same way. Linux only.
 */

/** Linux tells CPU time in hundredths of a second to every program (USER_HZ). */
const tick = 0.01;
const page = 4096;
/** ms between two samples. */
const every = 200;

export interface Usage {
  parent: number;
  cpuSeconds: number;
  rssBytes: number;
  threads: number;
  /** When it was started, seconds after the machine was: with the number it names a process for good. */
  started: number;
}

export interface Sample {
  /** CLOCK_MONOTONIC. */
  ns: number;
  /** CPU time of each tree since its start, of the processes that have ended too. */
  cpuSeconds: number[];
  rssBytes: number[];
  /** CPU time of the whole machine, whoever used it. */
  machineSeconds: number;
}

/**
 * The fields of a line of /proc/<pid>/stat that count here; see proc(5). The command's name may hold spaces and
 * brackets.
 */
export function parseStat(line: string): Usage {
  const fields = line
    .slice(line.lastIndexOf(')') + 2)
    .split(' ')
    .map(Number);
  return {
    parent: fields[1]!,
    cpuSeconds: (fields[11]! + fields[12]!) * tick,
    rssBytes: fields[21]! * page,
    threads: fields[17]!,
    started: fields[19]! * tick,
  };
}

/** Busy CPU time of the machine: user, nice, system, irq, softirq of the first line of /proc/stat. */
export function parseMachine(text: string): number {
  const [user, nice, system, , , irq, softirq] = text.split('\n', 1)[0]!.trim().split(/\s+/).slice(1).map(Number);
  return (user! + nice! + system! + irq! + softirq!) * tick;
}

/** The processes of a tree, by number. */
export function treeOf(root: number, processes: ReadonlyMap<number, Usage>): Map<number, Usage> {
  const tree = new Map<number, Usage>();
  const add = (pid: number) => {
    const usage = processes.get(pid);
    if (usage === undefined || tree.has(pid)) return;
    tree.set(pid, usage);
    for (const [child, { parent }] of processes) if (parent === pid) add(child);
  };
  add(root);
  return tree;
}

/** All processes of this machine, by number. */
export function allProcesses(): Map<number, Usage> {
  const found = new Map<number, Usage>();
  for (const name of readdirSync('/proc')) {
    if (!/^\d+$/.test(name)) continue;
    try {
      found.set(Number(name), parseStat(readFileSync(`/proc/${name}/stat`, 'utf8')));
    } catch {
      // It has ended meanwhile.
    }
  }
  return found;
}

/** A figure that only grows, at a time: between two samples on the straight line. */
export function valueAt(samples: readonly Sample[], ns: number, of: (sample: Sample) => number): number {
  if (samples.length === 0) return 0;
  const after = samples.findIndex((sample) => sample.ns >= ns);
  if (after < 0) return of(samples[samples.length - 1]!);
  if (after === 0) return of(samples[0]!);
  const [a, b] = [samples[after - 1]!, samples[after]!];
  return of(a) + ((of(b) - of(a)) * (ns - a.ns)) / (b.ns - a.ns);
}

/** Watches trees of processes from now until it is stopped. */
export class TreeMeter {
  readonly #samples: Sample[] = [];
  readonly #known: Map<number, number>[];
  readonly #timer: NodeJS.Timeout;

  constructor(private readonly roots: readonly number[]) {
    this.#known = roots.map(() => new Map<number, number>());
    this.#sample();
    this.#timer = setInterval(() => this.#sample(), every);
  }

  stop(): readonly Sample[] {
    clearInterval(this.#timer);
    this.#sample();
    return this.#samples;
  }

  #sample(): void {
    const processes = allProcesses();
    const trees = this.roots.map((root) => treeOf(root, processes));
    const cpuSeconds = trees.map((tree, i) => {
      const known = this.#known[i]!;
      for (const [pid, usage] of tree) known.set(pid, usage.cpuSeconds);
      return [...known.values()].reduce((sum, seconds) => sum + seconds, 0);
    });
    const rssBytes = trees.map((tree) => [...tree.values()].reduce((sum, usage) => sum + usage.rssBytes, 0));
    this.#samples.push({
      ns: nowNs(),
      cpuSeconds,
      rssBytes,
      machineSeconds: parseMachine(readFileSync('/proc/stat', 'utf8')),
    });
  }
}
