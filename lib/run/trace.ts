import { environment, openTrace, traceAt, type Snapshot } from 'k6/x/sse';
import { ParameterError, type Parameters } from '../config';
import { mostHeld, type Load } from '../load';
import { gather, stats } from '../measurements';
import { random } from '../statistics';
import { promptOfTokens, type ChatCall, type Workload } from '../workload';

/*
 * A trace in place of the script's own load (ARRIVALS=trace:…): its times, and prompts and answers of its lengths.
 */

export interface Replay {
  /** Requests that it has, at the scale of this run. */
  count: number;
  /** How long it lasts, seconds. */
  seconds: number;
  /** The highest rate of any five seconds of it, per second. */
  peak: number;
  /** The chat of the request with this number. */
  call(index: number): ChatCall;
}

/** Opens it; undefined without one. In the init context. Throws a {@link ParameterError}. */
export function openReplay(
  { script, workload }: { script: string; workload: Workload },
  load: Load,
  p: Parameters,
): Replay | undefined {
  const { trace: path } = p;
  if (path === undefined) return undefined;
  const no = (why: string) => new ParameterError(`ARRIVALS=trace cannot be used with ${script}: ${why}`);
  if (load.length > 1 || mostHeld(load) > 0)
    throw no(
      'its load has several phases, which are what it looks for. Scripts with one phase, as ttft and baseline, can',
    );
  if (workload.fixed || !workload.kinds.includes('chat')) throw no('what it sends is part of what it looks for');
  if (p.vus !== undefined && p.rate === undefined) throw no('VUS alone asks for users without times of their own');
  let opened: ReturnType<typeof openTrace>;
  try {
    opened = openTrace(path.startsWith('/') ? path : `${environment().cwd}/${path}`, {
      time: p.timeScale,
      rate: p.scale,
      perSec: p.rate,
      seconds: p.duration,
      seed: p.seed,
    });
  } catch (error) {
    throw new ParameterError(
      `ARRIVALS=trace:${path} is wrong: ${(error as { message?: string }).message ?? String(error)}`,
    );
  }
  return { ...opened, call: (index) => callOf(index, p.seed) };
}

/** What a request has where the trace does not tell its tokens. */
const untold = 100;

/** The prompts of one session begin alike, as far as they go: they are cut from the same text. */
function callOf(index: number, seed: number): ChatCall {
  const { input, output, session } = traceAt(index);
  const text = promptOfTokens(input || untold, random(seed, session || index)) as ChatCall;
  return output > 0 ? { ...text, maxTokens: output } : text;
}

/** The load that it makes: one phase, by the script's own name for it. */
export const loadOfReplay = ({ count, seconds }: Replay, [phase]: Load): Load => [
  { name: phase!.name, rate: count / seconds, climbSeconds: 0, holdSeconds: seconds },
];

/** What is sent. */
export const workloadOfReplay = ({ count, call }: Replay, { plain }: Workload): Workload => ({
  kinds: ['chat'],
  plain,
  next: (draws) => call(draws.below(count)),
});

/** How faithfully it was replayed, as a sentence. */
export function replayNote(replay: Replay | undefined, booked: Snapshot, path = ''): string[] {
  if (!replay || booked.started === 0) return [];
  const { p50, p99, max } = stats(gather(booked.rows, 'llm_queue', {}));
  const late = [p50, p99, max].map((ms) => (ms ?? 0).toFixed(1));
  const dropped = booked.phases.reduce((sum, phase) => sum + phase.dropped, 0);
  return [
    `the trace ${path} was replayed: ${booked.started} of its ${replay.count} requests were sent, ${late[0]} ms (median), ${late[1]} ms (p99) and at most ${late[2]} ms later than it says${dropped > 0 ? `; ${dropped} could not be sent in time` : ''}`,
  ];
}
