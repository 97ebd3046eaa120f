import assert from 'node:assert/strict';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import type { RequestEntry } from 'k6/x/sse';
import { quantileOf } from '../../../lib/statistics';
import { scratch } from '../../programs/scratch';
import type { Comparison } from './comparison';
import { compare } from './judge';
import { madeRequests, madeRun, type Made } from './made.fixture';
import { readSide } from './runs';

const made = { seed: 5, seconds: 120 };
let folders = 0;

/** A run's folder, with its file of requests where `entries` are given. */
function written(of: Made, entries?: readonly (RequestEntry | string)[], kept?: number): string {
  const folder = join(scratch(), `run-${++folders}`);
  mkdirSync(folder);
  const { report } = madeRequests(of);
  const change = (record: object) =>
    entries && Object.assign(record, { requests: { ...report, kept: kept ?? entries.length } });
  writeFileSync(join(folder, 'run.json'), JSON.stringify(madeRun({ ...of, change }).record));
  if (entries) {
    const lines = entries.map((entry) => (typeof entry === 'string' ? entry : `${JSON.stringify(entry)}\n`));
    writeFileSync(join(folder, 'requests.jsonl'), lines.join(''));
  }
  return folder;
}

const compared = (a: string, b: string): Comparison => compare(readSide([a], 'base'), readSide([b], 'new'));
const median = ({ figures }: Comparison) =>
  figures.find(({ metric, stat, role }) => metric === 'llm_e2e' && stat === 'p50' && role === 'main')!;
const exactMedian = (of: Made) => {
  const values = madeRequests(of).entries.flatMap(({ e2e_ms }) => (e2e_ms === undefined ? [] : [e2e_ms]));
  return quantileOf(
    values.sort((a, b) => a - b),
    0.5,
  )!;
};
const other = { ...made, seed: 6 };

test('percentiles come from the single requests where every run has them: exact, where a histogram is not', () => {
  const folder = [made, other].map((of) => written(of, madeRequests(of).entries));
  const exact = compared(folder[0]!, folder[1]!);
  assert.equal(median(exact).base, exactMedian(made));
  assert.equal(median(exact).new, exactMedian(other));
  assert.match(exact.notes.join(' '), /exact: they come from the single requests/);

  const histogram = compared(written(made), written(other));
  assert.notEqual(median(histogram).base, exactMedian(made));
  assert.ok(Math.abs(median(histogram).base! / exactMedian(made) - 1) < 0.0026);
  assert.ok(!histogram.notes.join(' ').includes('exact'));
  assert.deepEqual(median(exact).n, median(histogram).n);
});

test('one side without the file: both sides come from histograms, so that the two differ in nothing but the target', () => {
  const mixed = compared(written(made, madeRequests(made).entries), written(other));
  assert.deepEqual(mixed.figures, compared(written(made), written(other)).figures);
});

test('a file that is cut off, damaged, or not of this run is not used, and one sentence says why', () => {
  const { entries } = madeRequests(made);
  const whole = written(other, madeRequests(other).entries);
  const half = JSON.stringify(entries.at(-1)).slice(0, 40);
  for (const [folder, why] of [
    [written(made, entries.slice(0, 100), entries.length), /has 100 requests, and run\.json says \d+/],
    [written(made, [...entries.slice(0, -1), half], entries.length), /has \d+ requests, and run\.json says \d+/],
    [written(made, ['<html>\n', ...entries]), /line 1: it is no JSON/],
    [written(made, ['[]\n', ...entries]), /line 1: it is no record of a request/],
    [written(made, [{ ...entries[0]!, e2e_ms: 'soon' as unknown as number }, ...entries]), /e2e_ms is no number/],
  ] as const) {
    const { notes, figures } = compared(folder, whole);
    assert.match(notes.join('\n'), why);
    assert.equal(notes.filter((note) => note.startsWith('A file of single requests is not used: ')).length, 1);
    assert.deepEqual(figures, compared(written(made), written(other)).figures);
  }
  // Of the same length, but of other requests: what it says is not what the run booked.
  const swapped = entries.map((entry) => ({ ...entry, tags: { ...entry.tags, kind: 'embedding' } }));
  const others = compared(written(made, swapped), whole);
  assert.deepEqual(others.figures, compared(written(made), written(other)).figures);
  assert.match(
    others.notes.join(' '),
    /The files of single requests are not used: they hold other requests than run\.json counts\./,
  );
  assert.ok(
    !others.notes.join(' ').includes('exact'),
    'it said that percentiles are exact, and they came from histograms',
  );
});

test('a record cannot name a file outside its own folder', () => {
  const folder = written(made);
  const outside = written(made, madeRequests(made).entries);
  const { record } = madeRun(made);
  record.requests = { ...madeRequests(made).report, file: `../${outside.split('/').at(-1)}/requests.jsonl` };
  writeFileSync(join(folder, 'run.json'), JSON.stringify(record));
  assert.equal(readSide([folder], 'base')[0]!.exact, undefined);
});
