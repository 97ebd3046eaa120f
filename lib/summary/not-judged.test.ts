import assert from 'node:assert/strict';
import { test } from 'node:test';
import { judge } from '../verdict';
import { parseObjectives } from '../objectives';
import { soundSnapshot } from '../measurements/snapshot.fixture';
import { jUnit } from './junit';
import { record } from './record.fixture';
import { file } from './screen';
import { textSummary } from './text';

test('CpuVanished: an objective that was not judged is told in the table, in run.json and in junit.xml, with the reason', () => {
  const given = {
    row: 'r',
    objectives: [
      { name: 'TTFT p95', metric: 'llm_ttft', stat: 'p95', below: 500, source: 'plan' },
      { name: 'CPU use', finding: 'cpu-use', below: 0.7, ifRun: true, source: 'plan' },
      {
        name: 'llama',
        metric: 'llm_ttft',
        stat: 'p95',
        below: 500,
        tags: { family: 'llama' },
        ifRun: true,
        source: 'x',
      },
    ],
  };
  const { objectives, findings } = parseObjectives(given, 'x.json');
  const judged = judge({
    objectives,
    findings: { objectives: findings, made: [] },
    snapshot: soundSnapshot({}),
    refused: '',
    vus: 100,
    allowedSeconds: 2,
    mayBreak: false,
  });
  const run = { ...record(), ...judged };
  assert.equal(run.verdict, 'PASS');
  const left = run.objectives.filter(({ state }) => state === 'not judged');
  assert.deepEqual(left.map(({ name }) => name).sort(), ['CPU use', 'llama']);
  assert.ok(
    left.every(({ reason }) => reason !== ''),
    'run.json says why',
  );

  const table = textSummary(run, '', file);
  const xml = jUnit(run);
  for (const { name, reason } of left) {
    assert.match(table, new RegExp(`not judged +${name}`));
    assert.ok(table.replace(/\s+/g, ' ').includes(`${name}: ${reason}`), table);
    assert.match(
      xml,
      new RegExp(`<testcase name="${name}"[^>]*><skipped message="not judged: [^"]*"/><system-out>not judged\n`),
    );
    assert.ok(xml.includes(reason.replaceAll('&', '&amp;').replaceAll('<', '&lt;')), xml);
  }
  assert.match(xml, /skipped="2"/);
});
