import { renameSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { SchemaElement } from 'hyparquet';
import { fileWriter, ParquetWriter } from 'hyparquet-writer';
import type { RequestEntry } from 'k6/x/sse';
import { ToolError } from '../../programs/process';
import { readRecord } from '../shared/record';
import { requestLines, requestsFile } from '../shared/requests';

/*
 * The file of single requests as Parquet, for those who ask many of them with DuckDB, pandas, Spark and the like. k6
 * itself writes lines of JSON: while a load runs, nothing is turned around.
 */

/** Beside run.json. */
const parquetName = 'requests.parquet';

type Value = number | string | undefined;

interface Column {
  name: string;
  type: 'DOUBLE' | 'INT32' | 'BYTE_ARRAY';
  of(entry: RequestEntry): Value;
}

const fields: readonly Column[] = [
  ...(['due_ms', 'sent_ms', 'connect_ms', 'first_byte_ms', 'ttft_ms', 'e2e_ms', 'end_ms'] as const).map(
    (name): Column => ({ name, type: 'DOUBLE', of: (entry) => entry[name] }),
  ),
  ...(['status', 'prompt_tokens', 'completion_tokens'] as const).map(
    (name): Column => ({ name, type: 'INT32', of: (entry) => entry[name] }),
  ),
  ...(['outcome', 'request_id', 'trace_id', 'error'] as const).map(
    (name): Column => ({ name, type: 'BYTE_ARRAY', of: (entry) => entry[name] }),
  ),
];

/** A tag is a column of its own name, unless a field of the line has that. */
const tagColumn = (tag: string): Column => ({
  name: fields.some(({ name }) => name === tag) ? `tag_${tag}` : tag,
  type: 'BYTE_ARRAY',
  of: ({ tags }) => tags[tag],
});

/** More different tags than this are ids that somebody put there. */
const mostTags = 100;

const rowsAtOnce = 50_000;

/**
 * Writes a run's requests.jsonl as requests.parquet beside it: a column for each field and each tag, null where a
 * request has none. Returns its path. Throws {@link ToolError}.
 */
export function writeParquet(run: string): string {
  const { file, record } = readRecord(run);
  const source = requestsFile(file, record);
  if (source === undefined)
    throw new ToolError(
      `${dirname(file)} has no file of single requests: a run writes one with -e REQUESTS=all, sample or failed`,
    );
  const columns = [...fields, ...tagsOf(source).map(tagColumn)];
  const path = join(dirname(file), parquetName);
  const half = `${path}.part`;
  try {
    write(source, half, columns, record.run_id);
    renameSync(half, path);
  } catch (error) {
    rmSync(half, { force: true });
    if (error instanceof ToolError) throw error;
    throw new ToolError(`${path} cannot be written: ${(error as NodeJS.ErrnoException).code ?? String(error)}`);
  }
  return path;
}

function tagsOf(source: string): string[] {
  const found = new Set<string>();
  for (const { tags } of requestLines(source)) {
    for (const tag of Object.keys(tags)) found.add(tag);
    if (found.size > mostTags) throw new ToolError(`${source} has more than ${mostTags} different tags`);
  }
  return [...found].sort();
}

function write(source: string, path: string, columns: readonly Column[], runId: string): void {
  const schema: SchemaElement[] = [
    { name: 'root', num_children: columns.length },
    ...columns.map(
      ({ name, type }): SchemaElement => ({
        name,
        type,
        repetition_type: 'OPTIONAL',
        ...(type === 'BYTE_ARRAY' ? { converted_type: 'UTF8', logical_type: { type: 'STRING' } } : {}),
      }),
    ),
  ];
  const writer = new ParquetWriter({
    writer: fileWriter(path),
    schema,
    createdBy: 'gsai-perf',
    kvMetadata: [{ key: 'run_id', value: runId }],
  });
  let rows: RequestEntry[] = [];
  const flush = () => {
    const columnData = columns.map(({ name, of }) => ({ name, data: rows.map((entry) => of(entry) ?? null) }));
    if (rows.length > 0) void writer.write({ columnData, rowGroupSize: rowsAtOnce });
    rows = [];
  };
  for (const entry of requestLines(source)) {
    rows.push(entry);
    if (rows.length >= rowsAtOnce) flush();
  }
  flush();
  void writer.finish();
}
