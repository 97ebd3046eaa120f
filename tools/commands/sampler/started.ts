import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { ToolError } from '../../programs/process';

/** How the program was stopped and started again once, in ms since that was asked for; absent: not yet. */
export interface Restart {
  stopped_ms?: number;
  /** How the old process ended. */
  code?: number | null;
  signal?: string | null;
  started_ms?: number;
}

/** A program that does not end by itself in this time is ended by SIGKILL. */
const patience = 60_000;

/** A program that this one has started, and starts again. Its output goes where this one's goes. */
export class Started {
  readonly restarts: Restart[] = [];
  onStart: (pid: number) => void = () => undefined;
  onEnd: () => void = () => undefined;
  #child: ChildProcess | undefined;
  #wanted = false;

  constructor(private readonly command: readonly string[]) {}

  /** Its process. Rejects with a sentence when it cannot be started. */
  async start(): Promise<number> {
    const [command, ...args] = this.command;
    const child = spawn(command!, args, { stdio: 'inherit' });
    this.#child = child;
    child.once('exit', () => {
      if (!this.#wanted) this.onEnd();
    });
    await once(child, 'spawn').catch((error: Error) => {
      throw new ToolError(`${command} cannot be started: ${error.message}`);
    });
    return child.pid!;
  }

  /** Ends the program by SIGTERM, and starts it again when it has ended. Returns at once; one restart at a time. */
  restart(): void {
    if (this.#wanted) return;
    const restart: Restart = {};
    this.restarts.push(restart);
    const asked = performance.now();
    const since = () => Math.round(performance.now() - asked);
    void this.stop().then(async ([code, signal]) => {
      Object.assign(restart, { stopped_ms: since(), code, signal });
      this.#wanted = false;
      try {
        this.onStart(await this.start());
        restart.started_ms = since();
      } catch {
        this.onEnd();
      }
    });
  }

  /** Ends the program for good. */
  async stop(): Promise<[code: number | null, signal: string | null]> {
    this.#wanted = true;
    const child = this.#child;
    if (!child || child.exitCode !== null || child.signalCode !== null) return [child?.exitCode ?? null, null];
    const ended = once(child, 'exit') as Promise<[number | null, string | null]>;
    child.kill('SIGTERM');
    const timer = setTimeout(() => child.kill('SIGKILL'), patience);
    const how = await ended;
    clearTimeout(timer);
    return how;
  }
}
