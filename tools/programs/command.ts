import { outliveReaders } from '../../simulator/output';
import { shownError } from './printable';
import { ToolError } from './process';

/** What a command does: it is given its arguments and returns its exit code. */
export type Main = (args: string[]) => Promise<number> | number;

/**
 * Runs a command of ours with the arguments of this process. `--help` or `-h` anywhere prints its help, and so does no
 * argument at all where it `needsArguments`. A {@link ToolError} is one sentence for the user on stderr, and exit code
 * 2; any other error is a fault of ours and keeps its stack. A reader of the output may leave at any time.
 */
export async function runCommand(help: string, main: Main, needsArguments = false): Promise<void> {
  outliveReaders();
  const args = process.argv.slice(2);
  if (args.includes('--help') || args.includes('-h') || (needsArguments && args.length === 0)) {
    process.stdout.write(`${help}\n`);
    return;
  }
  try {
    process.exitCode = await main(args);
  } catch (error) {
    process.stderr.write(
      `${error instanceof ToolError ? shownError(error.message) : error instanceof Error ? error.stack : String(error)}\n`,
    );
    process.exitCode = 2;
  }
}
