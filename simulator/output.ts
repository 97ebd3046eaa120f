/**
 * Lets a program go on whose reader has left, as `npm run params | head -1` does: what it would still print is dropped,
 * and what it writes into files is written to the end. Without this, Node ends it with a stack trace (EPIPE) in the midst
 * of its work. Output that cannot be written for another reason, as on a full disk, ends it with a sentence and exit
 * code 2.
 */
export function outliveReaders(): void {
  for (const stream of [process.stdout, process.stderr])
    stream.on('error', (error: NodeJS.ErrnoException) => {
      if (error.code === 'EPIPE') return;
      if (stream === process.stdout) process.stderr.write(`The output cannot be written: ${error.message}\n`);
      process.exit(2);
    });
}
