import assert from 'node:assert/strict';
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { documentOf, reportPage, type Document } from '../../../lib/report';
import { textSummary, type RunRecord } from '../../../lib/summary';
import { scratch } from '../../programs/scratch';
import { madeRun } from '../compare/made.fixture';
import { chart, short, ticks } from '../trend/chart';
import { csvCell } from './csv';
import { formats, type FormatName } from './formats';
import { main, writeReport } from './report';

const template = '<title><!--title--></title><script type="application/json"><!--document--></script>';
const made = (change: (record: RunRecord) => void = () => {}, seconds = 60) =>
  madeRun({ seed: 1, seconds, change }).record;
const written = (page: string) =>
  JSON.parse(/<script type="application\/json">(.*)<\/script>/s.exec(page)![1]!) as Document;

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
  const points = [
    [0, 1],
    [1, null],
    [2, 1],
  ] as const;
  const drawn = chart({ title: 'a', unit: 'ms', lines: [{ name: 'x', points }] });
  assert.equal(/ d="([^"]*)"/.exec(drawn)![1]!.match(/M/g)!.length, 2);
});

test('NoScriptFromTheTarget: whatever a target says ends no script element and begins none', () => {
  const evil = '</script><script>alert(1)</script><!--<img src=x onerror=alert(2)>\u2028';
  const run = made((record) => {
    record.script = evil;
    record.reasons = [{ about: 'target', text: evil }];
    record.findings = [{ id: 'x', value: 1, unit: '', text: evil, table: { head: [evil], rows: [[evil]] } }];
  });
  const page = reportPage(run, template);
  assert.equal(page.match(/<\/?script/g)!.length, 2);
  assert.ok(!page.includes('<img') && !/<script.*\u2028.*<\/script>/s.test(page));
  const said = written(page);
  assert.equal(said.script, evil);
  assert.deepEqual(said.reasons, [`target: ${evil}`]);
  assert.ok(
    !chart({ title: '<script>', unit: '"', lines: [{ name: '<img>', points: [[0, 1]] }] }).match(/<script|<img/),
  );
});

test('the report lists the slowest requests with the ids by which the target finds them, where REQUESTS kept them', () => {
  const slowest = [
    {
      due_ms: 1500,
      connect_ms: 0,
      ttft_ms: 900,
      e2e_ms: 8000,
      outcome: 'ok',
      request_id: 'req-7',
      tags: { kind: 'chat' },
    },
    { connect_ms: 0, end_ms: 5000, outcome: 'timeout_total', tags: { kind: 'chat' } },
  ];
  const run = made((record) => {
    record.requests = { file: 'requests.jsonl', which: 'all', one_in: 1, kept: 2, left_out: 0, slowest };
  });
  const section = (of: RunRecord) => documentOf(of).sections.find(({ title }) => title === 'Slowest requests');
  const table = section(run)!.blocks.find((block) => block.kind === 'table')!;
  assert.deepEqual(
    table.rows.map((row) => row.slice(0, 5)),
    [
      ['req-7', 'ok', 1.5, 900, 8000],
      ['none told', 'timeout_total', null, null, 5000],
    ],
  );
  assert.equal(section(made()), undefined);
});

test('table and report lead to the run in Grafana, where GRAFANA_URL says which', () => {
  const run = made((record) => {
    record.run_id = '20261126T120000-001-ttft';
    record.started_at = '2026-11-26T12:00:00.000Z';
    record.environment.parameters.grafanaUrl = 'http://localhost:3000';
  });
  const link = `http://localhost:3000/d/gsai-perf-overview?var-script=${run.script}&var-run=20261126T120000-001-ttft&from=1795694390000&to=${1795694400000 + 1000 * run.duration_s + 10_000}`;
  assert.ok(textSummary(run, 'results/x').includes(`  Grafana     ${link}\n`));
  assert.ok(reportPage(run, template).includes(JSON.stringify(link).slice(1, -1)));
  assert.ok(!textSummary(made(), 'results/x').includes('Grafana'));
  run.environment.parameters.grafanaUrl = 'http://localhost:3000/d/gsai-perf-prometheus-overview';
  assert.match(textSummary(run, 'x'), /http:\/\/localhost:3000\/d\/gsai-perf-prometheus-overview\?var-script=/);
});

test('the report says what was sent, not what the plan has at full scale', () => {
  const said = documentOf(made());
  assert.match(said.sent[0]!, /^\d+ requests in 60 s/);
});

test('missed objectives stand first among the three figures, in per cent and with the limit in words: it was "success 0.0401"', () => {
  const run = made();
  const of = { source: 'plan', n: 1000, needs: 132, reason: '', tags: {} };
  run.objectives = [
    {
      ...of,
      name: 'TTFT p50',
      metric: 'llm_ttft',
      stat: 'p50',
      target: '< 500',
      measured: 260.123,
      interval: [250, 270],
      state: 'ok',
    },
    {
      ...of,
      name: 'success',
      metric: 'llm_stream_error',
      stat: 'share',
      target: '<= 0.01',
      measured: 0.0401,
      interval: [0.031, 0.052],
      state: 'missed',
    },
  ];
  assert.deepEqual(documentOf(run).figures[0], {
    name: 'errors',
    value: '4 %',
    wanted: 'at most 1 %',
    state: 'missed',
  });
});

test('an hour of one second slots makes a page far under a megabyte', () => {
  const run = made(undefined, 600);
  run.timeline = Array.from({ length: 3600 }, (_, i) => ({ ...run.timeline[i % 600]!, t_s: i }));
  const bytes = reportPage(run, template).length;
  assert.ok(bytes < 500_000, `${bytes} bytes`);
});

test('a run that was refused has a report too', () => {
  const run = made((record) => {
    Object.assign(record, {
      phases: [],
      timeline: [],
      metrics: {},
      outcomes: [],
      objectives: [],
      findings: [],
      cost: null,
    });
    record.counts = { started: 0, finished: 0, failed: 0, interrupted: 0 };
    record.verdict = 'INVALID';
    record.reasons = [{ about: 'instrument', text: 'the key was refused' }];
  });
  const said = documentOf(run);
  assert.equal(said.picture, undefined);
  assert.deepEqual(said.reasons, ['instrument: the key was refused']);
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

const evil = '=cmd|"/c calc"!A1</script><b>|x';

/** A run whose target names a model so that formats could be broken by it. */
const named = (name: string) =>
  made((record) => {
    record.script = name;
    for (const rows of Object.values(record.metrics)) for (const row of rows) Object.assign(row.tags, { model: name });
    record.findings = [{ id: 'x', value: 1, unit: '', text: name, table: { head: ['a'], rows: [[name]] } }];
  });

test('CSV from a target starts no formula in a spreadsheet, and numbers stay numbers', () => {
  for (const text of ['=1+1', '+1', '-1', '@x', ' =1', '\t=1', '\uff1d1'])
    assert.ok(/^"?'/.test(csvCell(text)), JSON.stringify(csvCell(text)));
  assert.equal(csvCell(-1.5), '-1.5');
  assert.equal(csvCell('a"b,c'), '"a""b,c"');
  const lines = formats.csv.make(named(evil)).trimEnd().split('\r\n');
  assert.ok(lines[0]!.startsWith('run_id,metric,unit,'));
  assert.ok(lines.length > 5 && lines.slice(1).every((line) => !/(^|,)"?=/.test(line)));
});

test('Markdown from a target is text: no HTML, no cell of its own', () => {
  const said = formats.md.make(named(evil));
  assert.ok(!said.includes('<b>') && !said.includes('</script>'));
  const widths = said.split('\n').filter((line) => line.startsWith('|'));
  assert.ok(widths.length > 5);
  assert.ok(said.includes('&#124;x'));
});

test('JSON lines are objects that say what they are, without histograms', () => {
  const lines = formats.jsonl.make(made()).trimEnd().split('\n');
  const types = lines.map((line) => (JSON.parse(line) as { type: string }).type);
  assert.deepEqual([...new Set(types)].slice(0, 2), ['run', 'phase']);
  assert.ok(types.includes('metric') && types.includes('slot'));
  assert.ok(!lines.some((line) => line.includes('"buckets"')));
});

test('OpenMetrics has each family in one piece, times in seconds, and ends with # EOF', () => {
  const lines = formats.openmetrics.make(named('a"b\\c')).trimEnd().split('\n');
  assert.equal(lines.at(-1), '# EOF');
  const names = lines.filter((line) => line.startsWith('# TYPE')).map((line) => line.split(' ')[2]!);
  assert.equal(new Set(names).size, names.length);
  const quantile = lines.find((line) => line.startsWith('llm_ttft_seconds{') && line.includes('quantile="0.5"'))!;
  const value = Number(quantile.split(' ').at(-2));
  assert.ok(value > 0.1 && value < 2, quantile);
  assert.ok(quantile.includes('model="a\\"b\\\\c"'), quantile);
});

test("llm-d's benchmark report counts chats alone, in seconds", () => {
  const run = made();
  const said = JSON.parse(formats['benchmark-report'].make(run)) as {
    version: string;
    results: {
      request_performance: {
        aggregate: {
          requests: { total: number; failures: number };
          latency: { time_to_first_token: { units: string; p50: number } };
        };
      };
    };
  };
  assert.equal(said.version, '0.2');
  const { requests, latency } = said.results.request_performance.aggregate;
  const chats = run.outcomes.filter(({ tags }) => tags.kind === 'chat');
  assert.equal(
    requests.total,
    chats.reduce((sum, { count }) => sum + count, 0),
  );
  assert.equal(latency.time_to_first_token.units, 's');
  assert.ok(latency.time_to_first_token.p50 > 0.1 && latency.time_to_first_token.p50 < 2);
});

test('a damaged run.json is told by every format, and nothing is written', async () => {
  const folder = scratch();
  writeFileSync(join(folder, 'run.json'), JSON.stringify(made()).slice(0, 3000));
  for (const format of Object.keys(formats) as FormatName[]) {
    await assert.rejects(main([folder, '--format', format]), /run\.json is no JSON.*cut off/);
    if (format !== 'junit') assert.ok(!existsSync(join(folder, formats[format].file)));
  }
  await assert.rejects(main([folder, '--format', 'parquet']), /run\.json is no JSON.*cut off/);
  await assert.rejects(main([folder, '--format', 'pdf']), /--format is "pdf", but must be one of html, md,/);
  await assert.rejects(main([]), /no run is named/);
});

test('a failover has its time line, and the impact matrix is darker where more harm is done', () => {
  const cells = [
    ['stream', '+3.1', '+250', '-2.0'],
    ['plain', '+9.0 (not sure)', '-', '+31'],
  ];
  const table = { head: ['', 'plain', 'embedding', 'list'], rows: cells };
  const run = made((record) => {
    record.findings = [
      { id: 'failover', value: 1, unit: 'share', text: 'all were answered' },
      { id: 'impact', value: 2, unit: 'cells', text: 'who hurts whom', table },
    ];
  });
  const { blocks } = documentOf(run).sections.find(({ title }) => title === 'Findings')!;
  const line = blocks.find((block) => block.kind === 'lines')!;
  assert.match(line.title, /^Failover time line/);
  assert.deepEqual(
    line.bands!.map(({ name }) => name),
    run.phases.map(({ phase }) => phase),
  );
  assert.equal(line.x.values.length, run.timeline.length);
  const matrix = blocks.find((block) => block.kind === 'table')!;
  assert.deepEqual(matrix.shades, [
    [0, 2, 4, 0],
    [0, 0, 0, 3],
  ]);
  const unhurt = made((record) => {
    record.findings = [
      { id: 'impact', value: 0, unit: 'cells', text: 'none', table: { ...table, rows: [['x', '-']] } },
    ];
  });
  const [, none] = documentOf(unhurt).sections.find(({ title }) => title === 'Findings')!.blocks;
  assert.deepEqual(none!.kind === 'table' && none!.shades, [[0, 0]]);
});
