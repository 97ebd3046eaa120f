import { readdirSync, readFileSync, readlinkSync } from 'node:fs';
import { basename } from 'node:path';
import { allProcesses, treeOf, type Usage } from '../../programs/process-tree';

/** What a process, or it and all below it, uses now. */
export interface Sampled {
  /** Since its start; of children too that were seen once and have ended. */
  cpuSeconds: number;
  rssBytes: number;
  threads: number;
  /** Unix seconds. */
  startedAt: number;
  /** undefined where this user may not look. */
  files?: number;
  sockets?: number;
}

/** Looks at one process again and again. Linux only: all is read from /proc. */
export class Watched {
  readonly #known = new Map<string, number>();
  readonly #first: Usage;

  /** Throws a sentence when there is no such process. */
  constructor(
    readonly pid: number,
    private readonly children: boolean,
  ) {
    const first = allProcesses().get(pid);
    if (first === undefined) throw new Error(`there is no process ${pid} on this machine`);
    this.#first = first;
  }

  /** undefined when it has ended. */
  read(): Sampled | undefined {
    const all = allProcesses();
    const root = all.get(this.pid);
    // Another may have its number by now.
    if (root === undefined || root.started !== this.#first.started) return undefined;
    const tree = this.children ? treeOf(this.pid, all) : new Map([[this.pid, root]]);
    for (const [pid, { cpuSeconds, started }] of tree) this.#known.set(`${pid} ${started}`, cpuSeconds);
    const sum = (of: (usage: Usage) => number) => [...tree.values()].reduce((total, usage) => total + of(usage), 0);
    return {
      cpuSeconds: [...this.#known.values()].reduce((total, seconds) => total + seconds, 0),
      rssBytes: sum(({ rssBytes }) => rssBytes),
      threads: sum(({ threads }) => threads),
      startedAt: bootTime() + root.started,
      ...descriptors([...tree.keys()]),
    };
  }

  /** Threads that run its code: of each Node or Python process one; undefined where another runtime is among them. */
  servingThreads(): number | undefined {
    const pids = this.children ? [...treeOf(this.pid, allProcesses()).keys()] : [this.pid];
    let threads = 0;
    for (const pid of pids) {
      try {
        const name = basename(readlinkSync(`/proc/${pid}/exe`));
        // Shells and supervisors above the serving process do no work of their own.
        if (/^(node|python[\d.]*|pypy[\d.]*)$/.test(name)) threads++;
        else if (!/^(sh|bash|dash|npm|tini|dumb-init|s6-.*)$/.test(name)) return undefined;
      } catch {
        return undefined;
      }
    }
    return threads > 0 ? threads : undefined;
  }

  /** CPUs that it may use, by its affinity. */
  cpus(): number {
    const list = /^Cpus_allowed_list:\s*(\S+)/m.exec(readFileSync(`/proc/${this.pid}/status`, 'utf8'))?.[1] ?? '0';
    return countList(list);
  }
}

/** How many numbers a list like "0-3,8" has. */
export function countList(list: string): number {
  return list.split(',').reduce((total, part) => {
    const [from, to = from] = part.split('-').map(Number);
    return total + to! - from! + 1;
  }, 0);
}

function bootTime(): number {
  return Number(/^btime (\d+)/m.exec(readFileSync('/proc/stat', 'utf8'))?.[1] ?? 0);
}

/** Open files, and those of them that are sockets; nothing where one of the processes may not be looked at. */
function descriptors(pids: readonly number[]): Pick<Sampled, 'files' | 'sockets'> {
  let [files, sockets] = [0, 0];
  for (const pid of pids) {
    let names: string[];
    try {
      names = readdirSync(`/proc/${pid}/fd`);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'EACCES') return {};
      continue; // it has ended meanwhile
    }
    for (const name of names) {
      try {
        if (readlinkSync(`/proc/${pid}/fd/${name}`).startsWith('socket:')) sockets++;
        files++;
      } catch {
        // It was closed meanwhile.
      }
    }
  }
  return { files, sockets };
}
