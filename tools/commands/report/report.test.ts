import assert from 'node:assert/strict';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { scratch } from '../../programs/scratch';
import { chart, short, ticks } from './chart';
import { writeReport } from './report';

test('axes have round marks that cover the values', () => {
  assert.deepEqual(ticks(270, 5), [0, 100, 200, 300]);
  assert.deepEqual(ticks(5, 5), [0, 1, 2, 3, 4, 5]);
  assert.deepEqual(ticks(0.3, 5), [0, 0.1, 0.2, 0.3]);
  assert.deepEqual(ticks(0, 5), [0, 1]);
  assert.equal(short(0.30000000000000004), '0.3');
  assert.equal(short(123456.7), '123457');
});

test('EmptyMetricsCanBeReported: a chart of nothing is nothing, and a hole in a line stays one', () => {
  assert.equal(chart({ title: 'a', unit: 'ms', lines: [{ name: 'x', points: [[0, null]] }] }), '');
  const drawn = chart({
    title: 'a',
    unit: 'ms',
    lines: [
      {
        name: 'x',
        points: [
          [0, 1],
          [1, null],
          [2, 1],
        ],
      },
    ],
  });
  assert.equal(/ d="([^"]*)"/.exec(drawn)![1]!.match(/M/g)!.length, 2);
});

test('NoScriptFromTheTarget: names are text in the picture', () => {
  assert.ok(
    !chart({ title: '<script>', unit: '"', lines: [{ name: '<img>', points: [[0, 1]] }] }).match(/<script|<img/),
  );
});

test('what is no run is told in a sentence that names the file', () => {
  const folder = scratch();
  assert.throws(
    () => writeReport(join(folder, 'missing')),
    /missing cannot be read: ENOENT\. Give the folder of a run/,
  );
  mkdirSync(join(folder, 'run'));
  for (const [text, said] of [
    ['{', /run\.json is no JSON/],
    ['{"schema":9,"run_id":"r"}', /is a run\.json of schema 9, and this version reads 1 and 2/],
    ['null', /is no run\.json/],
    ['{"schema":1,"run_id":"r","verdict":"PASS"}', /does not follow schema 1 of run\.json/],
  ] as const) {
    writeFileSync(join(folder, 'run', 'run.json'), text);
    assert.throws(() => writeReport(join(folder, 'run')), said);
  }
});
