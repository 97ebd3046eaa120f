import { environment, outputs, snapshot, traces, type Snapshot } from 'k6/x/sse';
import { beyond, covering, runLoad } from '../calibration';
import { costReport } from '../cost';
import { unsteady, whoFails, type Observed } from '../findings';
import { notes } from '../journal';
import { mergeOutputs, mergeParts, mergeTraces, takeResources, worstError, type Merged } from '../parts';
import { connectingNote, metricReports, phaseReports, timelinePoints } from '../measurements';
import { addToTimeline, resourceReports } from '../monitor';
import {
  failureReport,
  hammering,
  instrumentReport,
  outputsReport,
  safeParameters,
  tracesReport,
  type RunRecord,
} from '../summary';
import { judge } from '../verdict';
import { partReport, type Parts } from './parts';
import { endRequests } from './requests';
import { proxyTold } from './route';
import type { Ready } from './setup';
import { replayNote } from './trace';
import { hooks, type Evidence, type Plan, type TestDef } from './test';

/** All that a run measured, its own or that of the parts that it adds up. */
interface Gathered {
  booked: Snapshot;
  observed: Observed;
  doubts: readonly string[];
  /** Of the parts, where this run only adds them up. */
  merged?: Merged;
}

/**
 * What became of a run, as run.json has it. All that was measured comes together here: what was booked (in Go), what
 * was noted (the journal), and what the features know beside that.
 */
export function conclude(def: TestDef, plan: Plan, ready: Ready): RunRecord {
  const { p, load, objectives } = plan;
  const { booked, observed, doubts, merged } = plan.parts
    ? ofParts(def, plan, plan.parts)
    : ofThisRun(def, plan, ready);
  const weight = runLoad(observed.phases);
  const tooHeavy = plan.calibration && booked.started > 0 ? beyond(plan.calibration, weight, p.maxError) : '';
  const own = tooHeavy ? [...doubts, tooHeavy] : doubts;
  const found =
    booked.started > 0 && !(merged && needsRequests(def)) ? (def.findings ?? []).flatMap((find) => find(observed)) : [];
  // A fixed workload, and a script that acts on the provider, make some requests fail on purpose.
  const onPurpose = plan.workload.fixed || hooks(def, 'phaseBegins').length > 0;
  const findings = [...found, ...(onPurpose ? [] : whoFails(booked.outcomes))];
  const judgement = judge({
    objectives: objectives.objectives,
    snapshot: booked,
    refused: ready.refused,
    doubts: own,
    vus: plan.users,
    allowedSeconds: plan.allowed,
    findings: {
      objectives: objectives.findings,
      made: findings,
      takes: new Map((def.findings ?? []).flatMap(({ ids, takes }) => ids.map((id) => [id, takes]))),
    },
    mayBreak: plan.mayBreak === true,
  });
  return {
    schema: 2,
    run_id: ready.runId,
    script: def.script,
    row: objectives.row,
    profile: {
      phases: load,
      arrivals: plan.closed ? 'closed' : p.arrivals,
      vus: plan.users,
      allowed_s: plan.allowed,
    },
    started_at: new Date(booked.startedAt || Date.now()).toISOString(),
    duration_s: booked.elapsed / 1000,
    ...judgement,
    findings,
    notes: ready.refused
      ? []
      : [
          ...ready.notes,
          ...ready.loadNotes,
          ...tokensNote(booked, p),
          ...replayNote(plan.replay, booked, p.trace),
          ...(plan.closed ? hammering(booked.failures, observed.timeline) : []),
          ...unsteady(booked.timeline, plan.slotSeconds, load, plan.closed),
          ...(merged ? [mergedNote(merged)] : []),
          ...[connectingNote(booked)].filter((note) => note !== ''),
        ],
    remarks: booked.remarks.length > 0 ? booked.remarks : undefined,
    failures: failureReport(booked),
    counts: {
      started: booked.started,
      finished: booked.finished,
      failed: booked.failed,
      interrupted: booked.interrupted,
      resent: booked.remarks.find(({ remark }) => remark === 'request sent again')?.count,
    },
    outcomes: booked.outcomes,
    phases: [...observed.phases],
    metrics: metricReports(booked),
    timeline: [...observed.timeline],
    resources: observed.resources && [...observed.resources],
    traces: merged
      ? mergeTraces(plan.parts!.records)
      : p.traces === undefined
        ? undefined
        : tracesReport(traces(), p.traces, p.tracesUrl),
    requests: merged ? undefined : endRequests(plan),
    outputs: merged ? mergeOutputs(plan.parts!.records) : outputsReport(outputs()),
    instrument: {
      ...instrumentReport(
        booked,
        plan.calibration && { at: plan.calibration.at, point: covering(plan.calibration, weight) },
      ),
      ...(merged ? { error: worstError(plan.parts!.records) } : {}),
    },
    environment: merged ? { ...plan.parts!.records[0]!.environment, hostname: merged.hostnames } : environmentOf(plan),
    cost: costReport(booked, { file: p.prices ?? 'data/prices.json', models: Object.fromEntries(plan.prices) }),
    part: merged ? undefined : partReport(ready, booked, own),
    merged_from: merged?.runs,
  };
}

function ofThisRun(def: TestDef, plan: Plan, ready: Ready): Gathered {
  const evidence = evidenceOf(def, plan, ready);
  const booked = snapshot();
  return { booked, observed: observe(booked, plan, evidence), doubts: evidence.doubts };
}

/** A script that keeps notes of single requests: they are in no record, so what it finds by them cannot be added up. */
const needsRequests = (def: TestDef) => hooks(def, 'observe').length > 0;

function ofParts(def: TestDef, plan: Plan, { records, doubts }: Parts): Gathered {
  const merged = mergeParts(records);
  const timeline = timelinePoints(merged.snapshot, plan.slotSeconds);
  const resources = takeResources(timeline, records);
  const missing = needsRequests(def)
    ? [
        `${def.script} makes its findings of notes of single requests, which a record does not hold: run it in one process`,
      ]
    : [];
  return {
    booked: merged.snapshot,
    observed: { phases: phaseReports(merged.snapshot), timeline, resources, requests: [], booked: merged.snapshot },
    doubts: [...doubts, ...merged.doubts, ...missing],
    merged,
  };
}

/** What became of the tokens that authenticate requests. */
function tokensNote({ tokens }: Snapshot, { auth }: Plan['p']): string[] {
  if (!tokens || tokens.fetched + tokens.failed === 0) return [];
  const failed = tokens.failed > 0 ? `, ${tokens.failed} could not be (${tokens.error})` : '';
  const waits =
    tokens.waits > 0
      ? `; ${tokens.waits} requests waited for one, ${tokens.longest.toFixed(0)} ms at most, before their time began`
      : '';
  return [`AUTH=${auth}: ${tokens.fetched} tokens were fetched${failed}${waits}`];
}

/** How far apart the runners started, where it can be said. */
function mergedNote({ runs }: Merged): string {
  const known = runs.flatMap(({ start_after }) => start_after ?? []);
  const last = known.reduce((a, b) => (b.offset > a.offset ? b : a), { offset: 0, bound: 0 });
  const unknown = runs.length - known.length;
  return `added up of ${runs.length} runs: the last started ${(last.offset / 1000).toFixed(1)} s after the first, known to within ${(last.bound / 1000).toFixed(1)} s${unknown > 0 ? `; of ${unknown} it cannot be said, since the target told no time` : ''}`;
}

/** What the features know of single requests: nothing of a run that was refused. */
function evidenceOf(def: TestDef, { p }: Plan, ready: Ready): Evidence {
  const evidence: Evidence = { requests: [], doubts: [] };
  if (!ready.refused) for (const add of hooks(def, 'observe')) add(evidence, { p, run: ready.run });
  return evidence;
}

/** Everything that findings are made of. */
function observe(booked: Snapshot, { p, slotSeconds }: Plan, evidence: Evidence): Observed {
  const { requests, truth, failures, probes, ...more } = evidence;
  const timeline = timelinePoints(booked, slotSeconds);
  const pages = notes('page').kept.sort((a, b) => a.at - b.at);
  addToTimeline(timeline, pages, booked.startedAt);
  return {
    phases: phaseReports(booked),
    timeline,
    resources: p.pages.length > 0 ? resourceReports(pages, p.pages) : undefined,
    requests,
    truth,
    failures,
    ...more,
    booked,
    probes,
  };
}

function environmentOf({ p }: Plan): RunRecord['environment'] {
  const { hostname, os, kernel, arch, cpuModel, cpus, memoryBytes, k6, go } = environment();
  return {
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
    proxy: proxyTold(p),
    parameters: safeParameters(p),
  };
}
