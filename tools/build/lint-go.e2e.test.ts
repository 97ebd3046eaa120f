import assert from 'node:assert/strict';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { scratch } from '../programs/scratch';
import { lintGo } from './lint-go';

/** A module of one package in which each line that ends with a name of a check is what that check is for. */
const bad = `package bad

import "strconv"

type colour int

const (
	red colour = iota
	green
)

func fails() error { return nil }

func unused() {} // U1000

// Name says the colour.
func Name(c colour) string {
	fails() // errcheck
	switch c { // exhaustive
	case red:
		return "red"
	}
  	n := 1 // ineffassign
	n, _ = strconv.Atoi("2")
	if n == n { // SA4000
		return strconv.Itoa(n)
	}
	//lint:ignore errcheck the error of this one is of no use
	fails()
	//lint:ignore errcheck
	fails() // malformed
	//lint:ignore errcheck there is nothing to ignore // didn't
	return string(green) // stringintconv
}
`;

test('the Go linter finds a dropped error, a switch that leaves a constant out, code and values that nobody uses, comments that silence nothing, and lines that are not formatted', async (t) => {
  const folder = join(scratch(), 'bad');
  mkdirSync(folder);
  writeFileSync(join(folder, 'go.mod'), 'module bad\n\ngo 1.24\n');
  writeFileSync(join(folder, 'bad.go'), bad);
  let said = '';
  const good = await lintGo([folder], (text) => (said += text));
  if (good === undefined) return t.skip('Go is not on the PATH');
  assert.equal(good, false);
  assert.match(said, /not formatted \(npm run format\):\nbad\.go\n/);
  const wanted = bad.split('\n').flatMap((line, i) => {
    const check = / \/\/ ([a-zA-Z0-9']+)$/.exec(line)?.[1];
    return check === undefined ? [] : [[i + 1, check] as const];
  });
  assert.equal(wanted.length, 8);
  for (const [line, check] of wanted)
    assert.match(said, new RegExp(`bad\\.go:${line}:.*${check === 'stringintconv' ? 'string' : check}`), said);
  const silenced = bad.split('\n').findIndex((line) => line.endsWith('is of no use')) + 2;
  assert.doesNotMatch(said, new RegExp(`bad\\.go:${silenced}:`), 'what is silenced with a reason is silent');
});
