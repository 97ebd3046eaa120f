import { figure, labelOf, rounded, scopeOf, unitOf, wanted, type RunRecord } from '../summary';
import type { ObjectiveResult } from '../verdict';
import type { Document } from './document';

const meanings: Record<RunRecord['verdict'], string> = {
  PASS: 'The target met every objective, and there is enough evidence for it.',
  FAIL: 'The target missed at least one objective, and there is enough evidence for it.',
  INVALID: 'This run says nothing about the target. The reasons stand below.',
};

type Head = Pick<Document, 'title' | 'script' | 'row' | 'verdict' | 'meaning' | 'reasons' | 'sent' | 'figures'>;

/** What a manager reads first. */
export function headOf(run: RunRecord): Head {
  return {
    title: `${run.script}: ${run.verdict}`,
    script: run.script,
    row: run.row,
    verdict: run.verdict,
    meaning: meanings[run.verdict],
    reasons: run.reasons.map(({ about, text }) => `${about}: ${text}`),
    sent: sentOf(run),
    figures: figuresOf(run),
  };
}

/** What was run, in sentences: not what the plan says at full scale. */
export function sentOf(run: RunRecord): string[] {
  const { counts, duration_s, phases, environment, started_at } = run;
  const ran = phases.filter(({ start_s }) => start_s >= 0);
  const top = Math.max(0, ...ran.map(({ sent_rate }) => sent_rate));
  const dropped = ran.reduce((sum, phase) => sum + phase.dropped, 0);
  const rate = top > 0 ? `, up to ${rounded(top)} requests/s` : '';
  const several = ran.length > 1 ? `, in ${ran.length} phases` : '';
  const ends = [
    `${counts.finished} ended well`,
    counts.failed > 0 && `${counts.failed} failed`,
    counts.interrupted > 0 && `${counts.interrupted} were cut off by the end of the run`,
    dropped > 0 && `${dropped} more were due and could not be sent`,
  ].filter(Boolean);
  return [
    `${counts.started} requests in ${timeText(duration_s)}${rate}${several}: ${ends.join(', ')}.`,
    `Target: ${environment.target}. Began ${started_at.slice(0, 19).replace('T', ' ')} UTC. Run ${run.run_id}.`,
  ];
}

/** Seconds as people say them: 45 s, 12 min 30 s, 2 h 5 min. */
export function timeText(seconds: number): string {
  if (seconds < 120) return `${rounded(seconds)} s`;
  const whole = Math.round(seconds);
  const [h, min, s] = [Math.floor(whole / 3600), Math.floor((whole % 3600) / 60), whole % 60];
  return [h > 0 && `${h} h`, min > 0 && `${min} min`, h === 0 && s > 0 && `${s} s`].filter(Boolean).join(' ');
}

const urgency = (o: ObjectiveResult) => ['missed', 'too close', 'too few', 'ok', 'not judged'].indexOf(o.state);

/** The three figures that matter: objectives, those that are missed first; filled up with what everybody asks for. */
function figuresOf(run: RunRecord): Document['figures'] {
  const judged = run.objectives
    .filter(({ measured }) => measured !== null)
    .map((o, i) => ({ o, i }))
    .sort((a, b) => urgency(a.o) - urgency(b.o) || a.i - b.i)
    .map(({ o }) => ({
      name: scopeOf(o) === 'all requests' ? labelOf(o) : `${labelOf(o)} (${scopeOf(o)})`,
      value: figure(o.measured!, unitOf(o, run.findings), o.interval),
      wanted: wanted(o, run.findings),
      state: o.state,
    }));
  return [...judged, ...usual(run, judged)].slice(0, 3);
}

function usual(run: RunRecord, shown: Document['figures']): Document['figures'] {
  const ended = run.counts.finished + run.counts.failed;
  if (ended === 0) return [];
  const all = (metric: 'llm_ttft' | 'llm_e2e') =>
    run.metrics[metric]?.find(({ tags }) => tags.kind === 'chat' && Object.keys(tags).length === 1);
  const made = [
    { name: 'errors', value: figure(run.counts.failed / ended, 'share') },
    ...(['llm_ttft', 'llm_e2e'] as const).flatMap((metric) => {
      const p50 = all(metric)?.p50;
      const name = metric === 'llm_ttft' ? 'median time to first token, chats' : 'median response time, chats';
      return typeof p50 === 'number' ? [{ name, value: figure(p50, 'ms') }] : [];
    }),
  ];
  return made
    .filter(({ name }) => !shown.some((each) => each.name === name))
    .map((each) => ({ ...each, wanted: '', state: '' }));
}
