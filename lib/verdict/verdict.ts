import type { Snapshot } from 'k6/x/sse';
import type { Finding } from '../measurements';
import { carries, tagText } from '../metrics';
import { quantile } from '../statistics';
import type { FindingObjective, Objective } from '../objectives';
import { connectionDoubts } from './own-limits';
import { countsErrors, judgeFinding, judgeObjective, labelOf, unmeasured, type ObjectiveResult } from './objective';
import type { Reason } from './reason';

export type Verdict = 'PASS' | 'FAIL' | 'INVALID';

export interface Judgement {
  verdict: Verdict;
  reasons: Reason[];
  objectives: ObjectiveResult[];
}

/** What a run was meant to be, and what was counted. */
export interface Trial {
  objectives: readonly Objective[];
  snapshot: Snapshot;
  /** What the preflight refused the target for; "" when it let it pass. */
  refused: string;
  vus: number;
  /** The longest that the objectives let a request take, seconds: what the VUs were sized for. */
  allowedSeconds: number;
  /** Further doubts about the instrument, in words. */
  doubts?: readonly string[];
  /** What the script found, the objectives about that, and what it takes that a finding is made, by its id. */
  findings?: {
    objectives: readonly FindingObjective[];
    made: readonly Finding[];
    takes?: ReadonlyMap<string, string>;
  };
  /** The script looks for the breaking point: load that was not delivered is a finding, not a failure. */
  mayBreak: boolean;
}

/** Limits of the instrument. A run beyond them says nothing about the target. */
export const limits = {
  /** p99 of how late the generator itself woke for an arrival, ms. */
  latenessP99: 50,
  /** Share of the machine's CPU time that the generator may use over the load. */
  cpu: 0.9,
  /** Share of the content events that may share a read which came late. */
  lateShared: 0.01,
  /** Share of the requests that the test's end may cut off. */
  interrupted: 0.01,
  /** Share of the scheduled requests that may be left unsent. */
  dropped: 0.01,
} as const;

const percent = (share: number) => `${(100 * share).toFixed(share < 0.1 ? 1 : 0)} %`;
const each = (n: number, noun: string) => `${n} ${noun}${n === 1 ? '' : 's'}`;

/**
 * The verdict by the rules of docs/reading-results.md: doubt about the instrument beats all, then a miss, then doubt about the
 * evidence. A run in which nothing was judged is no PASS.
 */
export function judge(trial: Trial): Judgement {
  const { snapshot } = trial;
  const reasons: Reason[] = [];
  const say = (about: Reason['about'], text: string) => reasons.push({ about, text });

  if (trial.refused) {
    say('instrument', trial.refused);
    return { verdict: 'INVALID', reasons, objectives: [] };
  }
  for (const text of [...instrumentDoubts(snapshot), ...(trial.doubts ?? [])]) say('instrument', text);
  const delivery = undelivered(trial);
  if (delivery) reasons.push(delivery);

  const results = snapshot.started > 0 ? resultsOf(trial, say) : [];
  for (const result of results) reasons.push(...reasonsOf(result));
  if (results.length > 0 && results.every((result) => result.state === 'not judged'))
    say('evidence', `nothing was judged: ${results.map((each) => `${each.name}: ${each.reason}`).join('; ')}`);
  const has = (about: Reason['about']) => reasons.some((reason) => reason.about === about);
  const verdict = has('instrument') ? 'INVALID' : has('target') ? 'FAIL' : has('evidence') ? 'INVALID' : 'PASS';
  // What made the verdict stands first: the misses of a FAIL before what could not be said beside them.
  const order: Reason['about'][] = ['instrument', 'target', 'evidence'];
  reasons.sort((a, b) => order.indexOf(a.about) - order.indexOf(b.about));
  return { verdict, reasons, objectives: results };
}

function resultsOf({ objectives, findings, snapshot }: Trial, say: (about: Reason['about'], text: string) => void) {
  const results: ObjectiveResult[] = [];
  for (const objective of objectives.flatMap((each) => forEach(each, snapshot))) {
    const { each: tag, tags } = objective;
    if (tag === undefined && snapshot.outcomes.some((row) => carries(row.tags, tags))) {
      results.push(judgeObjective(objective, snapshot));
      continue;
    }
    const reason = `no request carried ${[tagText(tags), tag && `the tag ${tag}`].filter(Boolean).join(' with ')}`;
    results.push({ ...unmeasured(objective), state: 'not judged', reason });
    if (!objective.ifRun) say('instrument', `objective "${objective.name}": ${reason}, so it judged nothing`);
  }
  for (const objective of findings?.objectives ?? []) {
    const made = findings!.made.filter((finding) => finding.id === objective.finding);
    for (const finding of made) {
      const name = made.length > 1 && finding.of ? `${objective.name}: ${finding.of}` : objective.name;
      results.push(judgeFinding({ ...objective, name }, finding, snapshot));
    }
    if (made.length > 0) continue;
    const takes = findings!.takes?.get(objective.finding);
    const reason = `this run has no such finding${takes ? `: it takes ${takes}` : ''}`;
    results.push({ ...unmeasured(objective), state: objective.ifRun ? 'not judged' : 'too few', reason });
  }
  return results;
}

/** One objective for each value of its tag that the run's requests carried; itself where they carried none. */
function forEach(objective: Objective, { outcomes }: Snapshot): Objective[] {
  const { each: tag, ...rest } = objective;
  if (tag === undefined) return [objective];
  const carried = outcomes.filter((row) => carries(row.tags, rest.tags)).map((row) => row.tags[tag] ?? '');
  const values = [...new Set(carried)].filter((value) => value !== '').sort();
  if (values.length === 0) return [objective];
  return values.map((value) => ({ ...rest, name: `${rest.name}: ${value}`, tags: { ...rest.tags, [tag]: value } }));
}

function reasonsOf(result: ObjectiveResult): Reason[] {
  const { state, measured, target, n, stat, reason } = result;
  const name = labelOf(result);
  const told = `${name}: ${state === 'too close' ? 'too close to say: ' : ''}measured ${show(measured, result)}, wanted ${limitText(target, result)}`;
  switch (state) {
    case 'ok':
    case 'not judged':
      return [];
    case 'missed':
      if (stat !== 'finding') return [{ about: 'target', text: `${told} (n=${n})` }];
      return [{ about: 'target', text: measured === null ? `${name}: ${reason}` : `${told}: ${reason}` }];
    case 'too close':
      return [{ about: 'evidence', text: `${told} (n=${n}): ${reason}` }];
    case 'too few':
      return [{ about: 'evidence', text: `${name}: too little evidence: ${reason}` }];
  }
}

const short = (value: number) => Number(value.toPrecision(4)).toString();

/** As the table has it: errors in per cent, all else as a number in its metric's unit. */
function show(value: number | null, { metric }: ObjectiveResult): string {
  if (value === null) return 'nothing';
  return countsErrors(metric) ? `${short(100 * value)} %` : short(value);
}

/** The limit in the same unit. */
const limitText = (target: string, { metric }: ObjectiveResult) =>
  countsErrors(metric) ? target.replace(/\d[\d.e+-]*/g, (limit) => `${short(100 * Number(limit))} %`) : target;

/** Why the instrument of a run is to be doubted, as sentences. */
export function instrumentDoubts(s: Snapshot): string[] {
  const doubts: string[] = [];
  if (s.signal) doubts.push(`the run was stopped by ${s.signal} before its load was over`);
  if (s.scriptErrors > 0)
    doubts.push(`the script threw ${each(s.scriptErrors, 'time')}; first: ${s.firstScriptErrors[0] ?? 'unknown'}`);
  const { faults } = s.instrument;
  if (faults.count > 0)
    doubts.push(`${each(faults.count, 'fault')} of the suite's own; first: ${faults.first[0] ?? 'unknown'}`);
  const outOfMemory = s.remarks.find(({ remark }) => remark === 'memory for answers used up');
  if (outOfMemory)
    doubts.push(
      `${each(outOfMemory.count, 'request')} given up because the answers in hand held more than ${outOfMemory.example}: a limit of the generator's, not of the target's. Give MEMORY_LIMIT a larger value, or EVENT_LIMIT and DOCUMENT_LIMIT smaller ones`,
    );
  const noToken = s.remarks.find(({ remark }) => remark === 'no token to send');
  if (noToken)
    doubts.push(
      `${each(noToken.count, 'request')} could not be sent, since no token could be had for them: ${noToken.example}. That is the authorization's fault, not the target's`,
    );
  const oldToken = s.remarks.find(({ remark }) => remark === 'refused with an old token');
  if (oldToken)
    doubts.push(
      `${each(oldToken.count, 'request')} refused with 401, while the next token could not be had: ${oldToken.example}. That is the authorization's fault, not the target's`,
    );
  const proxied = s.remarks.find(({ remark }) => remark === 'refused by the proxy');
  if (proxied)
    doubts.push(
      `${each(proxied.count, 'request')} did not reach the target, because ${proxied.example}. What a proxy does says nothing about the target`,
    );
  doubts.push(...connectionDoubts(s));
  if (s.started === 0) doubts.push('no request was started: nothing was measured');
  const known = s.finished + s.failed + s.interrupted;
  if (s.started !== known) {
    doubts.push(
      `started (${s.started}) is not finished + failed + interrupted (${s.finished} + ${s.failed} + ${s.interrupted} = ${known}): ${each(s.started - known, 'request')} are unaccounted for`,
    );
  }
  if (s.refusedValues > 0)
    doubts.push(`${each(s.refusedValues, 'value')} that are not finite: a formula of the suite is wrong`);
  if (!s.signal && s.started > 0 && s.interrupted / s.started > limits.interrupted) {
    doubts.push(
      `the test's end cut off ${s.interrupted} of ${s.started} requests (at most ${percent(limits.interrupted)} may be): the slowest are missing from the percentiles`,
    );
  }
  const lateness = quantile(s.instrument.lateness, 0.99);
  if (lateness !== undefined && lateness > limits.latenessP99) {
    doubts.push(
      `the generator was late: 1 % of the requests were sent ${lateness.toFixed(0)} ms and more after their time, through no fault of the target (limit ${limits.latenessP99} ms); use a larger machine or less load`,
    );
  }
  const { lateShared, contentEvents } = s.instrument;
  if (contentEvents > 0 && lateShared / contentEvents > limits.lateShared) {
    doubts.push(
      `the generator read late: ${percent(lateShared / contentEvents)} of the events came in one read with others, over 5 ms after the last of them had arrived, and share its time (limit ${percent(limits.lateShared)}); use a larger machine or less load`,
    );
  }
  const cpu = s.instrument.cpuSeconds / Math.max(s.instrument.wallSeconds * s.instrument.cpus, 1e-9);
  if (cpu > limits.cpu)
    doubts.push(
      `the generator used ${percent(cpu)} of this machine's CPU (limit ${percent(limits.cpu)}); use a larger machine or less load`,
    );
  return doubts;
}

/**
 * Load that was scheduled and not sent. It is the target's fault where by Little's law the VUs, all of them busy, were
 * held longer than the objectives allow; else there were too few VUs, and the run says nothing.
 */
function undelivered(trial: Trial): Reason | undefined {
  const { snapshot, vus, allowedSeconds } = trial;
  if (snapshot.signal || trial.mayBreak) return undefined;
  const due = snapshot.phases.reduce((sum, phase) => sum + phase.due, 0);
  const dropped = snapshot.phases.reduce((sum, phase) => sum + phase.dropped, 0);
  if (due === 0 || dropped / due <= limits.dropped) return undefined;
  const worst = snapshot.phases.reduce((a, b) => (b.dropped > a.dropped ? b : a));
  const length = (worst.end - worst.start) / 1000;
  const held = (vus * length) / Math.max(worst.dispatched, 1);
  const told = `in phase ${worst.phase} ${(worst.due / length).toFixed(1)} requests/s were wanted, ${(worst.dispatched / length).toFixed(1)}/s could be sent (${worst.dropped} of ${worst.due} dropped)`;
  const busy = worst.maxInFlight >= vus;
  if (busy && held > allowedSeconds) {
    return {
      about: 'target',
      text: `${told}: the target held each request ${held.toFixed(1)} s, and its objectives allow ${allowedSeconds.toFixed(1)} s`,
    };
  }
  return {
    about: 'instrument',
    text: busy
      ? `${told}: all ${vus} VUs were busy although the target was in time; raise VUS`
      : `${told} although VUs were free (${worst.maxInFlight} of ${vus} in flight): the generator could not keep up`,
  };
}
