import assert from 'node:assert/strict';
import { join } from 'node:path';
import { test } from 'node:test';
import { documentPage } from '../../../lib/report';
import { scratch } from '../../programs/scratch';
import { lineOf, scriptNames, withLine } from './lines';
import { forTarget, isLack, lacking } from './needs';
import { asked, environmentOf, options, parametersFor } from './options';
import { documentOf } from './page';
import { judged, withoutSecrets, type PlanEntry, type PlanRecord } from './record';
import { keep, newFolder, unfinished } from './store';
import { dryRun, text } from './text';

const scripts = scriptNames();

test('a line of the plan outlived its script: each is of a script that is there', () => {
  assert.deepEqual(
    withLine.filter((script) => !scripts.includes(script)),
    [],
  );
});

test('adding a script took a third file, with its rows: they are those that its objectives name as their source', () => {
  for (const script of scripts) {
    const { rows, small } = lineOf(script);
    assert.ok(rows.length > 0, `thresholds/${script}.json: "row" names no row of the plan, as 7.4.3`);
    assert.ok(Object.keys(small).length > 0, script);
  }
  assert.deepEqual(lineOf('contention').rows, ['7.4.2', '7.4.5']);
  assert.deepEqual(lineOf('smoke').rows, ['7.4']);
  assert.deepEqual(lineOf('none').small, { RATE: '60', DURATION: '12s' });
});

test('rows and names choose scripts, in the order of the plan whatever the order of the words', () => {
  assert.deepEqual(asked(scripts, ['cost', 'smoke']), ['smoke', 'cost']);
  const row = asked(scripts, ['7.4.2']);
  assert.ok(row.includes('contention') && row.includes('bulkhead') && !row.includes('ttft'));
  assert.deepEqual(asked(scripts, []), scripts);
});

const wrong: [string[], RegExp][] = [
  [['--scale', 'tiny'], /--scale is "tiny", but must be small, full, or a share/],
  [['--scale', '0'], /--scale is "0", but must be a number above 0/],
  [['--only', '7.4.9'], /"7\.4\.9" is neither a row nor a script; rows are 7\.4, 7\.4\.1/],
  [['-e', 'RATE=5'], /-e RATE cannot be used here: each script of the plan has a load of its own\. --scale/],
  [['-e', 'OUT=x'], /--out says where results go/],
  [['-e', 'RATE'], /-e RATE is not NAME=value/],
  [['--time', '0.5'], /--time is for --scale full or a figure/],
  [['--tries', '0'], /--tries is "0"/],
  [['--new', '--retry'], /--new and --retry exclude each other/],
  [['--sclae', 'full'], /'--sclae'; see --help/],
];
for (const [args, sentence] of wrong)
  test(`refuses ${args.join(' ')}`, () => assert.throws(() => options(args, scripts), sentence));

test('TheDryRunToldAnotherLoad: what --dry-run --reference prints is what the reference gateway is sent', () => {
  const told = (words: string[]) => parametersFor('context-window', options(words, scripts));
  assert.equal(told(['--dry-run']).CONTEXT_WINDOW, undefined);
  assert.deepEqual(told(['--dry-run', '--reference']), {
    ...lineOf('context-window').small,
    ...{ CONTEXT_WINDOW: '8000', DURATION: '40s' },
  });
});

test('the small scale has the loads of the lines, a figure changes rates, and the parameters of the user win', () => {
  const given = options(['-e', 'MAX_TOKENS=9', '-e', 'PLAIN_SHARE=0'], scripts);
  assert.deepEqual(parametersFor('baseline', given), {
    ...lineOf('baseline').small,
    PLAIN_SHARE: '0',
    MAX_TOKENS: '9',
  });
  assert.deepEqual(parametersFor('baseline', options(['--scale', 'full'], scripts)), {});
  assert.deepEqual(parametersFor('peak', options(['--scale', '0.1', '--time', '0.2'], scripts)), {
    SCALE: '0.1',
    TIME_SCALE: '0.2',
  });
});

test('a RATE that this shell has would change each load: it does not reach k6, and a key does', () => {
  const env = environmentOf({ RATE: '9', API_KEY: 'k' });
  assert.equal(env.RATE, undefined);
  assert.equal(env.API_KEY, 'k');
});

test('what the target lacks is told before the load, and anything else that is refused is no reason to leave a script out', () => {
  assert.match(lacking('overhead', { BASE_URL: 'http://gateway/v1' }), /^PROVIDER_URL is not given, and it looks for/);
  assert.match(lacking('overhead', { PROVIDER_URL: 'none' }), /^PROVIDER_URL is not given/);
  assert.equal(lacking('overhead', {}), '', "the simulator's own provider is known");
  assert.equal(lacking('ttft', { BASE_URL: 'http://gateway/v1' }), '');
  assert.ok(isLack('KINDS=chat cannot be used with embeddings: it sends embeddings only'));
  // As targets.e2e.test.ts has it: a plan of a target without embeddings ended with a wrong argument that nobody gave.
  assert.ok(
    isLack(
      'ttft cannot be run against TARGET=t.json: it sends chats only, and that target has none (its routes are null)',
    ),
  );
  assert.ok(
    isLack(
      'a cannot be run against TARGET=t.json: its embeddings are part of what it looks for, and that target has none (its routes are null)',
    ),
  );
  assert.ok(isLack('MODELS=a is wrong: two models of different providers are wanted, the one that gets slow first'));
  assert.ok(!isLack('RATE=x is wrong: a number above 0 is wanted'));
  assert.ok(!isLack('API_KEY is missing: http://gateway is not the simulator'));
});

const entry = (script: string, more: Partial<PlanEntry> = {}): PlanEntry => ({
  ...{ script, rows: ['7.4.1'], state: 'done', why: '', load_s: 10, run: `${script}/r`, verdict: 'PASS', reasons: [] },
  ...{ findings: [], judged: 3, not_judged: 0, seconds: 14, tries: 1, ...more },
});
const open = { state: 'open', verdict: null, run: null, seconds: null } as const;

test('one FAIL is the verdict; without one, a run that says nothing, or was not run, leaves the whole undecided', () => {
  const failed = entry('ttft', { verdict: 'FAIL' });
  const silent = entry('cost', { verdict: 'INVALID' });
  assert.equal(judged([entry('smoke')]).verdict, 'PASS');
  assert.deepEqual(judged([entry('smoke'), failed, silent, entry('peak', open)]), {
    verdict: 'FAIL',
    reasons: [
      'the target missed objectives of ttft',
      'the runs of cost say nothing about the target',
      'these scripts were not run: peak',
    ],
  });
  assert.equal(judged([entry('smoke'), silent]).verdict, 'INVALID');
  assert.equal(judged([entry('smoke'), entry('peak', open)]).verdict, 'INVALID');
  const skipped = entry('overhead', { ...open, state: 'skipped', why: 'PROVIDER_URL is not given' });
  assert.equal(judged([entry('smoke'), skipped]).verdict, 'PASS');
  assert.match(judged([skipped]).reasons.join(), /no script was run/);
});

const record = (more: Partial<PlanRecord> = {}): PlanRecord => ({
  ...{ schema: 1, plan_id: 'plan-20261126T200000', started_at: '2026-11-26T20:00:00.000Z', ended_at: null },
  ...{ target: 'http://gateway/v1', scale: 'small', time: 1, only: [], parameters: {} },
  ...{
    scripts: [entry('smoke'), entry('ttft', open)],
    verdict: 'INVALID',
    reasons: ['these scripts were not run: ttft'],
    ...more,
  },
});

test('a plan that was not ended is gone on with, one of another target or scale is not, and one that ended is done', () => {
  const out = scratch();
  const setting = record();
  keep(newFolder(out, 'plan-20261126T200000'), setting);
  assert.equal(unfinished(out, setting)?.record.scripts[0]?.verdict, 'PASS');
  assert.equal(unfinished(out, { ...setting, target: 'http://other/v1' }), undefined);
  assert.equal(unfinished(out, { ...setting, scale: 'full' }), undefined);
  assert.equal(unfinished(out, { ...setting, parameters: { MODEL: 'a' } }), undefined);
  keep(join(out, 'plan-20261126T200000'), record({ ended_at: '2026-11-26T21:00:00.000Z' }));
  assert.equal(unfinished(out, setting), undefined);
  assert.equal(unfinished(join(out, 'nowhere'), setting), undefined);
});

test('--retry opens the scripts that said nothing, of a plan that has ended too, and leaves the others as they are', () => {
  const out = scratch();
  const scripts = [entry('smoke'), entry('ttft', { verdict: 'INVALID', reasons: ['instrument: late'] })];
  const ended = record({ ended_at: '2026-11-26T21:00:00.000Z', scripts });
  keep(newFolder(out, 'plan-20261126T200000'), ended);
  const again = unfinished(out, ended, true)!.record;
  assert.deepEqual(
    again.scripts.map(({ state, reasons }) => [state, reasons]),
    [
      ['done', []],
      ['open', []],
    ],
  );
  assert.equal(again.ended_at, null);
  assert.match(text(ended, 'x'), /ttft: instrument: late\n.*\n {2}--retry repeats the scripts/);
});

test('no key is kept: values of what may be secret are left out of plan.json', () => {
  const kept = withoutSecrets({ API_KEY: 's', HEADERS: '{"x-key":"s"}', MAX_TOKENS: '5', OAUTH_CLIENT_SECRET: 's' });
  assert.deepEqual(kept, {
    ...{ API_KEY: '(not kept)', HEADERS: '(not kept)', MAX_TOKENS: '5', OAUTH_CLIENT_SECRET: '(not kept)' },
  });
});

test('the table says of each script its verdict or why there is none, and the whole verdict below it', () => {
  const said = text(record(), 'results/plan-x');
  assert.match(said, /^smoke +7\.4\.1 +14 s +3 +PASS$/m);
  assert.match(said, /^ttft .* not run yet$/m);
  assert.match(said, /INVALID: the plan, which has not ended\n {2}these scripts were not run: ttft\n/);
  const dry = dryRun([entry('smoke', open), entry('cost', { ...open, state: 'skipped', why: 'no provider' })], () => ({
    RATE: '60',
  }));
  assert.match(dry, /^smoke +7\.4\.1 +10 s +RATE=60$/m);
  assert.match(dry, /^cost .*not run +no provider$/m);
  assert.match(dry, /1 script would be run, which takes at most about 16 s/);
});

test("the report is a page as a run's, leads to the runs' own reports, and shows texts of the target as text", () => {
  const evil = '</script><img src=x onerror=alert(1)>';
  const made = documentOf(record({ scripts: [entry('smoke', { findings: [evil] }), entry('ttft', open)] }));
  const table = made.sections[0]!.blocks[0]!;
  assert.ok(table.kind === 'table' && table.links?.[0] === 'smoke/r/report.html' && table.links[1] === '');
  assert.deepEqual(
    made.sections.map(({ title }) => title),
    ['Scripts', 'Findings', 'Parameters'],
  );
  const page = documentPage(made, '<title><!--title--></title><script><!--document--></script>');
  assert.ok(page.includes('<title>plan: INVALID</title>') && !page.includes('<img'));
});

test('HowOftenNothingIsRead: where the target has no page, no script of the plan is told how often to read it', () => {
  const line = { RATE: '36', METRICS_INTERVAL: '1s' };
  assert.deepEqual(forTarget(line, { BASE_URL: 'http://gateway/v1' }), { RATE: '36' });
  assert.deepEqual(forTarget(line, { BASE_URL: 'http://gateway/v1', METRICS_URLS: 'g=http://gateway/metrics' }), line);
  assert.deepEqual(forTarget(line, {}), line, "the simulator's own page is known");
});
