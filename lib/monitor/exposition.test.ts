import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Counter, Gauge, Histogram, Registry } from 'prom-client';
import { parsePage } from './exposition';

const only = (...names: string[]) => new Set(names);

test('every form of a line: labels, escapes, blanks, timestamps, exemplars, special numbers, comments, CR LF', () => {
  const page = [
    '# HELP a_total something with "quotes" and \\n',
    '# TYPE a_total counter',
    'a_total 12',
    'a_total{} 13',
    'a_total{path="/x\\"y\\\\z\\n{,}=",code="200"} 1.5e3 1395066363000',
    'a_total{ code = "500" , } 3 # {trace_id="ab c"} 0.67 1520879607.789',
    'a_total{le="+Inf"}4\r',
    'a_total\t  +Inf',
    'a_total NaN',
    'a_total -Inf',
    'a_total .5',
    'other 1',
    '',
    '# EOF',
  ].join('\n');
  const { samples, malformed } = parsePage(page, only('a_total'));
  assert.equal(malformed, 0);
  assert.deepEqual(
    samples.map(({ value }) => value),
    [12, 13, 1500, 3, 4, Infinity, NaN, -Infinity, 0.5],
  );
  assert.deepEqual(samples[2]!.labels, { path: '/x"y\\z\n{,}=', code: '200' });
  assert.deepEqual(samples[3]!.labels, { code: '500' });
});

test('what is no line of the format is counted and passed over', () => {
  const page = [
    'a 1 2 3',
    'a{x="1" 2',
    'a{x=1} 2',
    'a{x="open} 2',
    'a',
    'a x',
    'a 0x10',
    '<html>',
    '{"a.b", x="1"} 2',
    'a 7',
  ].join('\n');
  const { samples, malformed } = parsePage(page, only('a'));
  assert.deepEqual(
    samples.map(({ value }) => value),
    [7],
  );
  assert.equal(malformed, 8, 'all but the name in quotes, which is of the format but not read, and the last');
});

test("what Prometheus' own client writes is read, a histogram too", async () => {
  const registry = new Registry();
  const gauge = new Gauge({ name: 'g', help: 'help\nof "two" lines', labelNames: ['l'], registers: [registry] });
  const odd = 'a"b\\c\nd,e={}';
  gauge.set({ l: odd }, -1.25e-7);
  new Counter({ name: 'c_total', help: 'h', registers: [registry] }).inc(1e21);
  new Histogram({ name: 'h', help: 'h', buckets: [0.1, 1], registers: [registry] }).observe(0.5);
  const { samples, malformed } = parsePage(
    await registry.metrics(),
    only('g', 'c_total', 'h_bucket', 'h_sum', 'h_count'),
  );
  assert.equal(malformed, 0);
  assert.deepEqual(
    samples.map(({ name, labels, value }) => [name, labels, value]),
    [
      ['g', { l: odd }, -1.25e-7],
      ['c_total', {}, 1e21],
      ['h_bucket', { le: '0.1' }, 0],
      ['h_bucket', { le: '1' }, 1],
      ['h_bucket', { le: '+Inf' }, 1],
      ['h_sum', {}, 0.5],
      ['h_count', {}, 1],
    ],
  );
});
