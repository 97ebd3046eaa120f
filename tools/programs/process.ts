import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';

/** A command could not be run, or ended in a way that its caller does not expect; the message is for the user. */
export class ToolError extends Error {}

export interface Ran {
  code: number;
  stdout: string;
  stderr: string;
}

/**
 * Runs a command to its end, with its output passed on to the user's terminal. Rejects with {@link ToolError} if it
 * cannot start.
 */
export async function run(
  command: string,
  args: readonly string[],
  options: { cwd?: string; env?: NodeJS.ProcessEnv } = {},
): Promise<number> {
  const child = spawn(command, args, { ...options, stdio: 'inherit' });
  return (await end(child, command)).code;
}

/** Runs a command to its end and keeps what it wrote. */
export async function capture(
  command: string,
  args: readonly string[],
  options: { cwd?: string; env?: NodeJS.ProcessEnv; onStart?: (child: ChildProcess) => void } = {},
): Promise<Ran> {
  const { onStart, ...rest } = options;
  const child = spawn(command, args, { ...rest, stdio: ['ignore', 'pipe', 'pipe'] });
  const out: string[] = [];
  const err: string[] = [];
  child.stdout.setEncoding('utf8').on('data', (text: string) => out.push(text));
  child.stderr.setEncoding('utf8').on('data', (text: string) => err.push(text));
  onStart?.(child);
  const { code } = await end(child, command);
  return { code, stdout: out.join(''), stderr: err.join('') };
}

/** A command that may run on one core only (Linux); on any when `core` is undefined. */
export function pinned(core: number | undefined, command: readonly string[]): readonly string[] {
  return core === undefined ? command : ['taskset', '-c', String(core), ...command];
}

async function end(child: ChildProcess, command: string): Promise<{ code: number }> {
  return new Promise((resolve, reject) => {
    child.once('error', (error) => reject(new ToolError(`${command} cannot be run: ${error.message}`)));
    // A process ended by a signal has no code; shells say 128 + n, here any non-zero does.
    child.once('close', (code) => resolve({ code: code ?? 130 }));
  });
}

/** A program of ours that runs beside this one. */
export interface Program {
  process: ChildProcess;
  /** What its ready line said. */
  ready: RegExpExecArray;
  /** Ends it (SIGTERM) and waits until it is gone. */
  stop(): Promise<void>;
}

/**
 * Starts a TypeScript file in a process of its own, on one core if `core` is given (Linux), and waits for its ready
 * line. Rejects with {@link ToolError} that holds what it said instead.
 */
export async function startProgram(
  name: string,
  file: string,
  args: readonly string[],
  ready: RegExp,
  core?: number,
): Promise<Program> {
  const [command, ...words] = pinned(core, [process.execPath, '-r', './tools/build/typescript.cjs', file, ...args]);
  const child = spawn(command!, words, { stdio: ['ignore', 'pipe', 'pipe'] });
  const said: string[] = [];
  child.stderr.on('data', (text: Buffer) => said.push(text.toString()));
  const found = await new Promise<RegExpExecArray>((resolve, reject) => {
    createInterface({ input: child.stdout }).on('line', (line) => {
      const match = ready.exec(line);
      if (match) resolve(match);
    });
    child.once('error', (error) => reject(new ToolError(`${name} cannot be started: ${error.message}`)));
    child.once('exit', (code) =>
      reject(new ToolError(`${name} ended with ${code} before it was ready: ${said.join('').trim()}`)),
    );
  });
  return {
    process: child,
    ready: found,
    async stop() {
      if (child.exitCode !== null || child.signalCode !== null) return;
      child.kill('SIGTERM');
      await once(child, 'exit');
    },
  };
}
