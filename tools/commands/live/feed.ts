import { closeSync, openSync, readFileSync, readSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { liveCharts, type LiveHead, type LiveLine, type LiveRun, type LiveState } from '../../../lib/report';
import type { RunRecord } from '../../../lib/summary';
import { reasonLine } from '../../../lib/verdict';

/** Reasons of a verdict that the page lists. */
const reasonsShown = 5;
const verdicts: Record<number, string> = { 0: 'PASS', 99: 'FAIL', 110: 'INVALID' };

/** What a run has written for the live page so far (showLive() of xk6-sse/sse.d.ts). */
export class Feed {
  private run: LiveRun | undefined;
  private at = 0;
  private rest = '';

  private readonly file: string;
  private readonly what: string;

  /** `what`: what is run, as long as the run has not said so itself. */
  constructor(file: string, what: string) {
    this.file = file;
    this.what = what;
  }

  /** Whether a slot of the run is so wide that nothing changes more often than every so many seconds. */
  get slotSeconds(): number {
    return this.run?.head.slot_seconds ?? 1;
  }

  /** The page's state now. */
  now(): LiveState {
    this.read();
    const { run } = this;
    if (!run)
      return {
        state: 'starting',
        title: this.what,
        line: 'k6 is starting.',
        reasons: [],
        over: false,
        done: 0,
        charts: [],
      };
    const { head, last } = run;
    return {
      state: 'running',
      title: head.script,
      line: last?.line ?? 'The load is about to begin.',
      reasons: [],
      over: false,
      done: last ? Math.min(1, last.t / last.end) : 0,
      charts: liveCharts(run),
    };
  }

  /** The page's state when k6 has ended with that exit code. */
  end(code: number): LiveState {
    const last = this.now();
    const record = this.run && recordIn(this.run.head.folder);
    if (!record) {
      const verdict = verdicts[code];
      const line = verdict
        ? 'The run has ended; its results could not be read.'
        : `The run has ended without a verdict, with k6's exit code ${code}. The terminal says why.`;
      return { ...last, over: true, state: verdict ?? 'ended', line };
    }
    const { verdict, reasons } = record;
    const more = reasons.length - reasonsShown;
    return {
      ...last,
      state: verdict,
      over: true,
      done: 1,
      line: `The run has ended. The report: ${join(this.run!.head.folder, 'report.html')}`,
      reasons: [
        ...reasons.slice(0, reasonsShown).map(reasonLine),
        ...(more > 0 ? [`${more} more reasons stand in the report`] : []),
      ],
    };
  }

  close(): void {
    rmSync(this.file, { force: true });
  }

  private read(): void {
    for (const line of this.lines()) {
      if (!this.run) {
        this.run = { head: JSON.parse(line) as LiveHead, slots: new Map() };
        continue;
      }
      const told = JSON.parse(line) as LiveLine;
      this.run.last = told;
      for (const slot of told.slots) this.run.slots.set(slot.slot, slot);
    }
  }

  /** The whole lines that have come since the last call. */
  private lines(): string[] {
    let file: number;
    try {
      file = openSync(this.file, 'r');
    } catch {
      return []; // k6 has not begun
    }
    try {
      const buffer = Buffer.alloc(1 << 16);
      for (let n = 1; n > 0; ) {
        n = readSync(file, buffer, 0, buffer.length, this.at);
        this.at += n;
        this.rest += buffer.toString('latin1', 0, n); // bytes, until whole lines are there
      }
    } finally {
      closeSync(file);
    }
    const lines = this.rest.split('\n');
    this.rest = lines.pop()!;
    return lines.map((line) => Buffer.from(line, 'latin1').toString('utf8'));
  }
}

function recordIn(folder: string): RunRecord | undefined {
  try {
    return JSON.parse(readFileSync(join(folder, 'run.json'), 'utf8')) as RunRecord;
  } catch {
    return undefined;
  }
}
