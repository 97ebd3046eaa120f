import assert from 'node:assert/strict';
import { test } from 'node:test';
import failover from '../../../thresholds/failover.json';
import { parameterTable } from '../../config';
import { parseObjectives } from '../../objectives';
import { judgeFinding } from '../../verdict';
import type { RequestNote, TruthRecord } from '../../truth';
import { record } from '../../truth/join.fixture';
import { failoverFindings } from './findings';
import { faultLoad } from './phases';

let index = 0;
const request = (phase: string, sent: number, change: Partial<RequestNote> = {}): RequestNote => ({
  id: `r-${index++}`,
  index,
  phase,
  model: 'm',
  sent,
  ttft: 61,
  e2e: 140,
  end: 141,
  outcome: 'ok',
  status: 200,
  chunks: 10,
  words: 30,
  gap: 8,
  gapMax: 9,
  ...change,
});
const bad: Partial<RequestNote> = { outcome: 'http_5xx', status: 503, ttft: -1, chunks: 0 };
const phase = (name: string, from: number, n: number, change: (i: number) => Partial<RequestNote> = () => ({})) =>
  Array.from({ length: n }, (_, i) => request(name, from + 50 * i, change(i)));
const texts = (requests: RequestNote[], truth?: TruthRecord[]) =>
  new Map(failoverFindings({ phases: [], timeline: [], requests, truth }).map((each) => [each.id, each]));

test('a real provider behind the gateway: what the client alone can tell', () => {
  const found = texts([
    ...phase('before', 0, 40),
    ...phase('503', 2000, 40, (i) => (i < 4 ? bad : {})),
    ...phase('after-503', 4000, 20),
  ]);
  assert.equal(
    found.get('time-to-switch')!.value,
    200,
    'four requests failed, the fifth was answered in its usual time',
  );
  assert.equal(found.get('requests-lost')!.value, 4);
  assert.equal(found.get('thundering-herd'), undefined);
});

test('a real provider, and no failover', () => {
  const found = texts([...phase('before', 0, 40), ...phase('refuse', 2000, 40, () => bad)]);
  assert.ok(found.get('time-to-switch')!.missed);
  assert.match(found.get('time-to-switch')!.text, /there is no failover: in phase refuse no request was answered/);
});

test('NoFailoverOfWhatNeverWorked: a provider too slow for the gateway failed all requests, before the first fault too, and that was told as no failover', () => {
  const requests = [
    ...phase('before', 0, 40, () => bad),
    ...phase('503', 2000, 40, () => bad),
    ...phase('after-503', 4000, 20, () => bad),
  ];
  const truth = requests.flatMap((each) =>
    each.phase === '503' ? [callOf(each, 'eu', '503'), callOf(each, 'us')] : [callOf(each, 'eu')],
  );
  for (const found of [texts(requests, truth), texts(requests)]) {
    const all = [...found.values()].map(({ text }) => text).join('\n');
    assert.doesNotMatch(all, /there is no failover|not detected|nowhere else|no fault was detected/);
    const toSwitch = found.get('time-to-switch')!;
    assert.equal(toSwitch.missed ?? false, false);
    assert.equal(
      toSwitch.text,
      'the time to switch cannot be said: 40 of 40 requests failed before the first fault already',
    );
    assert.equal(found.get('requests-failed')!.value, 1);
  }
});

test('NowhereElse: where another deployment is asked and fails as well, calls were told to go to the first and nowhere else', () => {
  const requests = [...phase('before', 0, 40), ...phase('503', 2000, 40, () => bad), ...phase('after-503', 4000, 20)];
  const truth = requests.flatMap((each) =>
    each.phase === '503' ? [callOf(each, 'eu', '503'), callOf(each, 'us', 'cut')] : [callOf(each, 'eu')],
  );
  const text = texts(requests, truth).get('failover')!.text;
  assert.match(
    text,
    /^failover from openai\/eu\/\S+ to openai\/us\/\S+: 0 of 40 requests .* were answered all the same$/,
  );
});

/** The call that a request made in a region 1 ms after it was sent, and that was answered 60 ms later, or met a fault. */
const callOf = ({ id, sent }: RequestNote, region: string, fault: string | null = null): TruthRecord =>
  record({
    seq: 1,
    id,
    region,
    received_ns: (sent + 1) * 1e6,
    first_byte_ns: null,
    content_ns: fault ? [] : [(sent + 61) * 1e6],
    end_ns: null,
    status: fault ? 503 : 200,
    fault,
    completion_tokens: 30,
    outcome: fault ? 'fault' : 'ok',
  });

test('a fault that met no request: the primary was not in use, and had not failed back', () => {
  const requests = [
    ...phase('before', 0, 20),
    ...phase('503', 1000, 40),
    ...phase('after-503', 3000, 20),
    ...phase('cut', 4000, 40),
    ...phase('after-cut', 6000, 20),
  ];
  const truth = requests.flatMap((each) => {
    if (each.phase === 'before') return [callOf(each, 'eu')];
    return each.phase === '503' && each.sent < 1150
      ? [callOf(each, 'eu', '503'), callOf(each, 'us')]
      : [callOf(each, 'us')];
  });
  const found = texts(requests, truth);
  assert.match(
    found.get('failover')!.text,
    /3 of 3 requests .* were answered all the same; cut met no request: openai\/eu\/m was not in use then/,
  );
  assert.ok(found.get('time-to-fail-back')!.missed);
  assert.match(
    found.get('time-to-fail-back')!.text,
    /never failed back: after 503 .* to the end of the recovery, which lasted 0\.95 s$/,
  );
});

test('NeverFailedBackFromALine: where no request came as far as a provider, nothing is said of where it would have gone', () => {
  const inLine: Partial<RequestNote> = { outcome: 'timeout_first', status: 0, ttft: -1, chunks: 0, end: 2010 };
  const requests = [
    ...phase('before', 0, 20),
    ...phase('503', 1000, 40),
    ...phase('after-503', 3000, 20, () => inLine),
    ...phase('cut', 4000, 40, () => inLine),
    ...phase('after-cut', 6000, 20, () => inLine),
  ];
  const truth = requests
    .filter(({ outcome }) => outcome === 'ok')
    .flatMap((each) => {
      if (each.phase === 'before') return [callOf(each, 'eu')];
      return each.sent < 1150 ? [callOf(each, 'eu', '503'), callOf(each, 'us')] : [callOf(each, 'us')];
    });
  const found = texts(requests, truth);
  assert.match(found.get('failover')!.text, /; cut met no request: none came as far as a provider then$/);
  const back = found.get('time-to-fail-back')!;
  assert.match(back.text, /^whether openai\/eu\/m was used again cannot be said: after 503 0 requests came as far/);
  assert.deepEqual([back.missed, back.value], [false, null]);
});

test('ZeroOfZero: where no request came as far as a provider in any fault, it was told that 0 of 0 were answered, with 0.0 times the load', () => {
  const inLine: Partial<RequestNote> = { outcome: 'timeout_first', status: 0, ttft: -1, chunks: 0, end: 2010 };
  const requests = [
    ...phase('before', 0, 20),
    ...phase('503', 1000, 40, () => inLine),
    ...phase('after-503', 3000, 20, () => inLine),
  ];
  const truth = requests
    .filter(({ outcome }) => outcome === 'ok')
    .map((each, i) => record({ id: each.id, seq: i, region: i % 9 ? 'eu' : 'us', received_ns: (each.sent + 1) * 1e6 }));
  const found = texts(requests, truth);
  const said = [...found.values()].map(({ text }) => text).join('\n');
  assert.match(
    said,
    /^whether there is a failover cannot be said: no request met a fault; 503 met no request: none came/,
  );
  assert.doesNotMatch(said, /\b0 of 0\b|0\.0 times|0\.00 calls/);
});

test('as GSAi: one deployment, asked five times, and an empty 200 in the end', () => {
  const empty: Partial<RequestNote> = { outcome: 'empty', status: 200, ttft: -1, chunks: 0, end: 410 };
  // The last two were tried again when the primary was well already: that is no failover.
  const requests = [
    ...phase('before', 0, 20),
    ...phase('503', 1000, 40, (i) => (i < 38 ? empty : { ttft: 261 })),
    ...phase('after-503', 3000, 20),
  ];
  const record = (from: RequestNote, at: number, fault: string | null): TruthRecord => ({
    seq: 1,
    id: from.id,
    model: 'm',
    wire: 'openai',
    region: '-',
    received_ns: (from.sent + at) * 1e6,
    first_byte_ns: null,
    content_ns: fault ? [] : [(from.sent + at + 60) * 1e6],
    end_ns: null,
    status: fault ? 503 : 200,
    fault,
    prompt_tokens: 9,
    completion_tokens: 30,
    client_gone_ns: null,
    outcome: fault ? 'fault' : 'ok',
  });
  const truth = requests.flatMap((each) => {
    if (each.phase !== '503') return [record(each, 1, null)];
    return each.outcome === 'empty'
      ? [0, 1, 2, 3, 4].map((i) => record(each, 1 + 100 * i, '503'))
      : [record(each, 1, '503'), record(each, 201, null)];
  });
  const found = texts(requests, truth);
  assert.match(
    found.get('failover')!.text,
    /^there is no failover: 38 requests were lost \(503 38\), and each call went to openai\/-\/m and nowhere else/,
  );
  for (const id of ['time-to-switch', 'time-to-detect', 'time-to-fail-back']) assert.ok(found.get(id)!.missed, id);
  assert.match(
    found.get('requests-lost')!.text,
    /38 empty \(status 200 and nothing in it.*the client knew it after 0\.41 s \(median\)/,
  );
  assert.match(
    found.get('calls-upstream')!.text,
    /4\.85 calls to providers in the worst phase \(503\), and 5 at most: retries multiply the load/,
  );
  // ThreeTimesTheSame: each sentence stands there once, and only one tells how many were lost.
  const said = [...found.values()].map(({ text }) => text);
  assert.equal(new Set(said).size, said.length);
  assert.equal(said.filter((text) => text.includes('Give the model a second deployment')).length, 1);
  // ZeroTimesTheLoad: where nobody else is asked there is no herd, and no figure of one.
  assert.match(found.get('thundering-herd')!.text, /^no other deployment was asked/);
});

test('FAULTS chooses the phases; a wrong one is told', () => {
  const load = (faults?: string[]) => faultLoad({ faults } as Parameters<typeof faultLoad>[0]).map((each) => each.name);
  assert.deepEqual(load(['cut', '429']), ['before', 'cut', 'after-cut', '429', 'after-429']);
  assert.equal(load().length, 13);
  assert.throws(() => load(['cutt']), /FAULTS=cutt is wrong: there is no fault "cutt"; there are refuse, 503/);
  assert.throws(() => load(['cut', 'cut']), /names a fault twice/);
});

test('TheOutageOutlastedTheFault: what fails although the primary is well again misses an objective of its own', () => {
  const { findings: limits } = parseObjectives(failover, 'thresholds/failover.json');
  const objective = limits.find(({ finding }) => finding === 'failed-after-a-fault')!;
  const stateOf = (failing: number) => {
    const requests = [
      ...phase('before', 0, 40),
      ...phase('503', 2000, 40, () => bad),
      ...phase('after-503', 4000, 60, (i) => (i < failing ? bad : {})),
    ];
    const made = texts(requests).get('failed-after-a-fault')!;
    return judgeFinding(objective, made, { elapsed: 7000, phases: [] }).state;
  };
  assert.equal(stateOf(30), 'missed');
  assert.equal(stateOf(0), 'ok');
});

test('FaultsThatNobodyKnewOf: the table of parameters names every fault that failover can cause', () => {
  const { default: usual, allowed } = parameterTable.find(({ name }) => name === 'FAULTS')!;
  const named = new Set(`${usual} ${allowed}`.match(/[\w-]+/g));
  let refused = '';
  try {
    faultLoad({ faults: ['none'] } as Parameters<typeof faultLoad>[0]);
  } catch (error) {
    refused = (error as Error).message;
  }
  const known = /there are (.*)$/.exec(refused)![1]!.split(', ');
  assert.ok(known.length >= 11, refused);
  assert.deepEqual(
    known.filter((fault) => !named.has(fault)),
    [],
  );
});
