import assert from 'node:assert/strict';
import { test } from 'node:test';
import { random } from './random';
import { designEffect, longRun, ratioVariance } from './dependence';

/** Numbers with a correlation r from one to the next (AR(1)), of variance 1. */
function correlated(r: number, length: number, seed: number): number[] {
  const { next } = random(seed, 0);
  const normal = () => Math.sqrt(-2 * Math.log(1 - next())) * Math.cos(2 * Math.PI * next());
  let last = normal();
  return Array.from({ length }, () => (last = r * last + Math.sqrt(1 - r * r) * normal()));
}

/** Mean over 300 series of 64 numbers: the estimated variance of their sum, over the true one. */
function overTruth(r: number): number {
  let sum = 0;
  for (let seed = 1; seed <= 300; seed++) {
    const series = correlated(r, 64, seed);
    const mean = series.reduce((all, each) => all + each, 0) / 64;
    sum += longRun(series.map((each) => each - mean)).variance;
  }
  const lags = Array.from({ length: 63 }, (_, i) => 2 * (63 - i) * r ** (i + 1)).reduce((all, each) => all + each, 64);
  return sum / 300 / lags;
}

test('the variance of a sum of dependent numbers is found, and never made much too small', () => {
  for (const r of [0, 0.3, 0.6, 0.9]) {
    const ratio = overTruth(r);
    assert.ok(ratio > 0.9 && ratio < 2.5, `r = ${r}: ${ratio} of the truth`);
  }
});

test('a share of requests is taken by request, however unequally they fall into the stretches', () => {
  const { variance } = ratioVariance([
    { count: 1000, sum: 100 },
    { count: 10, sum: 1 },
    { count: 200, sum: 20 },
  ]);
  assert.ok(variance < 1e-20, 'every stretch has the same share of 10 %');
  assert.equal(ratioVariance([{ count: 10, sum: 1 }]).variance, Infinity);
  assert.equal(ratioVariance([]).variance, Infinity);
});

test('values are never taken for worth more than their number', () => {
  assert.equal(designEffect({ variance: 0.001, freedom: 8 }, 0.01, 0.95), 1);
  assert.equal(designEffect({ variance: 1, freedom: 8 }, 0, 0.95), 1);
  assert.ok(designEffect({ variance: 0.04, freedom: 8 }, 0.01, 0.95) > 4);
});
