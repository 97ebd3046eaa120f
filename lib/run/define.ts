import exec from 'k6/execution';
import { configure } from 'k6/x/sse';
import { schedule, totalSeconds, usersOf, workers } from '../load';
import { gapSamples, metricDefs } from '../metrics';
<<<<<<< HEAD
import { addToTimeline, resourceReports } from '../monitor';
import { bounds, limitsOf, longestAllowed, parseObjectives, type Objectives } from '../objectives';
import { requester, timeouts, type LoadRequest } from '../openai';
import {
  instrumentReport,
  jUnit,
  outputsReport,
  safeParameters,
  textSummary,
  tracesReport,
  type RunRecord,
} from '../summary';
import { settledTruth, truthRefused } from '../provider';
import { random } from '../statistics';
import { alignment, detailOf, noteOf, withId, type RequestNote, type TruthRecord } from '../truth';
import { judge } from '../verdict';
import { promptOfTokens, type Call, type Workload } from '../workload';
import { keepUnjudged } from './last-resort';
import { preflight, type Preflight } from './preflight';
import { newRunId, tagSamples } from './run-id';
import { secretKey } from './secret';
import { pagesRefused, scenario as monitor, watch } from './watch';
=======
import { bounds } from '../objectives';
import { conclude } from './conclude';
import { planOf } from './plan';
import { printResults, writeResults } from './results';
import { tagSamples } from './run-id';
import { setUp, type Ready } from './setup';
import { at, type Plan, type TestDef } from './test';
import { playUsers } from './user';
import { scenario as monitor, watch } from './watch';
>>>>>>> main

/*
 * The road of a run, and the files that it goes through:
 *   plan.ts       init context: parameters, objectives and load become a plan, or the run is refused
 *   setup.ts      setup(): the target is tried (preflight.ts), and what the features need
 *   user.ts       each VU: an arrival becomes a request; its answer is booked in Go, and noted where a feature asks
 *   conclude.ts   teardown(): what was booked and noted becomes what was observed, findings, the verdict, the record
 *   results.ts    teardown() and handleSummary(): run.json, junit.xml and the table, all made of the record
 * What a script does beside that joins in at the stations of `Feature` (test.ts).
 */

/**
 * After the load, requests in flight may take so long before they are cut off, seconds. Longer than the first-byte
 * time-out.
 */
const drain = 35;

/**
 * Makes a k6 test of a definition: `options`, `setup`, the VUs' function (the default export), `teardown`,
 * `handleSummary`.
 */
export function defineTest(def: TestDef) {
  const plan = planOf(def);
  const { p, load, objectives, closed } = plan;
  configure({
    metrics: metricDefs(bounds(objectives.objectives)),
    schedule: schedule(load, closed ? 'closed' : p.arrivals, p.seed, plan.burst),
    slotSeconds: plan.slotSeconds,
    gapSamples,
    boundTrends: true,
    bounds: p.limits,
  });

  function run(ready: Ready): void {
    if (ready.refused) return;
    tagSamples(ready.runId, def.script);
    if (exec.scenario.name === monitor) watch(p.pages, p.pagesEvery);
    // By its number in the scenario: beside the monitor's, the VUs of the load are not those from 1 on.
    else playUsers(usersOf(exec.scenario.iterationInTest + 1, plan.users), def, plan, { p, run: ready.run });
  }

  function teardown(ready: Ready): void {
    if (!ready.refused) for (const end of at(def.with ?? [], 'loadEnds')) end({ p, run: ready.run });
    tagSamples(ready.runId, def.script);
    writeResults(conclude(def, plan, ready), plan, ready.refused !== '');
  }

  return { options: optionsOf(plan), setup: () => setUp(def, plan), run, teardown, handleSummary: printResults };
}

function optionsOf({ p, load, users }: Plan) {
  const oneEach = {
    executor: 'per-vu-iterations',
    iterations: 1,
    maxDuration: `${Math.ceil(totalSeconds(load) + drain)}s`,
    gracefulStop: '0s',
  };
  return {
    scenarios: {
      // One long iteration a VU: the Go module's schedule hands out the arrivals (see serve()), so that they are sent
      // at their own times, Poisson too, and late rather than never, with the lateness known. A VU plays many users.
      load: { ...oneEach, vus: workers(users) },
      ...(p.pages.length > 0 ? { [monitor]: { ...oneEach, vus: 1 } } : {}),
    },
    thresholds: { llm_objectives_missed: ['count==0'] },
    setupTimeout: '180s',
    teardownTimeout: '180s',
  };
<<<<<<< HEAD

  function setup(): Ready {
    for (const [name, meant] of misspelt(__ENV)) console.warn(`${name} is no parameter; was ${meant} meant?`);
    const found: Ready = {
      ...preflight(def.workload, p),
      runId: newRunId(def.script),
      run: `${Date.now().toString(36)}-`,
    };
    if (def.notes && p.providerUrl !== undefined && !found.refused) found.refused = truthRefused(p.providerUrl);
    if (!found.refused) found.refused = pagesRefused(p.pages);
    if (found.refused) console.error(found.refused);
    else for (const note of [...found.notes, ...loadNotes(planned, found.seconds)]) console.info(note);
    return found;
  }

  function run(found: Ready): void {
    if (found.refused) return;
    tagSamples(found.runId, def.script);
    if (exec.scenario.name === monitor) {
      watch(p.pages, p.pagesEvery);
      return;
    }
    const address = requester(p, (tags) => ({
      limits: limitsOf(objectives.objectives, tags),
      timeouts: planned.timeouts ?? timeouts,
    }));
    const next = (arrival: Arrival) => {
      if (tick(progressEvery)) console.info(progress(load, arrival));
      if (def.onPhase && once(`phase ${arrival.phase}`)) def.onPhase(arrival.phase, { p, run: found.run });
      return ask(def, planned, arrival, found.run, address);
    };
    const answered = (answer: StreamRecord, asked: Asked) => {
      settle(def, planned, answer, asked);
      if (def.untilBroken) stopClimbing(def.untilBroken, asked.arrival.phase);
    };
    // By its number in the scenario: beside the monitor's, the VUs of the load are not those from 1 on.
    serve(usersOf(exec.scenario.iterationInTest + 1, vus), next, answered);
  }

  function teardown(found: Ready): void {
    try {
      judged(found);
    } catch (error) {
      const sentence = keepUnjudged(error, `${p.out}/${found.runId}`);
      console.error(sentence);
      keep(JSON.stringify({ unjudged: sentence } satisfies Unjudged));
      exec.test.fail('the run is INVALID');
    }
  }

  function judged(found: Ready): void {
    if (!found.refused) def.onEnd?.({ p, run: found.run });
    tagSamples(found.runId, def.script);
    const { folder, record } = conclude(def, planned, found);
    const files: Record<string, string> = { 'run.json': JSON.stringify(record), 'junit.xml': jUnit(record) };
    // Constant arrivals follow from the phases; drawn ones are kept, so that a run can be held against what it was to
    // be.
    if (p.arrivals === 'poisson' && !closed && !found.refused)
      files['schedule.json'] = JSON.stringify({
        run_id: record.run_id,
        arrivals: p.arrivals,
        seed: p.seed,
        ...plannedArrivals(arrivalsKept),
      });
    const failure = writeFiles(folder, files);
    if (failure) {
      record.verdict = 'INVALID';
      record.reasons.push({ about: 'instrument', text: `the results could not be kept: ${failure}` });
      console.error(failure);
    }
    keep(JSON.stringify({ record, folder: failure ? '' : folder } satisfies Concluded));
    const missed = record.verdict === 'FAIL' ? record.reasons.filter((reason) => reason.about === 'target').length : 0;
    if (missed > 0) push({}, { llm_objectives_missed: missed });
    push({ verdict: record.verdict }, { llm_verdict: 1 });
    if (record.verdict === 'INVALID') exec.test.fail('the run is INVALID');
  }

  function handleSummary(): Record<string, string> {
    if (!kept())
      return {
        stdout:
          '\n  verdict     INVALID\n              instrument: the run ended before it could be judged, nothing was written\n\n',
      };
    const left = JSON.parse(kept()) as Concluded | Unjudged;
    if ('unjudged' in left)
      return { stdout: `\n  verdict     INVALID\n              instrument: ${left.unjudged}\n\n` };
    const { record, folder } = left;
    // k6's outputs write their last samples after teardown: what they could not is known only now.
    const complained = outputsReport(outputs());
    if (complained && folder && JSON.stringify(complained) !== JSON.stringify(record.outputs)) {
      const failure = writeFiles(folder, { 'run.json': JSON.stringify({ ...record, outputs: complained }) });
      if (failure) console.error(failure);
    }
    return { stdout: textSummary({ ...record, outputs: complained }, folder) };
  }

  return { options, setup, run, teardown, handleSummary };
}

/**
 * What teardown leaves for handleSummary: the record as run.json has it, and its folder ('' when it could not be
 * written).
 */
interface Concluded {
  record: RunRecord;
  folder: string;
}

/** What teardown leaves where the run could not be judged: a sentence. */
interface Unjudged {
  unjudged: string;
}

interface Ready extends Preflight {
  /** The run's name in results/, and on every sample. */
  runId: string;
  /** What the ids of this run's requests begin with. */
  run: string;
}

/**
 * The VUs worked out and what the plan's figures say about each other; `measured` is how long a probe took, seconds (0:
 * unknown).
 */
function loadNotes({ p, load, closed, vus, allowed }: Plan, measured: number): string[] {
  const notes: string[] = [];
  if (closed) {
    notes.push(
      `closed model: ${vus} users without pause for ${round(totalSeconds(load))} s; the plan's rates are not used`,
    );
    return notes;
  }
  const rate = topRate(load);
  const law = `Little's law: up to ${round(rate)} requests/s x ${round(allowed)} s, the longest that the objectives allow = ${round(inFlight(rate, allowed))} in flight`;
  const needed = vusNeeded(rate, allowed);
  notes.push(
    `${Math.round(arrivals(load))} requests in ${round(totalSeconds(load))} s. ${law}; ` +
      (p.vus === undefined
        ? `${vus} VUs with a margin`
        : `VUS=${vus} is used${vus < needed ? `, fewer than the ${needed} needed` : ''}`),
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
interface Asked extends LoadRequest {
  id: string;
  call: Call;
  arrival: Arrival;
}

function ask(def: TestDef, { p }: Plan, arrival: Arrival, run: string, address: ReturnType<typeof requester>): Asked {
  const { index } = arrival;
  const place = def.rounds ? placeInRound(p.models, p.seed, index) : undefined;
  const draws = random(p.seed, place?.round ?? index);
  let call = def.workload.next(draws);
  if (call.kind === 'chat' && p.promptTokens !== undefined) call = promptOfTokens(p.promptTokens, draws);
  const id = `${run}${index}`;
  if (def.notes && p.providerUrl !== undefined) call = withId(call, id, def.notes === 'chunks');
  const models = place ? [place.item] : def.modelOf ? [def.modelOf(arrival, p.models)] : p.models;
  // Filled in, not copied: in Sobek a spread costs as much as the rest of the request.
  const asked = address(call, arrival.phase, models, index) as Asked;
  asked.id = id;
  asked.call = call;
  asked.arrival = arrival;
  return asked;
}

/** Books an answer. What was measured is booked in Go (xk6-sse/measure.go): here is what only the script knows. */
function settle(
  def: TestDef,
  { p, prices: known }: Plan,
  answer: StreamRecord,
  { id, call, arrival, model }: Asked,
): void {
  if (def.notes)
    note(
      'request',
      noteOf(
        id,
        call,
        arrival,
        model,
        answer,
        answer.outcome,
        def.notes === 'chunks' ? detailOf(id, call, arrival, answer, p.apiKeys.length, p.maxTokens) : undefined,
      ),
    );
  const price = known.get(model);
  const cost = price && costOf(price, answer.promptTokens, answer.completionTokens, answer.cachedTokens);
  if (cost) answer.settle({ llm_cost_usd: cost.total, llm_cost_input_usd: cost.input });
  else answer.settle();
}

function stopClimbing({ steps, goOn, errors, p99 }: NonNullable<TestDef['untilBroken']>, phase: string): void {
  if (!steps.includes(phase)) return;
  const { ended, failed, p99: slowest } = phaseStats(phase, 'llm_e2e_scheduled');
  if (!isBroken({ ended, failed, p99: slowest }, { errors, p99 })) return;
  jump(goOn);
}

/** The notes of all requests, and what the provider recorded of them; `doubts` says what is missing. */
function evidence(
  def: TestDef,
  p: Parameters,
  run: string,
): { requests: RequestNote[]; truth?: TruthRecord[]; doubts: string[] } {
  if (!def.notes) return { requests: [], doubts: [] };
  const { kept: requests, lost } = notes('request');
  requests.sort((a, b) => a.index - b.index);
  const doubts = lost > 0 ? [`${lost} requests could not be noted: too many for the memory kept for it`] : [];
  if (p.providerUrl === undefined || requests.length === 0) return { requests, doubts };
  const read = settledTruth(p.providerUrl, run);
  if ('failure' in read) return { requests, doubts: [...doubts, read.failure] };
  if (read.dropped > 0 && requests.length > new Set(read.records.map((record) => record.id)).size) {
    doubts.push(
      `the simulated provider has forgotten ${read.dropped} of its records, so not all requests can be joined with them: raise its truth_limit`,
    );
  }
  if (alignment(requests, read.records) === undefined) {
    doubts.push(
      `none of the ${requests.length} requests reached the simulated provider ${p.providerUrl}: the gateway asks another one, or drops the prompt. Give the provider's address, or PROVIDER_URL=none`,
    );
  }
  return { requests, truth: read.records, doubts };
}

function conclude(def: TestDef, planned: Plan, found: Ready): { folder: string; record: RunRecord } {
  const { p, load, objectives, vus, allowed, closed, slotSeconds } = planned;
  const { requests, truth, doubts } = found.refused ? { requests: [], doubts: [] } : evidence(def, p, found.run);
  for (const { tags, values, at } of def.figures?.({ requests, truth }) ?? []) tally(tags, values, at);
  const s = snapshot();
  const started = new Date(s.startedAt || Date.now());
  const phases = phaseReports(s);
  const timeline = timelinePoints(s, slotSeconds);
  const pages = notes('page').kept.sort((a, b) => a.at - b.at);
  const resources = p.pages.length > 0 ? resourceReports(pages, p.pages) : undefined;
  addToTimeline(timeline, pages, s.startedAt);
  const weight = runLoad(phases);
  const doubt = planned.calibration && s.started > 0 ? beyond(planned.calibration, weight, p.maxError) : '';
  const findings =
    s.started > 0
      ? (def.findings ?? []).flatMap((finding) => finding({ phases, timeline, resources, requests, truth }))
      : [];
  const judgement = judge({
    objectives: objectives.objectives,
    snapshot: s,
    refused: found.refused,
    doubts: doubt ? [...doubts, doubt] : doubts,
    vus,
    allowedSeconds: allowed,
    findings: { objectives: objectives.findings, made: findings },
    mayBreak: def.untilBroken !== undefined,
  });
  const { hostname, os, kernel, arch, cpuModel, cpus, memoryBytes, k6, go } = environment();
  const record: RunRecord = {
    schema: 2,
    run_id: found.runId,
    script: def.script,
    row: objectives.row,
    profile: { phases: load, arrivals: closed ? 'closed' : p.arrivals, vus, allowed_s: allowed },
    started_at: started.toISOString(),
    duration_s: s.elapsed / 1000,
    ...judgement,
    findings,
    notes: found.refused ? [] : [...found.notes, ...loadNotes(planned, found.seconds)],
    remarks: s.remarks.length > 0 ? s.remarks : undefined,
    counts: { started: s.started, finished: s.finished, failed: s.failed, interrupted: s.interrupted },
    outcomes: s.outcomes,
    phases,
    metrics: metricReports(s),
    timeline,
    resources,
    traces: p.traces === undefined ? undefined : tracesReport(traces(), p.traces, p.tracesUrl),
    outputs: outputsReport(outputs()),
    instrument: instrumentReport(
      s,
      planned.calibration && { at: planned.calibration.at, point: covering(planned.calibration, weight) },
    ),
    environment: {
      hostname,
      os,
      kernel,
      arch,
      cpu_model: cpuModel,
      cpus,
      memory_bytes: memoryBytes,
      k6,
      go,
      project: __GSAI_PERF__.version,
      commit: __GSAI_PERF__.commit,
      target: p.baseUrl,
      parameters: safeParameters(p),
    },
    cost: costReport(s, { file: p.prices ?? 'data/prices.json', models: Object.fromEntries(planned.prices) }),
  };
  return { folder: `${p.out}/${found.runId}`, record };
=======
>>>>>>> main
}
