import { closeSync, openSync, readSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { StringDecoder } from 'node:string_decoder';
import type { RequestEntry } from 'k6/x/sse';
import type { RunRecord } from '../../../lib/summary';
import { ToolError } from '../../programs/process';

/** Fields of a line that are numbers, where they are there. */
const numbers = [
  'due_ms',
  'sent_ms',
  'connect_ms',
  'first_byte_ms',
  'ttft_ms',
  'e2e_ms',
  'end_ms',
  'status',
  'prompt_tokens',
  'completion_tokens',
] as const;
const texts = ['request_id', 'trace_id', 'error'] as const;

/** The file of single requests of a run whose record was read from `recordFile`; undefined where it has none. */
export function requestsFile(recordFile: string, { requests }: RunRecord): string | undefined {
  // Whoever wrote the record: the file lies beside it, and nowhere else.
  if (requests === undefined || !/^[\w-]+\.jsonl$/.test(requests.file)) return undefined;
  const file = join(dirname(recordFile), requests.file);
  return statSync(file, { throwIfNoEntry: false })?.isFile() ? file : undefined;
}

/**
 * The lines of such a file, one after another: it may be larger than the memory. A last line without an end, as a run
 * that was killed leaves it, is no request. Throws {@link ToolError} for a line that is none.
 */
export function* requestLines(file: string): Generator<RequestEntry> {
  let number = 0;
  for (const line of lines(file)) {
    number++;
    const entry = parsed(line);
    if (typeof entry === 'string') throw new ToolError(`${file}, line ${number}: ${entry}`);
    yield entry;
  }
}

function* lines(file: string): Generator<string> {
  const handle = openSync(file, 'r');
  try {
    const chunk = Buffer.alloc(1 << 20);
    const decoder = new StringDecoder('utf8');
    let rest = '';
    for (let n = readSync(handle, chunk); n > 0; n = readSync(handle, chunk)) {
      const parts = (rest + decoder.write(chunk.subarray(0, n))).split('\n');
      rest = parts.pop()!;
      yield* parts;
    }
  } finally {
    closeSync(handle);
  }
}

/** The request of a line, or why it is none. */
function parsed(line: string): RequestEntry | string {
  let entry: Partial<RequestEntry> | null;
  try {
    entry = JSON.parse(line) as Partial<RequestEntry> | null;
  } catch (error) {
    return `it is no JSON: ${(error as Error).message}`;
  }
  if (typeof entry !== 'object' || entry === null) return 'it holds no object';
  const { outcome, tags, connect_ms } = entry;
  if (typeof outcome !== 'string' || typeof tags !== 'object' || tags === null || connect_ms === undefined)
    return 'it is no record of a request';
  for (const name of numbers)
    if (entry[name] !== undefined && !Number.isFinite(entry[name])) return `${name} is no number`;
  for (const name of texts)
    if (entry[name] !== undefined && typeof entry[name] !== 'string') return `${name} is no text`;
  for (const [name, value] of Object.entries(tags))
    if (typeof value !== 'string') return `the tag ${name.slice(0, 40)} is no text`;
  return entry as RequestEntry;
}
