import { buffer } from 'node:stream/consumers';
import { gzipSync } from 'node:zlib';
import { pack } from 'tar-stream';
import { ZipFile } from 'yazl';

/** A file of an archive. */
export interface Entry {
  /** In the archive, with slashes. */
  path: string;
  content: Buffer;
  executable?: boolean;
}

const sorted = (entries: readonly Entry[]) => [...entries].sort((a, b) => (a.path < b.path ? -1 : 1));
const mode = ({ executable }: Entry) => (executable ? 0o755 : 0o644);

/** A gzipped tar file: the same entries and time give the same bytes. */
export async function tarGz(entries: readonly Entry[], time: Date): Promise<Buffer> {
  const tar = pack();
  const bytes = buffer(tar);
  for (const entry of sorted(entries))
    tar.entry({ name: entry.path, mode: mode(entry), mtime: time, uid: 0, gid: 0 }, entry.content);
  tar.finalize();
  const zipped = gzipSync(await bytes, { level: 9 });
  zipped[9] = 255; // the operating system that zipped it: unknown, wherever that was
  return zipped;
}

/** A zip file: the same entries and time give the same bytes, in any time zone. */
export async function zip(entries: readonly Entry[], time: Date): Promise<Buffer> {
  const file = new ZipFile();
  // The format's own time is local and has no zone: written as if here were UTC.
  const mtime = new Date(time.getTime() + time.getTimezoneOffset() * 60_000);
  for (const entry of sorted(entries))
    file.addBuffer(entry.content, entry.path, {
      mtime,
      mode: mode(entry) | 0o100000,
      forceDosTimestamp: true,
    });
  const bytes = buffer(file.outputStream);
  file.end();
  return bytes;
}
