import type { Finding } from '../../measurements';
import { medianOf, quantileOf, ascending, sumOf } from '../../statistics';
import { alignment, attemptsOf } from '../../truth';
import type { Observed } from '../observed';
import { distribution, figuresOf, type Figures, type Seen } from './figures';
import { afterPhase, faults } from './phases';

/*
 * What a run of `failover` says: in words that an engineer can act on, with the value that thresholds/failover.json
 * judges.
 */

const ms = (value: number | null | undefined) => (value == null ? '-' : `${value.toFixed(0)} ms`);
const s = (value: number | null | undefined) => (value == null ? '-' : `${(value / 1000).toFixed(2)} s`);
const share = (value: number) => `${(100 * value).toFixed(0)} %`;
const sum = (figures: readonly Figures[], of: (each: Figures) => number) => sumOf(figures.map(of));
const each = (n: number, noun: string) => `${n} ${noun}${n === 1 ? '' : 's'}`;

/** The greatest of what is known; undefined when nothing is. */
function worst(
  figures: readonly Figures[],
  of: (each: Figures) => number | null,
): { at: Figures; value: number } | undefined {
  const known = figures.flatMap((at) => {
    const value = of(at);
    return value === null ? [] : [{ at, value }];
  });
  return known.sort((a, b) => b.value - a.value)[0];
}

/** All findings of a run of `failover`. */
export function failoverFindings(observed: Observed): readonly Finding[] {
  const offset = observed.truth && alignment(observed.requests, observed.truth);
  return observed.truth && offset !== undefined
    ? withTruth(observed, attemptsOf(observed.requests, observed.truth, offset))
    : fromOutside(observed);
}

function withTruth({ requests }: Observed, attempts: ReturnType<typeof attemptsOf>): readonly Finding[] {
  const seen: Seen[] = requests
    .map((request) => ({ ...request, calls: attempts.get(request.id) ?? [] }))
    .sort((a, b) => a.sent - b.sent);
  const of = (phase: string) => seen.filter((request) => request.phase === phase);
  const spread = distribution(of('before'));
  const [primary, usual] = [...spread][0] ?? ['none', 0];
  const run = Object.keys(faults)
    .filter((fault) => of(fault).length > 0)
    .sort((a, b) => of(a)[0]!.sent - of(b)[0]!.sent);
  const figures = run.map((fault) => figuresOf(fault, of(fault), of(afterPhase(fault)), primary, usual));
  const hit = figures.filter((f) => f.affected > 0);
  const early = hit.filter((f) => faults[f.fault]!.early);
  const others = [
    ...distribution(seen).keys(),
    ...new Set(seen.flatMap((request) => request.calls.map((call) => call.deployment))),
  ].filter((name) => name !== primary);

  const table = {
    head: [
      'fault',
      'requests',
      'met it',
      'answered',
      'lost',
      'broken',
      'detect',
      'switch',
      'fail back',
      'calls mean',
      'max',
      'output twice',
      'peak/steady',
    ],
    rows: figures.map((f) => [
      f.fault,
      String(f.requests),
      String(f.affected),
      String(f.answered),
      String(f.lost),
      String(f.broken),
      s(f.detect),
      ms(f.switch),
      s(f.failBack),
      f.callsMean.toFixed(2),
      String(f.callsMax),
      String(f.duplicated),
      f.steady > 0 ? (f.peak / f.steady).toFixed(1) : '-',
    ]),
  };
  const met = sum(early, (f) => f.affected);
  const rescued = sum(early, (f) => f.answered);
  const lost = sum(figures, (f) => f.lost);
  const none = met > 0 && (others.length === 0 || (rescued === 0 && hit.every((f) => f.detect === null)));
  const byFault = (of: (f: Figures) => number) =>
    figures
      .filter((f) => of(f) > 0)
      .map((f) => `${f.fault} ${of(f)}`)
      .join(', ');
  const noFailover = `there is no failover: ${lost} requests lost (${byFault((f) => f.lost)}): each call went to ${primary} and nowhere else. Give the model a second deployment, or accept the loss`;

  const findings: Finding[] = [];
  const say = (finding: Finding) => void findings.push(finding);
  const unused = figures.filter((f) => f.affected === 0);
  const notSeen =
    unused.length > 0
      ? `; ${unused.map((f) => f.fault).join(', ')} met no request: ${primary} was not in use then`
      : '';
  say({
    name: 'failover',
    unit: 'share',
    n: met,
    table,
    value: met > 0 ? rescued / met : null,
    text: none
      ? noFailover
      : `failover from ${primary} to ${others.length > 0 ? [...new Set(others)].join(', ') : 'nothing'}: ${rescued} of ${met} requests that met a fault before their first token were answered all the same${notSeen}`,
  });

  const slowest = worst(early, (f) => f.switch);
  const surplus = worst(early, (f) => f.surplus);
  say({
    name: 'time to switch',
    unit: 'ms',
    value: slowest?.value ?? null,
    n: met,
    missed: none,
    text: none
      ? noFailover
      : !slowest
        ? 'no request was answered by another deployment: nothing to say of the time to switch'
        : `time to switch: ${ms(slowest.value)} at worst (${slowest.at.fault}) beyond the other deployment's own time to first token; by fault: ${early.map((f) => `${f.fault} ${ms(f.switch)}`).join(', ')}`,
  });

  const undetected = hit.filter((f) => f.detect === null);
  const detected = worst(hit, (f) => f.detect);
  const waits =
    surplus && undetected.includes(surplus.at) ? ` and waited ${ms(surplus.value)} (median, ${surplus.at.fault})` : '';
  say({
    name: 'time to detect',
    unit: 's',
    n: sum(hit, (f) => f.affected),
    missed: none || undetected.length > 0,
    value: none || undetected.length > 0 || !detected ? null : detected.value / 1000,
    text: none
      ? noFailover
      : undetected.length > 0
        ? `not detected: ${undetected.map((f) => f.fault).join(', ')}: to the end of the phase each request tried the failing ${primary} first${waits}: no circuit breaker, or one that does not count this`
        : detected
          ? `time to detect: ${s(detected.value)} at worst (${detected.at.fault})`
          : 'no fault met a request: nothing was detected',
  });

  const left = figures.filter((f) => f.detect !== null);
  const stuck = left.filter((f) => f.failBack === null);
  const returned = worst(left, (f) => f.failBack);
  const never = stuck.length > 0 || (unused.length > 0 && hit.length > 0);
  const after = stuck[0] ?? hit[hit.length - 1];
  say({
    name: 'time to fail back',
    unit: 's',
    n: left.length,
    missed: none || never,
    value: none || never || !returned ? null : returned.value / 1000,
    text: none
      ? noFailover
      : never
        ? `never failed back: after ${after?.fault} ${primary} was well again, and was not used to the end of the recovery`
        : returned
          ? `time to fail back: ${s(returned.value)} at worst (after ${returned.at.fault})`
          : 'traffic never left the primary, so it could not fail back',
  });

  const broken = sum(figures, (f) => f.broken);
  const gone = seen.filter((request) => request.phase !== 'before' && request.outcome !== 'ok' && request.chunks === 0);
  const outcomes = new Map<string, number>();
  for (const { outcome } of gone) outcomes.set(outcome, (outcomes.get(outcome) ?? 0) + 1);
  const kinds = [...outcomes]
    .map(
      ([outcome, n]) =>
        `${n} ${outcome}${outcome === 'empty' ? ' (status 200 and nothing in it: a client cannot tell it from an answer)' : ''}`,
    )
    .join(', ');
  say({
    name: 'requests lost',
    unit: 'requests',
    value: lost,
    n: sum(figures, (f) => f.requests),
    text:
      lost > 0
        ? `${each(lost, 'request')} lost without a word of an answer (${byFault((f) => f.lost)}): ${kinds}; known to the client after ${s(medianOf(gone.map((request) => request.end)))} (median)`
        : 'no request was lost before its first token',
  });
  say({
    name: 'streams broken',
    unit: 'requests',
    value: broken,
    n: sum(figures, (f) => f.requests),
    text:
      broken > 0
        ? `${each(broken, 'stream')} broken in the middle (${byFault((f) => f.broken)})`
        : 'no stream was broken in the middle',
  });

  const twice = sum(figures, (f) => f.duplicated);
  say({
    name: 'duplicated output',
    unit: 'requests',
    value: twice,
    n: sum(figures, (f) => f.requests),
    text:
      twice > 0
        ? `${each(twice, 'answer')} held output twice (${byFault((f) => f.duplicated)}; ${sum(figures, (f) => f.duplicatedTokens)} tokens too many): a broken stream is started again from the beginning, and the client gets both`
        : 'no output came twice',
  });

  const calls = worst(figures, (f) => f.callsMean);
  const most = worst(figures, (f) => f.callsMax);
  say({
    name: 'calls upstream',
    unit: 'calls/request',
    value: calls?.value ?? null,
    n: sum(figures, (f) => f.requests),
    text:
      calls && most
        ? `calls upstream per client request: ${calls.value.toFixed(2)} in the worst phase (${calls.at.fault}), ${most.value} at most${calls.value > 2 ? ': retries multiply the load on a provider that is failing' : ''}`
        : 'no request reached a provider',
  });

  const prompt = sum(figures, (f) => f.twicePrompt);
  const output = sum(figures, (f) => f.twiceOutput);
  say({
    name: 'tokens billed twice',
    unit: 'tokens',
    value: prompt + output,
    text:
      prompt + output > 0
        ? `${prompt} prompt and ${output} output tokens billed for answers that were given up for another's`
        : 'no tokens were billed twice',
  });

  const parts = (map: Map<string, number>) => [...map].map(([name, part]) => `${name} ${share(part)}`).join(', ');
  const first = figures.find((f) => f.detect !== null);
  say({
    name: 'distribution',
    unit: 'share',
    value: usual,
    n: of('before').length,
    text: `calls went to ${parts(spread)} while all was well${first ? `, to ${parts(distribution(of(first.fault)))} in phase ${first.fault}` : ''}`,
  });

  const herd = worst(figures, (f) => (f.steady > 0 ? f.peak / f.steady : null));
  say({
    name: 'thundering herd',
    unit: 'times',
    value: herd?.value ?? null,
    text: !herd
      ? 'no load to compare a herd with'
      : herd.value > 4
        ? `thundering herd: ${herd.at.peak} calls at once in phase ${herd.at.fault}, ${herd.value.toFixed(1)} times the load offered: waiting calls leave, or probe, all at the same moment`
        : `no thundering herd: the busiest moment had ${herd.value.toFixed(1)} times the load offered (${herd.at.fault})`,
  });
  return findings;
}

/** With a real provider behind the gateway: what the client alone can tell. */
function fromOutside({ requests }: Observed): readonly Finding[] {
  const sorted = [...requests].sort((a, b) => a.sent - b.sent);
  const of = (phase: string) => sorted.filter((request) => request.phase === phase);
  const ok = (request: (typeof sorted)[number]) => request.outcome === 'ok';
  const usual = ascending(
    of('before')
      .filter(ok)
      .map((request) => request.ttft),
  );
  const normal = medianOf(usual) ?? 0;
  const slow = 2 * (quantileOf(usual, 0.95) ?? Infinity);
  const rows = Object.keys(faults)
    .filter((fault) => of(fault).length > 0)
    .map((fault) => {
      const during = of(fault);
      const bad = during.find((request) => !ok(request) || request.ttft > slow);
      const answers = bad
        ? during
            .filter((request) => request.sent >= bad.sent && ok(request))
            .map((request) => request.sent + request.ttft - bad.sent - normal)
        : [];
      return {
        fault,
        requests: during.length,
        ttft: medianOf(during.filter(ok).map((request) => request.ttft)),
        lost: during.filter((request) => !ok(request) && request.chunks === 0).length,
        broken: during.filter((request) => !ok(request) && request.chunks > 0).length,
        switch: !bad ? 0 : answers.length > 0 ? Math.max(0, Math.min(...answers)) : null,
      };
    });
  const total = (key: 'lost' | 'broken') => sumOf(rows.map((row) => row[key]));
  const early = rows.filter((row) => faults[row.fault]!.early);
  const unanswered = early.filter((row) => row.switch === null);
  const slowest = Math.max(0, ...early.map((row) => row.switch ?? 0));
  const table = {
    head: ['fault', 'requests', 'lost', 'broken', 'ttft p50', 'switch'],
    rows: rows.map((row) => [
      row.fault,
      String(row.requests),
      String(row.lost),
      String(row.broken),
      ms(row.ttft),
      ms(row.switch),
    ]),
  };
  return [
    {
      name: 'failover',
      value: null,
      unit: 'share',
      text: 'seen from outside only: which provider answered, and how often it was asked, is known with a simulated provider (PROVIDER_URL)',
      table,
    },
    {
      name: 'time to switch',
      unit: 'ms',
      value: unanswered.length > 0 || early.length === 0 ? null : slowest,
      missed: unanswered.length > 0,
      text:
        unanswered.length > 0
          ? `there is no failover: in phase ${unanswered.map((row) => row.fault).join(', ')} no request was answered after the first that failed`
          : `time to switch: ${ms(slowest)} at worst, from the first failed or slow request to the next good first token, beyond the ${ms(normal)} while all was well`,
    },
    {
      name: 'requests lost',
      value: total('lost'),
      unit: 'requests',
      text: `${each(total('lost'), 'request')} lost without a word of an answer`,
    },
    {
      name: 'streams broken',
      value: total('broken'),
      unit: 'requests',
      text: `${each(total('broken'), 'stream')} broken in the middle`,
    },
  ];
}
