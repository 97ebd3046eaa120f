import assert from 'node:assert/strict';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { test } from 'node:test';
import { rows } from '../../../dashboards/aggregates';
import { namesOf, parameterTable, parseTarget } from '../../../lib/config';
import { isMetricName, metrics } from '../../../lib/metrics';
import { parsePage, readPages, resolved, type Page } from './page';
import { scriptOf, withTables } from './tables';

const pages = readPages();
const byPath = new Map(pages.map((page) => [page.path, page]));
const named = (path: string): Page => byPath.get(path) ?? assert.fail(`there is no page ${path}`);
const scripts = readdirSync('scripts')
  .filter((file) => file.endsWith('.ts') && !file.includes('.test.'))
  .map((file) => file.replace('.ts', ''));

/** Everything that a page shows as code, with the page that it stands in. */
const codes = pages.flatMap((page) => [...page.codes, ...page.blocks].map((code) => ({ page, code })));

/** What of `found` is wrong, as sentences; the test fails with all of them at once. */
function none(found: readonly { page: Page; what: string }[]): void {
  assert.deepEqual(
    found.map(({ page, what }) => `${page.path}: ${what}`),
    [],
  );
}

/** All matches of a pattern's first group in the pages' code. */
const matches = (pattern: RegExp) =>
  codes.flatMap(({ page, code }) => [...code.matchAll(pattern)].map((match) => ({ page, what: match[1]! })));

test('a parser that finds nothing would let every page pass: links, anchors, code and headings of a page are found', () => {
  const page = parsePage('docs/x.md', '# A `b` c!\n\nSee [it](../README.md#demo) and `npm run x`.\n\n```sh\nls\n```\n');
  assert.deepEqual(
    { ...page, anchors: [...page.anchors], text: '' },
    {
      path: 'docs/x.md',
      text: '',
      links: ['../README.md#demo'],
      anchors: ['a-b-c'],
      codes: ['b', 'npm run x'],
      blocks: ['ls\n'],
      headings: [{ level: 1, text: 'A b c!' }],
      opening: 'See it and npm run x.',
    },
  );
  assert.deepEqual(resolved(page, '../README.md#demo'), { path: 'README.md', anchor: 'demo' });
  assert.deepEqual(resolved(page, '#a-b-c'), { path: 'docs/x.md', anchor: 'a-b-c' });
  assert.equal(resolved(page, 'https://k6.io'), undefined);
  assert.ok(pages.length > 20 && codes.length > 500);
});

test('every link leads to a file that exists, and to a heading that is there', () => {
  const wrong = pages.flatMap((page) =>
    page.links.flatMap((link) => {
      const to = resolved(page, link);
      if (to === undefined) return [];
      if (!existsSync(to.path)) return [{ page, what: `${link}: there is no ${to.path}` }];
      if (to.anchor === '' || byPath.get(to.path)?.anchors.has(to.anchor)) return [];
      return [{ page, what: `${link}: there is no heading "${to.anchor}" in ${to.path}` }];
    }),
  );
  none(wrong);
});

test('a reader who follows links from the README comes to every page', () => {
  const seen = new Set(['README.md']);
  for (const path of seen)
    for (const link of named(path).links) {
      const to = resolved(named(path), link)?.path;
      if (to !== undefined && byPath.has(to)) seen.add(to);
    }
  none(pages.filter(({ path }) => !seen.has(path)).map((page) => ({ page, what: 'no link leads here' })));
});

test('every command of npm that a page names is one of package.json', () => {
  const { scripts: commands } = JSON.parse(readFileSync('package.json', 'utf8')) as { scripts: Record<string, string> };
  none(matches(/npm run (?:--silent )?([\w:]+)/g).filter(({ what }) => !Object.hasOwn(commands, what)));
});

test('every bundle that a page runs is made of a script that exists', () =>
  none(matches(/\bdist\/([\w-]+)\.js/g).filter(({ what }) => !scripts.includes(what) && what !== 'doctor')));

/** Names of the environment that the examples in targets/ refer to. */
const ofTargets = readdirSync('targets')
  .filter((file) => file.endsWith('.json') && !file.endsWith('.schema.json'))
  .flatMap((file) => namesOf(parseTarget(readFileSync(`targets/${file}`, 'utf8'), file)));

test('every parameter that a page gives with -e exists', () => {
  const known = [...parameterTable.map(({ name }) => name), ...ofTargets, 'NAME', 'MERGE'];
  none(matches(/-e ([A-Z][A-Z0-9_]*)=/g).filter(({ what }) => !known.includes(what)));
});

/** Words in capitals that are no parameters of ours. */
const foreign = new Set([
  ...['PASS', 'FAIL', 'INVALID', 'MISSED', 'UNIMPLEMENTED', 'UNAVAILABLE', 'INTERNAL', 'UNAUTHENTICATED', 'FOLDER'],
  ...['RESOURCE_EXHAUSTED', 'NOT_FOUND', 'INVALID_ARGUMENT', 'SO_TIMESTAMPING', 'GOTRACEBACK', 'GOMAXPROCS'],
  ...['AWS_ACCESS_KEY_ID', 'AWS_SECRET_ACCESS_KEY', 'AWS_REGION', 'AWS_DEFAULT_REGION'],
  ...['NO_PROXY', 'HTTP_PROXY', 'HTTPS_PROXY'],
  ...[
    'AWS_ENDPOINT_URL_BEDROCK_RUNTIME',
    'K6_PROMETHEUS_RW_TREND_AS_NATIVE_HISTOGRAM',
    'K6_PROMETHEUS_RW_TREND_STATS',
    'K6_NO_USAGE_REPORT',
    'K6_SSE_CLOCK',
    'K6_SSE_TIMER',
    'K6_SSE_HTTP2',
    'K6_SSE_TIMER',
    'K6_BINARY',
    'K6_USER',
  ],
  ...['LIVE_PICTURE', 'APIS', 'PATH', 'URL', 'NAME'],
]);

test('every word in capitals that stands alone as code is a parameter, or known to be another thing', () => {
  const known = parameterTable.map(({ name }) => name);
  const found = matches(/^([A-Z][A-Z0-9_]{2,})(?:=.*)?$/g);
  const ofOthers = (word: string) => foreign.has(word) || word.startsWith('OTEL_');
  none(found.filter(({ what }) => ![...known, ...ofTargets].includes(what) && !ofOthers(what)));
});

/** What InfluxDB has of a metric's second with INFLUX=aggregate. */
const aggregate = (what: string) =>
  what === rows || isMetricName(what.replace(/(_run)?_(p\d+|count|sum|mean|min|max)$/, ''));

test('every metric that a page names exists', () => {
  const names = Object.keys(metrics);
  const exists = (what: string) =>
    what.endsWith('_') ? names.some((name) => name.startsWith(what)) : isMetricName(what) || aggregate(what);
  none(matches(/\b((?:llm|target)_[a-z0-9_]+)(?!-)\b/g).filter(({ what }) => !exists(what)));
});

test('every path of the project that a page names exists', () => {
  const folders = 'bench|dashboards|data|deploy|docs|lib|scripts|simulator|targets|thresholds|tools|xk6-sse';
  const paths = matches(new RegExp(`(?<![\\w./<-])((?:${folders})/[\\w./-]*)(?![\\w./-]*[<*{…])`, 'g'));
  const files = matches(/^(?!x[._])([\w.-]+(?:\/[\w.-]+)*\.(?:ts|go|mjs))$/g);
  const exists = (page: Page, path: string) => existsSync(path) || existsSync(join(dirname(page.path), path));
  none([...paths, ...files].filter(({ page, what }) => !exists(page, what.replace(/[.]$/, ''))));
});

test('a name that a page says to be in a file is in that file', () => {
  const said = pages.flatMap((page) => [
    ...[...page.text.matchAll(/`(\w+)(?:\([^`]*\))?`(?: of the panel)?\s+in\s+`([\w./-]+\.(?:ts|go))`/g)].map(
      ([, name = '', file = '']) => ({ page, name, file }),
    ),
    ...[...page.text.matchAll(/`([\w./-]+\.(?:ts|go))`\s+\(`(\w+)/g)].map(([, file = '', name = '']) => ({
      page,
      name,
      file,
    })),
  ]);
  assert.ok(said.length > 15, `only ${said.length} such places were found`);
  none(
    said
      .filter(({ name, file }) => existsSync(file) && !new RegExp(`\\b${name}\\b`).test(readFileSync(file, 'utf8')))
      .map(({ page, name, file }) => ({ page, what: `${name} is not in ${file}` })),
  );
});

test('every script has its page, of the one form, and every such page has its script', () => {
  const form = ['What it loads', 'What it judges', 'What it finds', 'How to read it'];
  assert.deepEqual(
    pages.flatMap((page) => scriptOf(page) ?? []),
    [...scripts].sort(),
  );
  for (const script of scripts) {
    const { headings, blocks } = named(`docs/scripts/${script}.md`);
    assert.deepEqual(
      headings.map(({ text }) => text),
      [script, ...form],
      `the headings of docs/scripts/${script}.md`,
    );
    assert.match(blocks[0] ?? '', new RegExp(`bin/k6 run dist/${script}\\.js`), 'how to run it comes first');
  }
});

test('the tables that are made from the project are up to date (npm run docs)', () => {
  none(
    pages.filter((page) => withTables(page, pages) !== page.text).map((page) => ({ page, what: 'run `npm run docs`' })),
  );
  assert.ok(named('docs/parameters.md').text.includes('| `BASE_URL` |'));
  assert.ok(named('docs/measuring.md').text.includes('| `llm_ttft` |'));
});

test('the architecture tells of every folder of lib/, simulator/ and tools/, and of every package of the extension', () => {
  const text = named('docs/architecture.md').text;
  const inside = (parent: string) =>
    readdirSync(parent, { withFileTypes: true })
      .filter((entry) => entry.isDirectory())
      .map(({ name }) => `${parent}/${name}`);
  const folders = ['simulator', 'tools', 'xk6-sse/internal'].flatMap(inside);
  const floors = inside('lib').map((folder) => `| \`${folder.replace('lib/', '')}\` |`);
  assert.deepEqual(
    [...folders.map((folder) => `\`${folder}\``), ...floors].filter((folder) => !text.includes(folder)),
    [],
  );
});

test('every outcome that the extension tells is explained, and no other', () => {
  const type = /export type Outcome =([^;]+);/.exec(readFileSync('xk6-sse/sse.d.ts', 'utf8'))![1]!;
  const outcomes = [...type.matchAll(/'(\w+)'/g)].map(([, name]) => name!);
  const section = /\n## Outcomes\n([\s\S]*?)\n## /.exec(named('docs/reading-results.md').text)![1]!;
  const explained = [...section.matchAll(/^\| `(\w+)` \|/gm)].map(([, name]) => name!);
  assert.deepEqual(explained, outcomes);
});

test('every finding that a script can make, and that an objective judges, is explained', () => {
  const explained = [...named('docs/reading-results.md').text.matchAll(/^\| (`.+?`) \|/gm)]
    .flatMap(([, cell]) => [...cell!.matchAll(/`([^`]+)`/g)].map(([, id]) => id!))
    .map((id) => new RegExp(`^${id.replace('<phase>', '[a-z-]+')}$`));
  const judged = scripts.flatMap((script) => {
    const file = JSON.parse(readFileSync(`thresholds/${script}.json`, 'utf8')) as {
      objectives: { finding?: string }[];
    };
    return file.objectives.flatMap(({ finding }) => finding ?? []);
  });
  const made = readdirSync('lib/findings', { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.ts') && !/\.(test|fixture)\.ts$/.test(file))
    .flatMap((file) => [...readFileSync(join('lib/findings', file), 'utf8').matchAll(/\bid(?: =|:) '([a-z-]+)'/g)])
    .map(([, id]) => id!);
  assert.ok(judged.length > 20 && made.length > 20);
  assert.deepEqual(
    [...new Set([...judged, ...made])].filter((id) => !explained.some((pattern) => pattern.test(id))),
    [],
  );
});

test('NoPlaceholders: no page waits for a text that somebody meant to fill in', () => {
  const left = pages.flatMap((page) =>
    [...page.text.matchAll(/@@\w+@@|\bTODO\b|\bFIXME\b/g)].map(([what]) => ({ page, what })),
  );
  none(left);
});

test('the README is short enough to be read: at most 1,400 words', () => {
  const words = named('README.md').text.split(/\s+/).filter(Boolean).length;
  assert.ok(words <= 1400, `it has ${words}`);
});

test('RegionThatPythonDoesNotRead: wherever a gateway is led to the simulated Bedrock, the variable that boto3 reads stands beside AWS_REGION', () => {
  const led = pages
    .flatMap((page) => page.text.split('\n\n').map((text) => ({ page, text })))
    .filter(({ text }) => text.includes('AWS_ENDPOINT_URL_BEDROCK_RUNTIME'));
  assert.ok(led.length >= 2, 'the pages that say how were not found');
  none(
    led
      .filter(({ text }) => !text.includes('AWS_DEFAULT_REGION'))
      .map(({ page }) => ({ page, what: 'AWS_ENDPOINT_URL_BEDROCK_RUNTIME without AWS_DEFAULT_REGION' })),
  );
});

test('TornTable: no empty line stands between the rows of a table, which would end it and show the others as text', () => {
  const torn = pages.flatMap((page) => {
    const lines = page.text.split('\n');
    const isRow = (i: number) => lines[i]?.startsWith('|') === true;
    return lines.flatMap((line, i) =>
      line === '' && isRow(i - 1) && isRow(i + 1) && !/^\| ?:?-/.test(lines[i + 2] ?? '')
        ? [{ page, what: `line ${i + 1}, before ${lines[i + 1]!.slice(0, 60)}` }]
        : [],
    );
  });
  none(torn);
});
