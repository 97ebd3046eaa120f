import { environment, stream, type StreamRecord } from 'k6/x/sse';
import { ParameterError, type Parameters } from '../config';
import { note, notes } from '../journal';
import { request } from '../openai';
import { medianOf } from '../statistics';
import type { EnvironmentRecord, Fact } from '../truth';
import { badBody, refusals, type Call } from '../workload';
import { ServerClock } from './clock';
import { readJson } from './files';
import type { Feature } from './test';
import { readPageOf } from './watch';

/** Round trips and large bodies that are measured before the load, one after the other. */
const [roundTrips, largeBodies] = [30, 5];
const largeKb = 1024;
/** What a round trip takes longer when a packet of it is sent again: Linux waits 200 ms at the least (RFC 6298: 1 s). */
const sentAgain = 190;
const timeouts = { first: 10_000, idle: 10_000, total: 30_000 };

/**
 * Measures before the load what the environment is: round trips, bandwidth, and what the target tells of itself
 * (METRICS_URLS). RECORD is read to hold that against.
 */
export function knowingTheEnvironment(): Feature {
  let record: EnvironmentRecord | undefined;
  return {
    parameters(p) {
      if (p.record !== undefined) record = environmentIn(p.record);
    },
    readies({ p }) {
      for (const fact of [...ofTheWay(p), ...ofTheTarget(p), ...ofThisMachine(p)]) note('fact', fact);
    },
    observe(evidence) {
      evidence.facts = notes('fact').kept;
      evidence.record = record;
    },
  };
}

interface Table {
  findings?: { id?: string; table?: { rows?: string[][] } }[];
}

/** Throws a {@link ParameterError} where the file is no record of this script. */
function environmentIn(path: string): EnvironmentRecord {
  const { findings } = readJson('RECORD', path) as Table;
  const rows = findings?.find(({ id }) => id === 'environment')?.table?.rows;
  if (!rows)
    throw new ParameterError(
      `RECORD=${path} is wrong: the run.json of an earlier run of the script fidelity is wanted`,
    );
  return Object.fromEntries(rows.map(([name, value]) => [name!, value!]));
}

const ask = (call: Call, p: Parameters, apart = false): StreamRecord => {
  const { url, params } = request(call, p, 0);
  return stream(url, { ...params, probe: true, timeouts, ...(apart ? { apart } : {}) });
};

const measured = (name: string, value: number | undefined, unit: string, may: Fact['may'], change = true): Fact[] =>
  value === undefined
    ? []
    : [{ name, value: `${Number(value.toPrecision(3))} ${unit}`, number: value, may, changesTimings: change }];

function ofTheWay(p: Parameters): Fact[] {
  const wrongPath: Call = { kind: 'refused', ...refusals[0]! };
  const clock = new ServerClock();
  const heard = (call: Call, apart: boolean) => {
    const sent = Date.now();
    const answer = ask(call, p, apart);
    clock.heard(answer.headers.date, sent, Date.now());
    return answer;
  };
  const times = (call: Call, count: number, apart = false) =>
    Array.from({ length: count }, () => heard(call, apart)).filter(({ status }) => status > 0);
  const kept = times(wrongPath, roundTrips);
  const trip = medianOf(kept.slice(1).map(({ end }) => end));
  const connect = medianOf(times(wrongPath, largeBodies, true).map((answer) => answer.connect));
  const large = medianOf(
    Array.from({ length: largeBodies }, (_, i) => {
      const body = badBody('large', p.models[0]!, largeKb, `fidelity-${i}`);
      // A request's own times begin when it is sent: here the sending counts.
      const begun = Date.now();
      return ask(body, p).status > 0 ? Date.now() - begun : NaN;
    }).filter(Number.isFinite),
  );
  const lost = trip === undefined ? 0 : kept.slice(1).filter(({ end }) => end > trip + sentAgain).length;
  const carried = large === undefined ? 0 : largeKb / 1024 / ((large - (trip ?? 0)) / 1000);
  const first = kept[0];
  const ahead = clock.offset();
  return [
    ...measured('round trip', trip, 'ms', { share: 0.5, amount: 3 }),
    ...measured('new connection', connect, 'ms', { share: 0.5, amount: 3 }),
    ...measured(
      "target's clock ahead of the generator's",
      ahead ? ahead.offset / 1000 : undefined,
      's',
      { share: 0, amount: 2 },
      false,
    ),
    ...(trip === undefined
      ? []
      : [
          {
            name: 'round trips with a packet that was sent again, by their time',
            value: `${lost} of ${kept.length - 1}`,
            number: lost,
            may: { share: 0, amount: 2 },
            changesTimings: true,
          },
        ]),
    // What the target does with the body is in it, so the way may carry more.
    ...measured(
      'a body of 1 MB there and refused',
      large,
      carried > 0 ? `ms (${Number(carried.toPrecision(2))} MB/s or more)` : 'ms',
      { share: 1, amount: 100 },
    ),
    ...(first ? [{ name: 'protocol', value: first.protocol, changesTimings: true }] : []),
    ...(first?.headers.server ? [{ name: 'server', value: first.headers.server, changesTimings: true }] : []),
  ];
}

function ofTheTarget(p: Parameters): Fact[] {
  return p.pages.flatMap((page) => {
    const found = readPageOf(page, p.pageNames);
    if ('failure' in found) return [];
    const { cpus, loops, memory, pool, runtime, database, containers, values } = found.raw;
    const limitless = values.target_memory !== undefined && cpus === undefined && memory === undefined;
    const told: [string, string | undefined][] = [
      ['CPUs', cpus?.toString()],
      ['threads that run its code', loops?.toString()],
      ['memory limit', memory === undefined ? undefined : `${Math.round(memory / 1e6)} MB`],
      ['CPU and memory limits', limitless ? 'none are told, so shares of a limit cannot be judged' : undefined],
      ['database connections', pool?.toString()],
      ['runtime', runtime],
      ['database', database],
      ['containers', containers],
    ];
    return told.flatMap(([name, value]) =>
      value === undefined ? [] : [{ name: `${page.name}: ${name}`, value, changesTimings: true }],
    );
  });
}

function ofThisMachine({ baseUrl }: Parameters): Fact[] {
  const { cpuModel, cpus, kernel, k6, go } = environment();
  const here = /^https?:\/\/(localhost|127\.\d+\.\d+\.\d+|\[::1\])([:/]|$)/.test(baseUrl);
  return [
    { name: 'generator and target', value: here ? 'share a machine' : 'on different machines', changesTimings: true },
    { name: "generator's CPUs", value: `${cpus} x ${cpuModel}`, changesTimings: true },
    { name: "generator's kernel", value: kernel, changesTimings: false },
    { name: "generator's k6 and Go", value: `${k6}, ${go}`, changesTimings: false },
  ];
}
