import assert from 'node:assert/strict';
import { test } from 'node:test';
import { outputLines, outputsReport } from './outputs';

const load = { started_at: '2026-11-25T10:00:00.000Z', duration_s: 60 };
const at = (seconds: number) => Date.UTC(2026, 10, 25, 10, 0, seconds);

test('one sentence says which output, from when to when, how much, and what fills the hole', () => {
  const outputs = outputsReport([
    {
      name: 'InfluxDBv1',
      errors: 12,
      messages: ['connection refused'],
      holes: [{ from: at(1), to: at(13), samples: 1234.4 }],
    },
  ]);
  assert.deepEqual(outputLines({ outputs, ...load }, 'results/r'), [
    '  output      InfluxDBv1 failed 12 times: dashboards have a hole from 10:00:01 to 10:00:13 UTC, about 1234 samples; npm run influx:import -- results/r fills it',
    '              connection refused',
  ]);
});

test('an output that cannot be filled afterwards is told all the same, and many holes are not all listed', () => {
  const hole = (i: number) => ({ from: at(i), to: at(i + 1), samples: 1 });
  const outputs = outputsReport([
    { name: 'Prometheus remote write', errors: 5, messages: [], holes: [0, 10, 20, 30, 40].map(hole) },
  ]);
  const [line] = outputLines({ outputs, ...load }, '');
  assert.match(
    line!,
    /^ {2}output {6}Prometheus remote write failed 5 times: dashboards have a hole from 10:00:00 to 10:00:01, .* and 2 more times UTC$/,
  );
});

test('outputs that did not complain are not told of', () => {
  assert.equal(outputsReport([]), undefined);
  assert.deepEqual(outputLines(load, 'results/r'), []);
});

test('errors that come long after the load say nothing of when an output stopped answering', () => {
  const outputs = outputsReport([
    { name: 'InfluxDBv1', errors: 6, messages: ['EOF'], holes: [{ from: at(90), to: at(91), samples: 0 }] },
  ]);
  assert.match(
    outputLines({ outputs, ...load }, 'results/r')[0]!,
    /failed 6 times: it got no answer, and the samples that it kept meanwhile are lost; since when is not known \(its errors came 10:01:30 to 10:01:31 UTC\); npm run influx:import/,
  );
});
