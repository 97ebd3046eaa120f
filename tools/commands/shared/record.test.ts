import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { ToolError } from '../../programs/process';
import { scratch } from '../../programs/scratch';
import { main as compareRuns } from '../compare/compare';
import { madeRun } from '../compare/made.fixture';
import { main as importRuns } from '../influx/import';
import { mergeRuns } from '../parts/merge';
import { writeReport } from '../report/report';
import { readRecord } from './record';

const sound = JSON.stringify(madeRun({ seed: 1, seconds: 20 }).record);
const file = (text: string) => {
  const path = join(scratch(), 'run.json');
  writeFileSync(path, text);
  return path;
};
const changed = (change: object) => JSON.stringify({ ...(JSON.parse(sound) as object), ...change });

/** What is wrong with a file, and what every tool says of it. */
const damaged: [string, string, RegExp][] = [
  ['cut off', sound.slice(0, sound.length / 2), /is no JSON: .*It was cut off, or is another file/],
  ['empty', '', /is empty: the run did not end, or the disk was full/],
  ['another JSON', '{"name":"x"}', /is no run\.json/],
  ['a list', '[1]', /is no run\.json: it holds no object/],
  ['of another schema', changed({ schema: 99 }), /is a run\.json of schema 99, and this version reads 1 and 2/],
  ['with HTML for a verdict', changed({ verdict: '<script>alert(1)</script>' }), /does not follow schema 2 .*verdict/],
  ['with HTML for counts', changed({ counts: { started: '<img>' } }), /does not follow schema 2 .*counts/],
  ['without metrics', changed({ metrics: undefined }), /does not follow schema 2/],
];

/** Each tool that reads a record, with what it says. */
const tools: [string, (path: string) => Promise<string>][] = [
  ['report', (path) => said(() => writeReport(path))],
  ['influx:import', (path) => said(() => importRuns([path]))],
  ['merge', (path) => said(() => mergeRuns([path]))],
  [
    'compare',
    (path) => {
      let text = '';
      const code = compareRuns([path, path], { out: () => assert.fail('a comparison'), err: (told) => (text += told) });
      assert.equal(code, 104);
      return Promise.resolve(text.trim());
    },
  ],
];

async function said(call: () => unknown): Promise<string> {
  try {
    await call();
  } catch (error) {
    assert.ok(error instanceof ToolError, String(error));
    return error.message;
  }
  return assert.fail('nothing was refused');
}

for (const [tool, ask] of tools)
  test(`a run.json that is damaged, or somebody else's, gets one sentence of ${tool} and is not used`, async () => {
    for (const [what, text, sentence] of damaged) {
      const told = await ask(file(text));
      assert.match(told, sentence, what);
      assert.ok(!told.includes('\n') && !told.includes('<script>') && !told.includes('    at '), told);
    }
  });

test('what somebody else wrote into a record cannot move the cursor of a terminal, nor turn the direction of a line', () => {
  const orders = '\u001b[2J\u202e\u0007';
  const { record: read } = readRecord(file(changed({ row: `x${orders}`, notes: [`${orders}y`] })));
  assert.equal(read.row, 'x?[2J??');
  assert.deepEqual(read.notes, ['?[2J??y']);
});
