import { XMLParser, XMLValidator } from 'fast-xml-parser';
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { githubAnnotations, withoutCommands } from './annotations';
import { jUnit } from './junit';
import { missed, record, verdicts } from './record.fixture';

test('junit.xml is well formed and counts as run.json does', () => {
  for (const [verdict, run] of verdicts) {
    const xml = jUnit(run);
    assert.equal(XMLValidator.validate(xml), true);
    const parsed = new XMLParser({ ignoreAttributes: false }).parse(xml) as {
      testsuites: {
        testsuite: {
          '@_tests': string;
          '@_errors': string;
          testcase: { '@_name': string; error?: unknown; failure?: unknown }[];
        };
      };
    };
    const suite = parsed.testsuites.testsuite;
    assert.equal(Number(suite['@_tests']), run.objectives.length + 1);
    const last = suite.testcase.at(-1)!;
    assert.equal(last['@_name'], 'verdict');
    assert.equal('error' in last, verdict === 'INVALID');
    assert.equal('failure' in last, verdict === 'FAIL');
  }
});

/** Elements and attributes that the schemas of Ant, Surefire and Jenkins' xUnit plugin all allow, in their order. */
const allowed: Record<string, { attributes: string[]; children: string[] }> = {
  testsuites: { attributes: ['name', 'tests', 'failures', 'errors', 'time'], children: ['testsuite'] },
  testsuite: {
    attributes: ['name', 'tests', 'failures', 'errors', 'skipped', 'time', 'timestamp', 'hostname'],
    children: ['properties', 'testcase', 'system-out'],
  },
  properties: { attributes: [], children: ['property'] },
  property: { attributes: ['name', 'value'], children: [] },
  testcase: { attributes: ['name', 'classname', 'time'], children: ['skipped', 'failure', 'error', 'system-out'] },
  failure: { attributes: ['message', 'type'], children: [] },
  error: { attributes: ['message', 'type'], children: [] },
  skipped: { attributes: ['message'], children: [] },
  'system-out': { attributes: [], children: [] },
};

interface Element {
  [name: string]: Element[] | Record<string, string> | string | undefined;
}
const elements = (xml: string) =>
  new XMLParser({ ignoreAttributes: false, attributeNamePrefix: '', preserveOrder: true, trimValues: false }).parse(
    xml,
  ) as Element[];

function checkElement(element: Element, parent = ''): void {
  const name = Object.keys(element).find((key) => key !== ':@')!;
  if (name === '#text' || name === '?xml') return;
  const rules = allowed[name];
  assert.ok(rules, `<${name}> in <${parent}> is in no schema`);
  for (const attribute of Object.keys((element[':@'] as Record<string, string> | undefined) ?? {}))
    assert.ok(rules.attributes.includes(attribute), `${name} has no attribute ${attribute}`);
  const children = element[name] as Element[];
  const order = children
    .map((child) => Object.keys(child).find((key) => key !== ':@')!)
    .filter((child) => child !== '#text')
    .map((child) => {
      assert.ok(rules.children.includes(child), `<${child}> does not belong into <${name}>`);
      return rules.children.indexOf(child);
    });
  assert.deepEqual(
    order,
    [...order].sort((a, b) => a - b),
    `the order in <${name}>`,
  );
  for (const child of children) checkElement(child, name);
}

test('junit.xml has no element or attribute, and no form of time, that a schema of Jenkins or Ant refuses', () => {
  for (const run of [record(), missed, { ...record(), verdict: 'INVALID' as const }]) {
    for (const element of elements(jUnit(run))) checkElement(element);
    assert.match(jUnit(run), / timestamp="\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d"/);
    for (const [, time] of jUnit(run).matchAll(/ time="([^"]*)"/g)) assert.match(time!, /^\d+\.\d{3}$/);
    assert.equal((jUnit(run).match(/<testcase[^>]* time="/g) ?? []).length, run.objectives.length + 1);
  }
});

test('GitLab and Jenkins dropped the values, which stood in message alone: text has values, limit and interval', () => {
  const texts = [...jUnit(missed).matchAll(/<failure[^>]*>([^<]*)<\/failure>/g)].map(([, text]) => text!);
  assert.equal(texts.length, 3, 'two objectives, and the verdict');
  assert.match(
    texts[1]!,
    /^errors: measured 20 %, wanted at most 1 %, 95 % interval .* to .* %, n=1000 \(all requests\)/,
  );
  assert.match(texts[1]!, /\nsource: plan$/);
  const passed = /<testcase name="success"[^>]*><system-out>([^<]*)</.exec(jUnit(record()))![1]!;
  assert.match(passed, /^errors: measured 0 %, wanted at most 1 %, .*n=1000/);
  const [, message] = /<failure message="([^"]*)"/.exec(jUnit(missed))!;
  assert.match(message!, /^missed: measured 900 ms, wanted under 500 ms/);
});

test('objectives for each value of a tag have names of their own, or a CI takes one for the other', () => {
  const run = record();
  const [first] = run.objectives;
  const each = ['a', 'b'].map((model) => ({ ...first!, tags: { model } }));
  assert.match(jUnit({ ...run, objectives: each }), /name="TTFT &quot;p95&quot; \(model=a\)"[\s\S]*\(model=b\)"/);
});

test('on GitHub the verdict and what was missed are annotations, and no text of a target is a command', () => {
  const run = { ...missed, reasons: [{ about: 'target' as const, text: 'a\n::error::b, 100 %' }] };
  const lines = githubAnnotations(run);
  assert.equal(lines[0], '::error title=gsai-perf baseline%3A FAIL::target: a%0A::error::b, 100 %25');
  assert.match(
    lines[2]!,
    /^::error title=gsai-perf baseline%3A errors \(all requests\)::missed: measured 20 %25, wanted/,
  );
  assert.match(githubAnnotations(record())[0]!, /^::notice title=gsai-perf baseline%3A PASS::/);
  assert.ok(lines.every((line) => !line.includes('\n')));
  assert.equal(withoutCommands('x ##[error]y ##vso[task]z ## title'), 'x # #[error]y # #vso[task]z ## title');
});
