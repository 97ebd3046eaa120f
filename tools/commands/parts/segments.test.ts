import assert from 'node:assert/strict';
import { test } from 'node:test';
import { commands, parse, segmentFlags } from './segments';

test('equal parts, by the words that k6 takes', () =>
  assert.deepEqual(segmentFlags(3), [
    ['--execution-segment', '0:1/3', '--execution-segment-sequence', '0,1/3,2/3,1'],
    ['--execution-segment', '1/3:2/3', '--execution-segment-sequence', '0,1/3,2/3,1'],
    ['--execution-segment', '2/3:1', '--execution-segment-sequence', '0,1/3,2/3,1'],
  ]));

test('the commands for other machines carry the parameters, in quotes where a shell needs them', () =>
  assert.equal(
    commands(parse(['--of', '2', '--print', 'spike', '-e', "MODEL=it's"]), './k6')[0],
    "./k6 run --execution-segment 0:1/2 --execution-segment-sequence 0,1/2,1 dist/spike.js -e 'MODEL=it'\\''s' -e START_AFTER=10s",
  ));

test('runners begin together though the target takes longer to be tried by one: later than 2 s after the first is INVALID', () => {
  assert.deepEqual(parse(['--of', '2', 'spike', '-e', 'START_AFTER=30s']).given, ['-e', 'START_AFTER=30s']);
  assert.deepEqual(parse(['--of', '2', 'spike']).given, ['-e', 'START_AFTER=10s']);
});

for (const [args, sentence] of [
  [['spike'], '--of must be a whole number from 2 to 64: the number of parts'],
  [['--of', '1', 'spike'], '--of must be a whole number from 2 to 64: the number of parts'],
  [['--of', '2'], 'no script is named: give one, such as spike; see --help'],
  [['--of', '2', 'spike', 'peak'], 'two scripts were given, spike and peak'],
  [['--of', '2', 'spike', '-e', 'RATE'], '-e RATE is not NAME=value'],
  [['--of', '2', 'spike', '--wait'], '--wait is no option of segments; see --help'],
] as const)
  test(`segments ${args.join(' ')} is refused: ${sentence}`, () =>
    assert.throws(() => parse(args), { message: sentence }));
