import type { ChildProcess } from 'node:child_process';
import { capture, pinned, ToolError, type Ran } from '../../programs/process';
import { TreeMeter, type Sample } from '../../programs/process-tree';
import type { Row } from './figures';

/** One run to be made. */
export interface Order {
  row: Row;
  /** Streams are begun for so long. */
  seconds: number;
  /** The length of one stream. */
  streamSeconds: number;
  base: string;
  /** The authority of the target's certificate, where it speaks TLS. */
  caFile?: string;
  targetPid: number;
  /** The core that the client may use; any when undefined. */
  core: number | undefined;
  onStart: (child: ChildProcess) => void;
}

/** Percentiles that a client tells, ms; not all tell all. */
export interface Distribution {
  p50?: number;
  p95: number;
  p99?: number;
  max?: number;
}

/** What a client says that it measured; ms. */
export interface Reading {
  ttft?: Distribution;
  gap?: Distribution & { p99: number };
  /** What stands in `gap` are means of streams, not gaps. */
  gapIsMean?: boolean;
  requests: number;
  lost: number;
  /** Where the client tells its own peak. */
  memoryBytes?: number;
  /** ISO 8601: what the target received before is no part of the load. */
  since?: string;
}

export interface Watched {
  reading: Reading;
  /** Tree 0 is the client's, tree 1 the target's. */
  samples: readonly Sample[];
}

export type Runner = (order: Order) => Promise<Watched>;

/** Runs something with its process tree and the target's watched. */
export async function watch<T>(
  order: Pick<Order, 'targetPid' | 'onStart'>,
  start: (onStart: (child: ChildProcess) => void) => Promise<T>,
): Promise<{ result: T; samples: readonly Sample[] }> {
  let meter: TreeMeter | undefined;
  try {
    const result = await start((child) => {
      if (child.pid !== undefined) meter = new TreeMeter([child.pid, order.targetPid]);
      order.onStart(child);
    });
    return { result, samples: meter?.stop() ?? [] };
  } catch (error) {
    meter?.stop();
    throw error;
  }
}

/** Runs a command, watched. Throws {@link ToolError} with its last words when it fails. */
export async function watchCommand(
  order: Order,
  command: readonly string[],
  env: NodeJS.ProcessEnv = process.env,
  cwd?: string,
): Promise<{ result: Ran; samples: readonly Sample[] }> {
  const [first, ...args] = pinned(order.core, command);
  const watched = await watch(order, (onStart) => capture(first!, args, { env, onStart, cwd }));
  const { code, stderr, stdout } = watched.result;
  if (code !== 0)
    throw new ToolError(
      `${command[0]} ended with ${code}: ${(stderr.trim() || stdout.trim()).split('\n').slice(-4).join(' ')}`,
    );
  return watched;
}
