import exec from 'k6/execution';
import { configure, environment, jump, keep, kept, phaseStats, push, refuse, serve, snapshot, tick, traces, writeFiles, type Arrival, type Outcome, type Request, type StreamRecord } from 'k6/x/sse';
import { ParameterError, misspelt, readParameters, type Parameters } from '../config';
import { secretKey } from '../config/secret';
import { measure, metricDefs, type Values } from '../metrics';
import { bounds, longestAllowed, meetsAll, parseObjectives, type Objectives } from '../objectives';
import { request } from '../openai';
import { instrumentReport, jUnit, metricReports, phaseReports, safeParameters, textSummary, timelinePoints, tracesReport, type RunRecord } from '../summary';
import { judge } from '../verdict';
import { promptOfTokens, random, type Call, type Workload } from '../workload';
import { isBroken, type Breaking, type FindingOf } from './findings';
import { contradiction, inFlight, usersOf, vusNeeded, workers } from './little';
import { arrivals, round, scaled, schedule, topRate, totalSeconds, type Load } from './phases';
import { preflight, type Preflight } from './preflight';

/** What a script says of itself: its name, what to load, and how to judge; its row of the plan stands in the objectives' file. */
export interface TestDef {
  script: string;
  /** Content of `thresholds/<script>.json`. */
  objectives: unknown;
  load: Load;
  workload: Workload;
  findings?: FindingOf[];
  /** Requests come in groups of so many at the same instant, at the same mean rate. */
  burst?: number;
  /** A load that climbs until it breaks: at the limit it goes on with phase `goOn` at once. */
  untilBroken?: Breaking & { steps: readonly string[]; goOn: string };
}

/** What a request may be held where no objective says: seconds, the plan's peak limit (7.4.3). */
const heldAtMost = 5;
/** After the load, requests in flight may take so long before they are cut off, seconds. Longer than the first-byte time-out. */
const drain = 35;
/** Gaps of one stream that become k6 samples; the histogram has all of them. */
const gapSamples = 4;
/** Seconds between two lines of progress. */
const progressEvery = 5;

interface Plan {
  p: Parameters;
  load: Load;
  objectives: Objectives;
  closed: boolean;
  vus: number;
  allowed: number;
  slotSeconds: number;
}

function plan(def: TestDef): Plan {
  try {
    const p = readParameters(__ENV, openFromHere, secretKey);
    const load = scaled(def.load, p);
    const objectives = p.objectives === undefined ? parseObjectives(def.objectives, `thresholds/${def.script}.json`) : readObjectives(p.objectives);
    const allowed = longestAllowed(objectives.objectives) ?? heldAtMost;
    const closed = p.vus !== undefined && p.rate === undefined;
    const vus = p.vus ?? vusNeeded(topRate(load), allowed);
    const slotSeconds = totalSeconds(load) > 600 ? 10 : 1;
    return { p, load, objectives, closed, vus, allowed, slotSeconds };
  } catch (error) {
    if (error instanceof ParameterError) return refuse(error.message);
    throw error;
  }
}

/** Reads a file that the user named: a relative path counts from where k6 was started, as on any command line; k6's own `open` counts from the bundle. */
function openFromHere(path: string): string {
  return open(path.startsWith('/') ? path : `${environment().cwd}/${path}`);
}

function readObjectives(path: string): Objectives {
  let text: string;
  try {
    text = openFromHere(path);
  } catch {
    throw new ParameterError(`OBJECTIVES=${path} is wrong: no such file can be read`);
  }
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    throw new ParameterError(`OBJECTIVES=${path} is wrong: it is not JSON (${String(error)})`);
  }
  return parseObjectives(value, path);
}

/** Makes a k6 test of a definition: `options`, `setup`, the VUs' function (the default export), `teardown`, `handleSummary`. */
export function defineTest(def: TestDef) {
  const planned = plan(def);
  const { p, load, objectives, closed, vus, slotSeconds } = planned;
  configure({
    metrics: metricDefs(bounds(objectives.objectives)),
    schedule: schedule(load, closed ? 'closed' : p.arrivals, p.seed, def.burst),
    slotSeconds,
    gapSamples,
  });

  const options = {
    scenarios: {
      // One long iteration a VU: the Go module's schedule hands out the arrivals (see serve()), so that they are sent at their
      // own times, Poisson too, and late rather than never, with the lateness known. A VU plays many users.
      load: { executor: 'per-vu-iterations', vus: workers(vus), iterations: 1, maxDuration: `${Math.ceil(totalSeconds(load) + drain)}s`, gracefulStop: '0s' },
    },
    thresholds: { llm_objectives_missed: ['count==0'] },
    setupTimeout: '180s',
    teardownTimeout: '180s',
  };

  function setup(): Preflight {
    for (const [name, meant] of misspelt(__ENV)) console.warn(`${name} is no parameter; was ${meant} meant?`);
    const found = preflight(def.workload, p);
    if (found.refused) console.error(found.refused);
    else for (const note of loadNotes(planned, found.seconds)) console.info(note);
    return found;
  }

  function run(found: Preflight): void {
    if (found.refused) return;
    const next = (arrival: Arrival) => {
      if (tick(progressEvery)) console.info(progress(load, arrival));
      return ask(def, planned, arrival);
    };
    const answered = (answer: StreamRecord, asked: Asked) => {
      settle(planned, answer, asked);
      if (def.untilBroken) stopClimbing(def.untilBroken, asked.arrival.phase);
    };
    serve(usersOf(exec.vu.idInTest, vus), next, answered);
  }

  function teardown(found: Preflight): void {
    const { folder, record } = conclude(def, planned, found);
    const failure = writeFiles(folder, { 'run.json': JSON.stringify(record), 'junit.xml': jUnit(record) });
    if (failure) {
      record.verdict = 'INVALID';
      record.reasons.push({ about: 'instrument', text: `the results could not be kept: ${failure}` });
      console.error(failure);
    }
    keep(textSummary(record, failure ? '' : folder));
    const missed = record.verdict === 'FAIL' ? record.reasons.filter((reason) => reason.about === 'target').length : 0;
    if (missed > 0) push({}, { llm_objectives_missed: missed });
    if (record.verdict === 'INVALID') exec.test.fail('the run is INVALID');
  }

  function handleSummary(): Record<string, string> {
    return { stdout: kept() || '\n  verdict     INVALID\n              instrument: the run ended before it could be judged, nothing was written\n\n' };
  }

  return { options, setup, run, teardown, handleSummary };
}

/** The VUs worked out and what the plan's figures say about each other; `measured` is how long a probe took, seconds (0: unknown). */
function loadNotes({ p, load, closed, vus, allowed }: Plan, measured: number): string[] {
  const notes: string[] = [];
  if (closed) {
    notes.push(`closed model: ${vus} users without pause for ${round(totalSeconds(load))} s; the plan's rates are not used`);
    return notes;
  }
  const rate = topRate(load);
  const law = `Little's law: up to ${round(rate)} requests/s x ${round(allowed)} s, the longest that the objectives allow = ${round(inFlight(rate, allowed))} in flight`;
  const needed = vusNeeded(rate, allowed);
  notes.push(
    `${Math.round(arrivals(load))} requests in ${round(totalSeconds(load))} s. ${law}; ` + (p.vus === undefined ? `${vus} VUs with a margin` : `VUS=${vus} is used${vus < needed ? `, fewer than the ${needed} needed` : ''}`),
  );
  if (measured > 0) {
    const contra = contradiction(load, measured);
    if (contra) notes.push(contra);
  }
  return notes;
}

/** How the running phase goes; k6's own line of progress knows VUs only. */
function progress(load: Load, { phase, scheduled }: Arrival): string {
  const { started, ended, failed, p50 } = phaseStats(phase, 'llm_ttft');
  const ttft = Number.isNaN(p50) ? '' : `, median TTFT ${p50.toFixed(0)} ms`;
  return `${(scheduled / 1000).toFixed(0)} of ${round(totalSeconds(load))} s, phase ${phase}: ${started} requests started, ${ended} ended, ${failed} of them failed${ttft}`;
}

/** A request that was asked for, with what is needed to settle it. */
interface Asked extends Request {
  call: Call;
  arrival: Arrival;
  tags: Record<string, string>;
}

function ask(def: TestDef, { p }: Plan, arrival: Arrival): Asked {
  const draws = random(p.seed, arrival.index);
  let call = def.workload.next(draws);
  if (call.kind === 'chat' && p.promptTokens !== undefined) call = promptOfTokens(p.promptTokens, draws);
  const { url, params, tags } = request(call, p, arrival.index);
  const tagged = { ...tags, phase: arrival.phase };
  return { url, params: { ...params, tags: tagged, arrival }, call, arrival, tags: tagged };
}

function settle({ objectives }: Plan, answer: StreamRecord, { call, tags }: Asked): void {
  const outcome = checked(call, answer.outcome, answer.counted);
  const values: Values = measure(answer, outcome, true);
  values.llm_finished = 1;
  if (call.kind === 'embedding' && outcome === 'ok') values.llm_embeddings = call.texts.length;
  values.llm_goodput = outcome === 'ok' && meetsAll(objectives.objectives, tags, values) ? 1 : 0;
  answer.settle({ ...tags, outcome }, outcome, values);
}

/** An embedding's answer must hold a vector for each text. */
function checked(call: Call, outcome: Outcome, counted: number): Outcome {
  return outcome === 'ok' && call.kind === 'embedding' && counted !== call.texts.length ? 'malformed' : outcome;
}

function stopClimbing({ steps, goOn, errors, p99 }: NonNullable<TestDef['untilBroken']>, phase: string): void {
  if (!steps.includes(phase)) return;
  const { ended, failed, p99: slowest } = phaseStats(phase, 'llm_e2e_scheduled');
  if (!isBroken({ ended, failed, p99: slowest }, { errors, p99 })) return;
  jump(goOn);
}

function conclude(def: TestDef, planned: Plan, found: Preflight): { folder: string; record: RunRecord } {
  const { p, load, objectives, vus, allowed, closed, slotSeconds } = planned;
  const s = snapshot();
  const started = new Date(s.startedAt || Date.now());
  const judgement = judge({ objectives: objectives.objectives, snapshot: s, refused: found.refused, vus, allowedSeconds: allowed, mayBreak: def.untilBroken !== undefined });
  const phases = phaseReports(s);
  const timeline = timelinePoints(s, slotSeconds);
  // Three letters of the clock's milliseconds keep two runs of one second apart.
  const runId = `${started.toISOString().replace(/[-:]/g, '').replace('.', '-').replace('Z', '')}-${def.script}`;
  const { hostname, os, kernel, arch, cpuModel, cpus, memoryBytes, k6, go } = environment();
  const record: RunRecord = {
    schema: 1,
    run_id: runId,
    script: def.script,
    row: objectives.row,
    profile: { phases: load, arrivals: closed ? 'closed' : p.arrivals, vus, allowed_s: allowed },
    started_at: started.toISOString(),
    duration_s: s.elapsed / 1000,
    ...judgement,
    findings: s.started > 0 ? (def.findings ?? []).map((finding) => finding({ phases, timeline })) : [],
    notes: found.refused ? [] : loadNotes(planned, found.seconds),
    counts: { started: s.started, finished: s.finished, failed: s.failed, interrupted: s.interrupted },
    outcomes: s.outcomes,
    phases,
    metrics: metricReports(s),
    timeline,
    traces: p.traces === undefined ? undefined : tracesReport(traces(), p.traces, p.tracesUrl),
    instrument: instrumentReport(s),
    environment: {
      hostname, os, kernel, arch, cpu_model: cpuModel, cpus, memory_bytes: memoryBytes, k6, go,
      project: __GSAI_PERF__.version,
      commit: __GSAI_PERF__.commit,
      target: p.baseUrl,
      parameters: safeParameters(p),
    },
    cost: null,
  };
  return { folder: `${p.out}/${runId}`, record };
}
